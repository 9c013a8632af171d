/// Something that happened and is written to the ledger. State is rebuilt from these alone. The JSON form is an object
/// with `kind` (the raw value of ``LedgerEvent/Kind``) beside the fields of the case's value.
public enum LedgerEvent: Sendable, Equatable {
    /// A camera was taken in.
    case dockingStarted(DockingStarted)
    /// Something is not as it should be.
    case finding(FindingNoted)
    /// A segment was read, sealed, and lies durably in the spool.
    case sealed(SegmentSealed)
    /// A segment was read again, and an earlier sealing covers exactly these bytes.
    case verified(SegmentVerified)
    /// A vault holds a sealed segment.
    case receipt(SegmentReceipt)
    /// Everything that the permit lists may be erased. Written before the first file is removed.
    case erasePermitted(ErasePermitted)
    /// The erase ended.
    case erased(ErasureEnded)
    /// The docking ended.
    case dockingEnded(DockingEnded)

    /// The kinds, as written.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// ``LedgerEvent/dockingStarted(_:)``
        case dockingStarted = "docking.started"
        /// ``LedgerEvent/finding(_:)``
        case finding = "finding"
        /// ``LedgerEvent/sealed(_:)``
        case sealed = "segment.sealed"
        /// ``LedgerEvent/verified(_:)``
        case verified = "segment.verified"
        /// ``LedgerEvent/receipt(_:)``
        case receipt = "receipt"
        /// ``LedgerEvent/erasePermitted(_:)``
        case erasePermitted = "erase.permitted"
        /// ``LedgerEvent/erased(_:)``
        case erased = "erase.ended"
        /// ``LedgerEvent/dockingEnded(_:)``
        case dockingEnded = "docking.ended"
    }
}

/// A camera was taken in.
public struct DockingStarted: Sendable, Equatable, Codable {
    public var docking: String
    public var dock: String
    public var agent: String
    public var camera: CameraIdentity
    public var profile: String
    public var source: String
    public var wearer: String?
    public var manifest: Manifest.Kind
    public var manifestDigest: SHA256Digest?
    public var signature: Manifest.Signature
    public var cameraClock: Instant?
    public var battery: Int?
    public var segments: Int
    public var bytes: Int64

    /// - Parameters:
    ///   - docking: name of the docking.
    ///   - dock: name of the dock.
    ///   - agent: version of the program.
    ///   - camera: who the camera is and how that is known.
    ///   - profile: name of the camera profile.
    ///   - source: where the volume was mounted.
    ///   - wearer: badge number, if known.
    ///   - manifest: the format that the camera's promises came in.
    ///   - manifestDigest: SHA-256 of the manifest.
    ///   - signature: what is known about its signature.
    ///   - cameraClock: the camera's clock as it wrote the manifest.
    ///   - battery: percent.
    ///   - segments: files that are to be taken in.
    ///   - bytes: their sizes together.
    public init(
        docking: String, dock: String, agent: String, camera: CameraIdentity, profile: String, source: String, wearer: String?,
        manifest: Manifest.Kind, manifestDigest: SHA256Digest?, signature: Manifest.Signature, cameraClock: Instant?,
        battery: Int?, segments: Int, bytes: Int64
    ) {
        self.docking = docking
        self.dock = dock
        self.agent = agent
        self.camera = camera
        self.profile = profile
        self.source = source
        self.wearer = wearer
        self.manifest = manifest
        self.manifestDigest = manifestDigest
        self.signature = signature
        self.cameraClock = cameraClock
        self.battery = battery
        self.segments = segments
        self.bytes = bytes
    }
}

/// Something is not as it should be.
public struct FindingNoted: Sendable, Equatable, Codable {
    public var docking: String
    public var camera: String
    public var finding: Finding

    /// The finding, and the docking and camera's serial number that it belongs to.
    public init(docking: String, camera: String, finding: Finding) {
        self.docking = docking
        self.camera = camera
        self.finding = finding
    }
}

/// A segment was read, sealed, and lies durably in the spool.
public struct SegmentSealed: Sendable, Equatable, Codable {
    public var docking: String
    public var camera: String
    public var recording: String
    public var path: CameraPath
    public var role: PlannedSegment.Role
    public var verification: Verification
    public var modified: Int64
    public var sealed: SealedSegment

    /// - Parameters:
    ///   - docking: name of the docking.
    ///   - camera: serial number.
    ///   - recording: its recording.
    ///   - path: where it lay on the camera.
    ///   - role: why it was taken in.
    ///   - verification: how its content was established.
    ///   - modified: the file's time of change, nanoseconds since 1970.
    ///   - sealed: what was made of it.
    public init(
        docking: String, camera: String, recording: String, path: CameraPath, role: PlannedSegment.Role,
        verification: Verification, modified: Int64, sealed: SealedSegment
    ) {
        self.docking = docking
        self.camera = camera
        self.recording = recording
        self.path = path
        self.role = role
        self.verification = verification
        self.modified = modified
        self.sealed = sealed
    }
}

/// A segment was read again, and an earlier sealing covers exactly these bytes.
public struct SegmentVerified: Sendable, Equatable, Codable {
    public var docking: String
    public var camera: String
    public var recording: String
    public var path: CameraPath
    public var verification: Verification
    public var sha256: SHA256Digest
    public var sealing: String

    /// - Parameters:
    ///   - docking: name of the docking.
    ///   - camera: serial number.
    ///   - recording: its recording.
    ///   - path: where it lies on the camera.
    ///   - verification: how its content was established this time.
    ///   - sha256: of the bytes read this time.
    ///   - sealing: the earlier sealing (``SealedSegment/id``).
    public init(
        docking: String, camera: String, recording: String, path: CameraPath, verification: Verification, sha256: SHA256Digest,
        sealing: String
    ) {
        self.docking = docking
        self.camera = camera
        self.recording = recording
        self.path = path
        self.verification = verification
        self.sha256 = sha256
        self.sealing = sealing
    }
}

/// A vault holds a sealed segment.
public struct SegmentReceipt: Sendable, Equatable, Codable {
    public var docking: String
    public var camera: String
    public var receipt: Receipt

    /// The receipt, and the docking and camera's serial number under which it came.
    public init(docking: String, camera: String, receipt: Receipt) {
        self.docking = docking
        self.camera = camera
        self.receipt = receipt
    }
}

/// Everything that was sealed or verified in this docking may be erased.
public struct ErasePermitted: Sendable, Equatable, Codable {
    public var docking: String
    public var camera: String
    public var files: Int
    public var bytes: Int64
    public var vaults: [String]

    /// The docking, the camera's serial number, how many files with how many bytes, and which vaults hold every one of them.
    public init(docking: String, camera: String, files: Int, bytes: Int64, vaults: [String]) {
        self.docking = docking
        self.camera = camera
        self.files = files
        self.bytes = bytes
        self.vaults = vaults
    }
}

/// The erase ended.
public struct ErasureEnded: Sendable, Equatable, Codable {
    public var docking: String
    public var camera: String
    public var erased: Int
    public var left: [LeftFile]

    /// The docking, the camera's serial number, how many files were removed, and those that were left (at most 100 are named).
    public init(docking: String, camera: String, erased: Int, left: [LeftFile]) {
        self.docking = docking
        self.camera = camera
        self.erased = erased
        self.left = left
    }
}

/// A file that the eraser left where it was.
public struct LeftFile: Sendable, Hashable, Codable {
    public var path: CameraPath
    public var reason: String

    /// Which file, and why it was left.
    public init(path: CameraPath, reason: String) {
        self.path = path
        self.reason = reason
    }
}

/// The docking ended.
public struct DockingEnded: Sendable, Equatable, Codable {
    public var docking: String
    public var camera: String
    public var outcome: DockingOutcome

    /// The docking, the camera's serial number, and how it ended.
    public init(docking: String, camera: String, outcome: DockingOutcome) {
        self.docking = docking
        self.camera = camera
        self.outcome = outcome
    }
}

/// How a docking ended.
public enum DockingOutcome: Sendable, Equatable, Codable {
    /// Everything is safe and the camera was emptied.
    case emptied
    /// Everything is safe; the footage stays on the camera as asked.
    case kept
    /// The camera keeps its footage and a person must look.
    case held(reasons: [String])
    /// What was read is sealed, but not every vault has it yet: safe to run again.
    case incomplete(reasons: [String])
}
