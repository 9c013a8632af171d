// What the ledger says of segments: sealed, verified, confirmed by a vault.

/// A segment was read, sealed, and lies durably in the spool.
public struct SegmentSealed: Sendable, Equatable, Codable {
    /// Name of the docking.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// The recording that the file belongs to.
    public var recording: String
    /// Where the file lies on the camera.
    public var path: CameraPath
    /// Why it was taken in.
    public var role: PlannedSegment.Role
    /// How its content was established.
    public var verification: Verification
    /// The file's time of change, nanoseconds since 1970.
    public var modified: Int64
    /// When its recording began, by the camera's clock, as the camera gives it; nil if it gives nothing.
    public var recorded: Instant?
    /// True if its wearer marked the recording; nil if not.
    public var flagged: Bool?
    /// Name of the team that its camera belonged to, if it was in one.
    public var team: String?
    /// What the file says of itself; nil if it was not looked at.
    public var media: MediaFacts?
    /// What was made of it.
    public var sealed: SealedSegment

    /// Takes all values.
    public init(
        docking: String, camera: String, recording: String, path: CameraPath, role: PlannedSegment.Role,
        verification: Verification, modified: Int64, recorded: Instant? = nil, isFlagged: Bool = false,
        team: String? = nil, media: MediaFacts? = nil, sealed: SealedSegment
    ) {
        self.docking = docking
        self.camera = camera
        self.recording = recording
        self.path = path
        self.role = role
        self.verification = verification
        self.modified = modified
        self.recorded = recorded
        flagged = isFlagged ? true : nil
        self.team = team
        self.media = media
        self.sealed = sealed
    }
}

/// A segment was read again, or is known to be unchanged, and an earlier sealing covers exactly these bytes.
public struct SegmentVerified: Sendable, Equatable, Codable {
    /// Name of the docking.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// The recording that the file belongs to.
    public var recording: String
    /// Where the file lies on the camera.
    public var path: CameraPath
    /// How its content was established.
    public var verification: Verification
    /// SHA-256 of the bytes that were read.
    public var sha256: SHA256Digest
    /// The earlier sealing (``SealedSegment/id``).
    public var sealing: String
    /// The docking that read it, if it was not this one: the camera still promises the same bytes in an unchanged file.
    public var readIn: String?

    /// Takes all values.
    public init(
        docking: String, camera: String, recording: String, path: CameraPath, verification: Verification,
        sha256: SHA256Digest, sealing: String, readIn: String? = nil
    ) {
        self.docking = docking
        self.camera = camera
        self.recording = recording
        self.path = path
        self.verification = verification
        self.sha256 = sha256
        self.sealing = sealing
        self.readIn = readIn
    }
}

/// A vault holds a sealed segment.
public struct SegmentReceipt: Sendable, Equatable, Codable {
    /// Name of the docking.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// What the vault says.
    public var receipt: Receipt

    /// Takes all values.
    public init(docking: String, camera: String, receipt: Receipt) {
        self.docking = docking
        self.camera = camera
        self.receipt = receipt
    }
}
