/// One docking, as it is handed over: who returned what, what is on record, what is safe, and what is not yet.
public struct Handover: Sendable, Equatable, Codable {
    /// A recording of it.
    public struct Recording: Sendable, Equatable, Codable {
        /// Its name on the camera.
        public var name: String
        /// When its footage begins, by the camera's clock.
        public var start: Instant?
        /// Seconds of footage.
        public var seconds: Double?
        /// The spoken warning.
        public var warning: DockCore.Recording.SpokenWarning
        /// The pre-record part.
        public var preRecord: PreRecord
        /// Files that the camera lists for it, or that were taken in.
        public var files: Int
        /// Files of it that every required vault holds.
        public var safe: Int
        /// Bytes that were taken in.
        public var bytes: Int64
        /// How its files were verified, each way once.
        public var verified: [Verification]
        /// Findings that name it.
        public var findings: Int
    }

    /// What is known of the footage from before the button was pressed.
    public struct PreRecord: Sendable, Equatable, Codable {
        /// What is known of it.
        public enum State: String, Sendable, Codable, CaseIterable {
            /// As long as promised.
            case present
            /// Shorter than promised.
            case short
            /// Promised, and not there at all.
            case missing
            /// The camera promises none, or does not say.
            case unknown
        }

        /// What is known of it.
        public var state: State
        /// Seconds that were promised.
        public var promised: Double?
        /// Seconds that are missing.
        public var missing: Double?
    }

    /// What is safe, and what is not yet. Records that the dock made itself do not count.
    public struct Safety: Sendable, Equatable, Codable {
        /// Files to be taken in.
        public var files = 0
        /// Their bytes.
        public var bytes: Int64 = 0
        /// Files that every required vault holds.
        public var safe = 0
        /// Their bytes.
        public var safeBytes: Int64 = 0
        /// How many files each vault holds.
        public var held: [String: Int] = [:]

        /// Whether every file is safe.
        public var isComplete: Bool { safe >= files }
    }

    /// What it means that nothing was recorded.
    public enum Attestation: String, Sendable, Codable, CaseIterable {
        /// The camera's signed manifest lists nothing, and nothing lay on it.
        case signedManifest
        /// The camera's manifest lists nothing, and nothing lay on it. Nobody signed that.
        case manifest
        /// Nothing lay on it; it keeps no list that would show whether something was recorded and removed.
        case nothingFound
    }

    /// Name of the docking.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// Number on the camera.
    public var number: String?
    /// Its team.
    public var team: String?
    /// Who wore it: badge.
    public var wearer: String?
    /// Name of the bay.
    public var bay: String?
    /// When it came back.
    public var began: Instant
    /// When the docking ended; nil while it is open.
    public var ended: Instant?
    /// How it ended, or how far it came.
    public var outcome: DockingOutcome?
    /// Its recordings, in the camera's order; at most ``RecordingsListed/named``.
    public var recordings: [Recording]
    /// How many recordings there are.
    public var recordingCount: Int
    /// What is safe.
    public var safety: Safety
    /// Set if nothing was recorded.
    public var nothingRecorded: Attestation?
    /// What is not as it should be; at most ``namedFindings``.
    public var findings: [Finding]
    /// How many findings there are.
    public var findingCount: Int
    /// Charge in percent as it came.
    public var battery: Int?
    /// Seconds that the camera's clock was ahead of the dock's.
    public var clockOffset: Double?
    /// How its medium was emptied; nil if it was not.
    public var emptied: EraseMethod?
    /// Level that was reached by that (NIST SP 800-88).
    public var level: SanitizationLevel?
    /// When it could be taken again.
    public var released: Instant?
    /// ``reasons`` in values, as far as they are known.
    public var causes: [Cause]?

    /// Findings that are named at most.
    public static let namedFindings = 50

    /// Whether a person must look.
    public var isHeld: Bool { if case .held = outcome { true } else { false } }
    /// Why it is not done.
    public var reasons: [String] { outcome?.reasons ?? [] }
    /// How it ended, in a word.
    public var outcomeWord: String {
        switch outcome {
        case .emptied: "emptied"
        case .kept: "kept"
        case .cooling: "cooling"
        case .held: "held"
        case .incomplete: "incomplete"
        case .interrupted: "interrupted"
        case nil: "running"
        }
    }
}
