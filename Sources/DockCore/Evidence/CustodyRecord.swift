/// What happened to everything that one docking took in, from the camera to the vaults (docs/custody.md): made of the ledger's entries
/// alone, so the same entries give the same record.
public struct CustodyRecord: Sendable, Equatable, Codable {
    /// Names this form.
    public static let schema = "bodydock-custody-1"

    /// What the camera promised.
    public struct Promises: Sendable, Equatable, Codable {
        /// The format that the promises came in.
        public var kind: Manifest.Kind
        /// SHA-256 of the manifest.
        public var sha256: SHA256Digest?
        /// What is known about its signature.
        public var signature: Manifest.Signature
    }

    /// The camera's clock at this docking.
    public struct Clock: Sendable, Equatable, Codable {
        /// What it showed.
        public var cameraClock: Instant
        /// What the dock's showed.
        public var dockClock: Instant
        /// Camera's minus dock's, in seconds.
        public var offsetSeconds: Double
        /// How well that is known.
        public var bounds: ClockBounds
    }

    /// How a file lies in the vaults.
    public struct Sealing: Sendable, Equatable, Codable {
        /// Names the sealing: the first 16 bytes of the SHA-256 over its age header.
        public var id: String
        /// Size of the sealed file in bytes.
        public var bytes: Int64
        /// SHA-256 of the sealed file; nil if it was never taken (sealed by an early version).
        public var sha256: SHA256Digest?
        /// Its name in the vaults.
        public var object: ObjectName
        /// The docking that sealed it, if it was another one.
        public var sealedIn: String?
    }

    /// One file.
    public struct File: Sendable, Equatable, Codable {
        /// Where it lay on the camera.
        public var path: CameraPath
        /// Why it was taken in.
        public var role: PlannedSegment.Role
        /// Size in bytes.
        public var bytes: Int64
        /// SHA-256 of its content.
        public var sha256: SHA256Digest
        /// How its content was established.
        public var verification: Verification
        /// The docking that read it, if it was another one.
        public var readIn: String?
        /// Its time of change on the camera, nanoseconds since 1970.
        public var modified: Int64
        /// When this was written to the ledger.
        public var recorded: Instant
        /// What it says of itself; nil if it was not looked at.
        public var media: MediaFacts?
        /// How it lies in the vaults.
        public var sealed: Sealing
        /// The vaults' receipts, the latest of each.
        public var receipts: [Receipt]
    }

    /// The files of a recording, and of whatever else files are grouped under.
    public struct RecordingFiles: Sendable, Equatable, Codable {
        /// The recording's name on the camera.
        public var recording: String
        /// Whether its wearer marked it; nil if not, or if that is not known.
        public var flagged: Bool?
        /// What the coverage statement says of it; nil if there is none.
        public var coverage: RecordingCoverage?
        /// Its files, in the order in which they were taken in.
        public var files: [File]
    }

    /// What was signed while the camera held the original.
    public struct Coverage: Sendable, Equatable, Codable {
        /// When it was stated.
        public var stated: Instant
        /// Whether everything was there.
        public var isComplete: Bool
        /// SHA-256 of the statement, which lies beside this record.
        public var sha256: SHA256Digest
    }

    /// How the camera was emptied.
    public struct Erasure: Sendable, Equatable, Codable {
        /// When the permit was written down.
        public var permitted: Instant
        /// Files that it covers.
        public var files: Int
        /// Their size in bytes.
        public var bytes: Int64
        /// The vaults that held every one of them.
        public var vaults: [String]
        /// When the erase ended; nil if that is not known.
        public var ended: Instant?
        /// Files that were removed.
        public var erased: Int?
        /// Files that were left.
        public var left: [LeftFile]?
        /// What was done to the medium as a whole.
        public var certificate: ErasureCertificate?
    }

    /// Names this form.
    public var schema = CustodyRecord.schema
    /// 1, then one more for each record that replaces an earlier one of this docking.
    public var edition: Int
    /// Name of the docking.
    public var docking: String
    /// Name of the dock.
    public var dock: String
    /// Version of the program.
    public var agent: String
    /// Who the camera is, and how that is known.
    public var camera: CameraIdentity
    /// Name of the camera's profile.
    public var profile: String
    /// Badge number, if known.
    public var wearer: String?
    /// Name of the team that the camera belonged to, if it was in one.
    public var team: String?
    /// Name of the bay, where there are bays.
    public var bay: String?
    /// When the docking began, by the dock's clock.
    public var began: Instant
    /// When it went on after a pause.
    public var resumed: [Instant]
    /// When it ended or paused last.
    public var ended: Instant?
    /// How it ended.
    public var outcome: DockingOutcome?
    /// What the camera promised.
    public var manifest: Promises
    /// The camera's clock; nil if it was not measured.
    public var clock: Clock?
    /// Everything that was taken in.
    public var recordings: [RecordingFiles]
    /// What was not as it should be.
    public var findings: [Finding]
    /// What was signed while the camera held the original.
    public var coverage: Coverage?
    /// How the camera was emptied; nil if nothing was permitted.
    public var erasure: Erasure?
    /// SHA-256 of the list of hashes that lies beside this record.
    public var sums: SHA256Digest?
    /// The number of the last ledger entry that this tells of.
    public var through: Int64
}
