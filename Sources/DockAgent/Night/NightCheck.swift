import DockCore
import DockDelivery
import DockLedger

/// Asks one vault for the share of its objects whose turn it is. What is found is written down batch by batch; nothing is repaired.
struct NightCheck {
    let vault: any Vault
    let plan: NightPlan
    let resources: DockResources

    /// Objects between two entries of the ledger.
    private static let batch = 64
    /// Objects in a row about which the vault gives no answer before it counts as away for tonight.
    private static let patience = 8

    /// What came of it.
    struct Outcome: Sendable {
        /// Objects that the vault answered for.
        var checked = 0
        /// Objects that cannot be read back, because they were sealed when nobody asked for that.
        var unknown = 0
        /// What was not as it should be.
        var faults: [NightFault] = []
        /// Why the vault was given up for tonight.
        var failure: DockError?
    }

    /// Objects that were asked for since the last entry.
    private struct Batch {
        var checked = 0
        var unknown = 0
        var through: Int64?
        var faults: [NightFault] = []
        /// Objects at the end of it about which there was no answer.
        var unanswered: [(Delivery, DockError)] = []
    }

    /// Blocks until the vault was asked.
    func run() throws(DockError) -> Outcome {
        var outcome = Outcome()
        let ledger = resources.ledger
        let first = try plan.checkedSince.map { since throws(DockError) in try ledger.firstEntry(since: since) } ?? 0
        var left = plan.quota(of: try ledger.deliveryCount(vault: vault.name, from: first))
        let start = max(try ledger.nightProgress(vault: vault.name) ?? -1, first - 1)
        var (cursor, end) = (start, Int64.max)
        while left > 0, outcome.failure == nil {
            let deliveries = try ledger.deliveries(
                vault: vault.name, after: cursor, through: end, limit: min(NightCheck.batch, left))
            guard let last = deliveries.last else {
                // From the beginning again, up to where tonight began.
                if end == start || start < first { break }
                (cursor, end) = (first - 1, start)
                continue
            }
            try ask(deliveries, &outcome)
            left -= deliveries.count
            cursor = last.sequence
        }
        return outcome
    }

    private func ask(_ deliveries: [Delivery], _ outcome: inout Outcome) throws(DockError) {
        var batch = Batch()
        for delivery in deliveries where batch.unanswered.count < NightCheck.patience {
            ask(delivery, &batch)
        }
        if let through = batch.through {
            let entry = NightChecked(
                night: plan.date, vault: vault.name, checked: batch.checked, through: through, faults: batch.faults)
            _ = try resources.ledger.append([.nightChecked(entry)], at: resources.clock())
        }
        outcome.checked += batch.checked
        outcome.unknown += batch.unknown
        outcome.faults += batch.faults
        outcome.failure = batch.unanswered.last?.1
    }

    /// An answer, good or bad, moves the turn on, also past objects before it about which there was none: the vault is there, so
    /// it is the object that cannot be looked at.
    private func ask(_ delivery: Delivery, _ batch: inout Batch) {
        let sealed = delivery.sealed.sealed
        var isThere = true
        switch vault.confirm(sealed, key: delivery.receipt.key) {
        case .success: break
        case .failure(let error) where error.code == .configuration && vault.needsPartDigests && sealed.parts == nil:
            // This says nothing of the vault: what there was no answer about before keeps its turn.
            batch.unknown += 1
            if batch.unanswered.isEmpty { batch.through = delivery.sequence }
            return
        case .failure(let error) where error.code == .notFound && plan.mayBeGone(delivery.receipt):
            isThere = false
        case .failure(let error) where [.notFound, .mismatch, .conflict].contains(error.code):
            batch.faults.append(fault(delivery, error))
        case .failure(let error):
            return batch.unanswered.append((delivery, error))
        }
        batch.faults += batch.unanswered.map { fault($0.0, $0.1) }
        batch.checked += batch.unanswered.count + (isThere ? 1 : 0)
        batch.unanswered = []
        batch.through = delivery.sequence
    }

    private func fault(_ delivery: Delivery, _ error: DockError) -> NightFault {
        NightFault(
            vault: vault.name, key: delivery.receipt.key, sealing: delivery.sealed.sealed.id, code: error.code,
            reason: error.why)
    }
}
