/// An object in a vault may be destroyed. Written before it is touched.
public struct DestructionPermitted: Sendable, Equatable, Codable {
    /// Name of the docking that took it in.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// Name of the recording.
    public var recording: String
    /// Where the file lay on the camera.
    public var path: CameraPath
    /// Name of the vault.
    public var vault: String
    /// The object's name there.
    public var key: String
    /// Its version, where the vault has versions.
    public var version: String?
    /// What it holds (``SealedSegment/id``).
    public var sealing: String
    /// SHA-256 of the footage.
    public var sha256: SHA256Digest
    /// Size of the footage in bytes.
    public var bytes: Int64
    /// The team whose footage it is.
    public var team: String
    /// The law that it was kept under.
    public var regime: TeamSettings.Regime
    /// From when it was kept: its recording, or its reading where nobody knows.
    public var begin: Instant
    /// Until when.
    public var deadline: Instant
}

/// An object is not in its vault any more: it was destroyed, or an earlier run that was cut off had destroyed it.
public struct ObjectDestroyed: Sendable, Equatable, Codable {
    /// Name of the docking that took it in.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// The entry that permitted it.
    public var permit: Int64
    /// Name of the vault.
    public var vault: String
    /// The object's name there.
    public var key: String
    /// Its version, where the vault has versions.
    public var version: String?
    /// What it held (``SealedSegment/id``).
    public var sealing: String
    /// True if it was found gone, after a run that was cut off between permit and end; nil otherwise.
    public var foundGone: Bool?

    /// The end of what was permitted in entry `permit`.
    public init(_ permitted: DestructionPermitted, permit: Int64, foundGone: Bool = false) {
        docking = permitted.docking
        camera = permitted.camera
        self.permit = permit
        vault = permitted.vault
        key = permitted.key
        version = permitted.version
        sealing = permitted.sealing
        self.foundGone = foundGone ? true : nil
    }
}

/// A signed record of what was destroyed was written.
public struct DestructionRecorded: Sendable, Equatable, Codable {
    /// Name of its file.
    public var file: String
    /// SHA-256 of the file.
    public var sha256: SHA256Digest
    /// How many objects it tells of.
    public var objects: Int
    /// The last entry that it tells of.
    public var through: Int64

    /// Takes all values.
    public init(file: String, sha256: SHA256Digest, objects: Int, through: Int64) {
        self.file = file
        self.sha256 = sha256
        self.objects = objects
        self.through = through
    }
}
