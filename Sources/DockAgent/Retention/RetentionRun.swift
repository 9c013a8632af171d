import DockCore
import DockDelivery
import DockLedger

/// Destroys what was kept for long enough, where that is configured. It may be repeated, run
/// beside dockings, and be killed at any point: what is permitted is written down before it is done, and what was done after it.
public struct RetentionRun: Sendable {
    private let resources: DockResources
    private var configuration: Configuration { resources.configuration }

    /// Objects in a row about which a vault gives no answer before it is left for now.
    private static let patience = 3
    /// Reasons that are named.
    fileprivate static let named = 20

    /// What came of it.
    public struct Outcome: Sendable {
        /// Objects that are not in their vaults any more.
        public internal(set) var destroyed = 0
        /// Objects that holds keep although their time is over.
        public internal(set) var held = 0
        /// Objects that stay although their time is over, because something speaks against it.
        public internal(set) var stopped = 0
        /// Why, for the first of them.
        public internal(set) var reasons: [String] = []
        /// Vaults that gave no answer.
        public internal(set) var silent: [String: String] = [:]
        /// Where the records lie.
        public internal(set) var records: [String] = []
        /// Whether nothing stands in the way of anything.
        public var isGood: Bool { stopped == 0 && silent.isEmpty }
    }

    /// Takes the dock's resources.
    public init(_ resources: DockResources) { self.resources = resources }

    /// Destroys what is due, and puts it on record. Blocks.
    /// - Parameter isClockRight: a person has checked the dock's clock. Without that, nothing is destroyed that was taken in before a long
    ///   silence of the ledger: a clock that jumped would end every retention at once.
    /// - Throws: ``DockError/Code/refused`` where it is not configured; what makes it impossible to go on.
    public func apply(isClockRight: Bool = false) throws(DockError) -> Outcome {
        guard configuration.retention.apply else {
            throw DockError(
                .refused, "cannot apply retention", at: "retention.apply", because: "it is not configured",
                next: "set retention.apply: true; without it nothing is ever deleted")
        }
        var outcome = Outcome()
        var failures: [String: Int] = [:]
        // What an earlier run destroyed and did not come to record goes first.
        try record(&outcome)
        let silenceEnd = isClockRight ? nil : try resources.ledger.silenceEnd(now: resources.clock())
        // Before anything is touched the holds are read again.
        let rules = try rules(silenceEnd)
        try KeptObjects(resources).forEach { batch throws(DockError) in
            var due: [(object: StoredObject, permit: Int64?)] = []
            for (object, permit) in batch {
                switch rules.verdict(object) {
                case .due: due.append((object, permit))
                case .held where rules.isOver(object): outcome.held += 1
                case .stopped(let why): outcome.stop(object, why)
                case .held, .kept, .unlimited: break
                }
            }
            try destroy(due, silenceEnd, &outcome, &failures)
        }
        try record(&outcome)
        return outcome
    }

    private func rules(_ silenceEnd: Instant?) throws(DockError) -> RetentionRules {
        RetentionRules(
            configuration, holds: try resources.ledger.holds(), now: resources.clock(), silenceEnd: silenceEnd)
    }

    private func destroy(
        _ due: [(object: StoredObject, permit: Int64?)], _ silenceEnd: Instant?, _ outcome: inout Outcome,
        _ failures: inout [String: Int]
    ) throws(DockError) {
        var found: [(object: StoredObject, permit: Int64?, standing: ObjectStanding)] = []
        for (object, permit) in due {
            let name = object.receipt.vault
            guard outcome.silent[name] == nil, let vault = vault(name) else { continue }
            switch vault.standing(of: object) {
            case .success(let standing):
                failures[name] = 0
                found.append((object, permit, standing))
            case .failure(let error): note(error, object, &outcome, &failures)
            }
        }
        guard !found.isEmpty else { return }
        // From here on nobody can add a hold.
        let lock = try RetentionLock(state: configuration.state)
        defer { withExtendedLifetime(lock) {} }
        let rules = try rules(silenceEnd)
        var permits: [DestructionPermit] = []
        for (object, permit, standing) in found {
            if standing == .gone, let permit {
                try end(object, permit, &outcome)
                continue
            }
            switch rules.permit(object, standing) {
            case .success(let permit): permits.append(permit)
            case .failure(let objection): outcome.stop(object, objection.why)
            }
        }
        try destroy(permits, &outcome, &failures)
    }

    /// Nothing is touched before its permit is durable.
    private func destroy(
        _ permits: [DestructionPermit], _ outcome: inout Outcome, _ failures: inout [String: Int]
    ) throws(DockError) {
        guard !permits.isEmpty else { return }
        let entries = try resources.ledger.append(
            permits.map { .destructionPermitted($0.entry) }, at: resources.clock())
        var ends: [LedgerEvent] = []
        for (permit, sequence) in zip(permits, entries) {
            guard let vault = vault(permit.entry.vault), outcome.silent[permit.entry.vault] == nil else { continue }
            switch vault.destroy(permit) {
            case .success: ends.append(.objectDestroyed(ObjectDestroyed(permit.entry, permit: sequence)))
            case .failure(let error): note(error, permit.object, &outcome, &failures)
            }
        }
        guard !ends.isEmpty else { return }
        _ = try resources.ledger.append(ends, at: resources.clock())
        outcome.destroyed += ends.count
    }

    /// A run that was cut off had destroyed it.
    private func end(_ object: StoredObject, _ permit: Int64, _ outcome: inout Outcome) throws(DockError) {
        guard let permitted = try resources.ledger.destructionPermit(permit) else { return }
        let entry = ObjectDestroyed(permitted, permit: permit, foundGone: true)
        _ = try resources.ledger.append([.objectDestroyed(entry)], at: resources.clock())
        outcome.destroyed += 1
    }

    private func record(_ outcome: inout Outcome) throws(DockError) {
        outcome.records += try DestructionRecords(resources: resources).write()
    }

    private func note(
        _ error: DockError, _ object: StoredObject, _ outcome: inout Outcome, _ failures: inout [String: Int]
    ) {
        let name = object.receipt.vault
        outcome.stop(object, error.why)
        // These are answers.
        if [.mismatch, .conflict, .notFound].contains(error.code) { return }
        failures[name, default: 0] += 1
        if failures[name, default: 0] >= RetentionRun.patience { outcome.silent[name] = error.description }
    }

    private func vault(_ name: String) -> (any Vault)? { resources.vaults.first { $0.name == name } }
}

extension RetentionRun.Outcome {
    fileprivate mutating func stop(_ object: StoredObject, _ why: String) {
        stopped += 1
        if reasons.count < RetentionRun.named {
            reasons.append("\(object.receipt.vault): \(object.receipt.key): \(why)")
        }
    }
}
