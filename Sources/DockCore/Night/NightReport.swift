/// How a nightly run went: written to the ledger, and to a file of its own.
public struct NightReport: Sendable, Equatable, Codable {
    /// The date on which it began, by the clock on the wall.
    public var night: String
    /// Version of the program.
    public var agent: String
    /// When it began.
    public var began: Instant
    /// When it ended.
    public var ended: Instant
    /// What was done, in order.
    public var steps: [NightStep]
    /// Objects that are not what the ledger says; at most ``namedFaults`` are named.
    public var faults: [NightFault]
    /// Number of entries of the ledger that were verified; nil if they could not be read.
    public var entries: Int64?
    /// Merkle root over them: kept elsewhere, it proves later that none of them was changed.
    public var root: SHA256Digest?

    /// Faults that are named at most.
    public static let namedFaults = 100

    /// Takes all values.
    public init(
        night: String, agent: String, began: Instant, ended: Instant, steps: [NightStep], faults: [NightFault],
        entries: Int64? = nil, root: SHA256Digest? = nil
    ) {
        self.night = night
        self.agent = agent
        self.began = began
        self.ended = ended
        self.steps = steps
        self.faults = Array(faults.prefix(NightReport.namedFaults))
        self.entries = entries
        self.root = root
    }

    /// Whether no step failed.
    public var isGood: Bool { !steps.contains { $0.outcome == .failed } }

    /// A line for the morning.
    public var summary: String {
        let failed = steps.filter { $0.outcome == .failed }.map(\.kind.rawValue)
        let seconds = Int(ended.seconds(since: began).rounded(.up))
        return "night \(night), begun \(began), \(seconds) s: "
            + (failed.isEmpty ? "good" : "FAILED: \(failed.joined(separator: ", "))")
    }
}

/// A step of a nightly run, and what came of it.
public struct NightStep: Sendable, Equatable, Codable {
    /// The steps.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// What waits is tried again: the bays and the spool.
        case spool
        /// Objects are asked for.
        case check
        /// Vaults are told of holds, and what was kept for long enough is destroyed.
        case retention
        /// Uploads that nobody finishes are given up.
        case stale
        /// The ledger is verified.
        case ledger
        /// A checkpoint of the ledger is signed, and delivered.
        case checkpoint
        /// An authority stamps that checkpoint; only if there is one.
        case timestamp
    }

    /// What came of a step.
    public enum Outcome: String, Sendable, Codable {
        /// It was done.
        case done
        /// There was nothing to do.
        case nothing
        /// A person must look.
        case failed
    }

    /// Which.
    public var kind: Kind
    /// What came of it.
    public var outcome: Outcome
    /// How many: receipts, objects, destroyed objects, uploads, entries.
    public var count: Int
    /// What was done, or why it failed, for a person.
    public var note: String
    /// How long it took.
    public var seconds: Double

    /// Takes all values.
    public init(_ kind: Kind, _ outcome: Outcome, count: Int = 0, _ note: String, seconds: Double = 0) {
        self.kind = kind
        self.outcome = outcome
        self.count = count
        self.note = note
        self.seconds = seconds
    }
}

/// An object that is not what the ledger says of it.
public struct NightFault: Sendable, Hashable, Codable {
    /// Name of the vault.
    public var vault: String
    /// The object's name there.
    public var key: String
    /// The sealing that it should be (``SealedSegment/id``).
    public var sealing: String
    /// What kind of fault: `notFound`, `mismatch`, or why it could not be looked at.
    public var code: DockError.Code
    /// For a person.
    public var reason: String

    /// Takes all values.
    public init(vault: String, key: String, sealing: String, code: DockError.Code, reason: String) {
        self.vault = vault
        self.key = key
        self.sealing = sealing
        self.code = code
        self.reason = reason
    }
}
