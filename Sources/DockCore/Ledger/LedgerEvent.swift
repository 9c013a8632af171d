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
    /// The docking paused, and goes on by itself.
    case dockingPaused(DockingPaused)
    /// A docking that had paused goes on.
    case dockingResumed(DockingResumed)
    /// A device in a bay was not let in.
    case deviceRefused(DeviceRefused)
    /// How far a camera's clock was off.
    case clockMeasured(ClockMeasured)
    /// A volume is about to get a new file system. Written before its first block is touched.
    case formatBegan(FormatBegan)
    /// What was done to empty a camera.
    case certificate(ErasureCertificate)
    /// Files were written to a camera.
    case provisioned(CameraProvisioned)
    /// A camera may be taken.
    case released(CameraReleased)
    /// Objects of a vault were asked for at night.
    case nightChecked(NightChecked)
    /// A nightly run ended.
    case nightEnded(NightReport)
    /// What a camera said of its recordings when its docking began.
    case recordings(RecordingsListed)
    /// A camera was taken out of its bay after its docking was over.
    case taken(CameraTaken)
    /// The report of a shift was made.
    case shiftReported(ShiftReported)
    /// An alarm was raised, taken note of, or is over.
    case alarm(AlarmChange)
    /// A recording must be kept.
    case holdAdded(HoldDecision)
    /// A hold ended.
    case holdRemoved(HoldDecision)
    /// A vault was told of a hold.
    case holdPlaced(HoldPlaced)
    /// An object may be destroyed. Written before it is touched.
    case destructionPermitted(DestructionPermitted)
    /// An object is not in its vault any more.
    case objectDestroyed(ObjectDestroyed)
    /// What was destroyed was put on record.
    case destructionRecorded(DestructionRecorded)
    /// A checkpoint of the ledger was signed, and lies durably in the spool.
    case checkpointSigned(CheckpointSigned)
    /// An authority stamped a checkpoint.
    case checkpointStamped(CheckpointStamped)
    /// A signing key came into force.
    case keyAdopted(KeyAdopted)
    /// A signing key must not be believed any more.
    case keyRevoked(KeyRevoked)
    /// Footage is sealed for others from now on.
    case recipientsChanged(RecipientsChanged)
    /// What a docking took in was stated and signed.
    case coverage(CoverageSigned)
    /// The custody record of a docking was made.
    case custody(CustodyRecorded)
    /// Footage was handed out.
    case disclosed(EvidenceDisclosed)

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
        /// ``LedgerEvent/dockingPaused(_:)``
        case dockingPaused = "docking.paused"
        /// ``LedgerEvent/dockingResumed(_:)``
        case dockingResumed = "docking.resumed"
        /// ``LedgerEvent/deviceRefused(_:)``
        case deviceRefused = "device.refused"
        /// ``LedgerEvent/clockMeasured(_:)``
        case clockMeasured = "clock.measured"
        /// ``LedgerEvent/formatBegan(_:)``
        case formatBegan = "format.began"
        /// ``LedgerEvent/certificate(_:)``
        case certificate = "erase.certified"
        /// ``LedgerEvent/provisioned(_:)``
        case provisioned = "camera.provisioned"
        /// ``LedgerEvent/released(_:)``
        case released = "camera.released"
        /// ``LedgerEvent/nightChecked(_:)``
        case nightChecked = "night.checked"
        /// ``LedgerEvent/nightEnded(_:)``
        case nightEnded = "night.ended"
        /// ``LedgerEvent/recordings(_:)``
        case recordings = "recordings.listed"
        /// ``LedgerEvent/taken(_:)``
        case taken = "camera.taken"
        /// ``LedgerEvent/shiftReported(_:)``
        case shiftReported = "shift.reported"
        /// ``LedgerEvent/alarm(_:)``
        case alarm = "alarm.changed"
        /// ``LedgerEvent/holdAdded(_:)``
        case holdAdded = "hold.added"
        /// ``LedgerEvent/holdRemoved(_:)``
        case holdRemoved = "hold.removed"
        /// ``LedgerEvent/holdPlaced(_:)``
        case holdPlaced = "hold.placed"
        /// ``LedgerEvent/destructionPermitted(_:)``
        case destructionPermitted = "destruction.permitted"
        /// ``LedgerEvent/objectDestroyed(_:)``
        case objectDestroyed = "object.destroyed"
        /// ``LedgerEvent/destructionRecorded(_:)``
        case destructionRecorded = "destruction.recorded"
        /// ``LedgerEvent/checkpointSigned(_:)``
        case checkpointSigned = "checkpoint.signed"
        /// ``LedgerEvent/checkpointStamped(_:)``
        case checkpointStamped = "checkpoint.stamped"
        /// ``LedgerEvent/keyAdopted(_:)``
        case keyAdopted = "key.adopted"
        /// ``LedgerEvent/keyRevoked(_:)``
        case keyRevoked = "key.revoked"
        /// ``LedgerEvent/recipientsChanged(_:)``
        case recipientsChanged = "recipients.changed"
        /// ``LedgerEvent/coverage(_:)``
        case coverage = "coverage.signed"
        /// ``LedgerEvent/custody(_:)``
        case custody = "custody.recorded"
        /// ``LedgerEvent/disclosed(_:)``
        case disclosed = "evidence.disclosed"
    }
}

/// A camera was taken in.
public struct DockingStarted: Sendable, Equatable, Codable {
    /// Name of the docking.
    public var docking: String
    /// Name of the dock.
    public var dock: String
    /// Version of the program.
    public var agent: String
    /// Who the camera is, and how that is known.
    public var camera: CameraIdentity
    /// Name of the camera profile.
    public var profile: String
    /// Where the volume was mounted.
    public var source: String
    /// Badge number, if known.
    public var wearer: String?
    /// Name of the team that the camera belongs to, if it is in one.
    public var team: String?
    /// The format that the camera's promises came in.
    public var manifest: Manifest.Kind
    /// SHA-256 of the manifest.
    public var manifestDigest: SHA256Digest?
    /// What is known about its signature.
    public var signature: Manifest.Signature
    /// The camera's clock as it wrote the manifest.
    public var cameraClock: Instant?
    /// Charge in percent.
    public var battery: Int?
    /// Files that are to be taken in.
    public var segments: Int
    /// Their sizes together, in bytes.
    public var bytes: Int64
    /// How the camera is plugged in; nil where it is a folder, or was mounted by somebody else.
    public var visit: Visit?

    /// Takes all values.
    public init(
        docking: String, dock: String, agent: String, camera: CameraIdentity, profile: String, source: String,
        wearer: String?, team: String? = nil,
        manifest: Manifest.Kind, manifestDigest: SHA256Digest?, signature: Manifest.Signature, cameraClock: Instant?,
        battery: Int?, segments: Int, bytes: Int64, visit: Visit? = nil
    ) {
        self.docking = docking
        self.dock = dock
        self.agent = agent
        self.camera = camera
        self.profile = profile
        self.source = source
        self.wearer = wearer
        self.team = team
        self.manifest = manifest
        self.manifestDigest = manifestDigest
        self.signature = signature
        self.cameraClock = cameraClock
        self.battery = battery
        self.segments = segments
        self.bytes = bytes
        self.visit = visit
    }
}

/// Something is not as it should be.
public struct FindingNoted: Sendable, Equatable, Codable {
    /// Name of the docking.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// What was found.
    public var finding: Finding

    /// Takes all values.
    public init(docking: String, camera: String, finding: Finding) {
        self.docking = docking
        self.camera = camera
        self.finding = finding
    }
}

/// Everything that was sealed or verified in this docking may be erased.
public struct ErasePermitted: Sendable, Equatable, Codable {
    /// Name of the docking.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// How many files.
    public var files: Int
    /// Their sizes together, in bytes.
    public var bytes: Int64
    /// The vaults that hold every one of them.
    public var vaults: [String]

    /// Takes all values.
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
    /// Name of the docking.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// How many files were removed.
    public var erased: Int
    /// Files that were left; at most 100 are named.
    public var left: [LeftFile]

    /// Takes all values.
    public init(docking: String, camera: String, erased: Int, left: [LeftFile]) {
        self.docking = docking
        self.camera = camera
        self.erased = erased
        self.left = left
    }
}

/// A file that the eraser left where it was.
public struct LeftFile: Sendable, Hashable, Codable {
    /// Where the file lies on the camera.
    public var path: CameraPath
    /// Why it was left.
    public var reason: String

    /// Takes all values.
    public init(path: CameraPath, reason: String) {
        self.path = path
        self.reason = reason
    }
}

/// The docking ended.
public struct DockingEnded: Sendable, Equatable, Codable {
    /// Name of the docking.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// How it ended.
    public var outcome: DockingOutcome
    /// Why it is not done, in values; nil if it is, or where older versions wrote it.
    public var causes: [Cause]?

    /// Takes all values.
    public init(docking: String, camera: String, outcome: DockingOutcome, causes: [Cause] = []) {
        self.docking = docking
        self.camera = camera
        self.outcome = outcome
        self.causes = causes.isEmpty ? nil : causes
    }
}

/// How a docking ended.
public enum DockingOutcome: Sendable, Equatable, Codable {
    /// Everything is safe and the camera was emptied.
    case emptied
    /// Everything is safe; the footage stays on the camera as asked.
    case kept
    /// Everything is safe, and the receipts must grow older before the camera may be emptied: until this moment by the dock's
    /// clock.
    case cooling(until: Instant)
    /// The camera keeps its footage and a person must look.
    case held(reasons: [String])
    /// What was read is sealed, but not every vault has it yet: safe to run again.
    case incomplete(reasons: [String])
    /// It broke off before it was decided: the camera was pulled, or the agent stopped. Safe to run again.
    case interrupted(reasons: [String])
}
