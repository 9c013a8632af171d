import DockCore

/// What the ledger knows, for people. As JSON it is what `bodydock status --json` prints (`docs/ledger.md`).
public struct LedgerStatus: Sendable, Equatable, Codable {
    /// How many entries there are, and the root over them.
    public var head: LedgerHead
    /// Counts over all entries.
    public var totals: Totals
    /// The last dockings, newest first.
    public var dockings: [Docking]
    /// What is not yet in every vault.
    public var pending: Pending

    /// Counts over all entries.
    public struct Totals: Sendable, Equatable, Codable {
        /// Dockings that were started.
        public var dockings: Int64
        /// Segments that were sealed.
        public var sealed: Int64
        /// Bytes of their plaintext.
        public var sealedBytes: Int64
        /// Segments that were read again and found covered by an earlier sealing.
        public var verified: Int64
        /// Receipts from all vaults.
        public var receipts: Int64
        /// Findings.
        public var findings: Int64
        /// Erase permits.
        public var permits: Int64
    }

    /// One docking.
    public struct Docking: Sendable, Equatable, Codable {
        /// Its name.
        public var name: String
        /// The dock it was at.
        public var dock: String
        /// Who the camera is, and how that is known.
        public var camera: CameraIdentity
        /// The wearer's badge number, if known.
        public var wearer: String?
        /// The camera profile.
        public var profile: String
        /// When it was taken in.
        public var started: Instant
        /// When the docking ended; nil while it runs, and for good after a crash.
        public var ended: Instant?
        /// `emptied`, `kept`, `held`, `incomplete` or `interrupted`; nil as long as it runs. Without ``ended`` it is a pause, and
        /// the docking goes on by itself.
        public var outcome: String?
        /// Why it was held or is incomplete.
        public var reasons: [String]
        /// Files that were to be taken in.
        public var segments: Int
        /// Their bytes.
        public var bytes: Int64
        /// Files that were sealed in it.
        public var sealed: Int64
        /// Bytes of their plaintext.
        public var sealedBytes: Int64
        /// Files that were read again and found covered by an earlier sealing.
        public var verified: Int64
        /// Receipts that came in under it, by vault.
        public var receipts: [String: Int64]
        /// How many findings there are.
        public var findings: Int64
        /// The first of them, at most ``LedgerStatus/namedFindings``.
        public var firstFindings: [Finding]
        /// Files that the erase permit covers; nil without one.
        public var permitted: Int?
        /// Files that were erased; nil if no erase ended.
        public var erased: Int?
        /// Files that the eraser left (at most 100 are named).
        public var left: [LeftFile]
    }

    /// What is not yet in every vault.
    public struct Pending: Sendable, Equatable, Codable {
        /// How many sealings.
        public var count: Int64
        /// Bytes of their plaintext.
        public var bytes: Int64
        /// The oldest of them.
        public var oldest: [Sealing]
    }

    /// A sealing that is not yet in every vault.
    public struct Sealing: Sendable, Equatable, Codable {
        /// Its name (``SealedSegment/id``).
        public var id: String
        /// The docking that sealed it.
        public var docking: String
        /// The camera's serial number.
        public var camera: String
        /// Where it lay on the camera.
        public var path: CameraPath
        /// Bytes of the plaintext.
        public var bytes: Int64
        /// The name under which vaults keep it.
        public var object: ObjectName
        /// Vaults that hold it.
        public var held: [String]
        /// Vaults that should and do not yet.
        public var missing: [String]
    }

    /// How many findings of a docking are named.
    public static let namedFindings = 20
}
