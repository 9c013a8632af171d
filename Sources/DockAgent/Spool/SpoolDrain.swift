import DockCore
import DockDelivery
import DockLedger
import DockSystem
import Synchronization

/// Delivers what lies in the spool although no docking works on it: of cameras that were pulled, and records of the dock.
struct SpoolDrain: Sendable {
    let resources: DockResources
    let stop: StopFlag

    /// Pending sealings that are looked at in one go.
    private static let batch = 64

    /// What came of it.
    struct Outcome: Sendable {
        /// Sealings that lie in the spool and still lack a vault.
        var left = 0
        /// Receipts that were given.
        var receipts = 0
        /// Vaults that something waits for.
        var asked: Set<String> = []
    }

    /// Delivers once whatever can be delivered. Blocks.
    func run() throws(DockError) -> Outcome {
        let names = resources.vaults.map(\.name)
        var result = Outcome()
        var byDocking: [String: [PendingSealing]] = [:]
        // The oldest first, as the ledger has them.
        var order: [String] = []
        for pending in try resources.ledger.pendingSealings(vaults: names) {
            let docking = pending.sealing.sealed.docking
            if byDocking[docking] == nil { order.append(docking) }
            byDocking[docking, default: []].append(pending)
            result.asked.formUnion(pending.missing)
        }
        for docking in order where !stop.isSet {
            // Locked: its docking works on it.
            guard let lock = try resources.spool.claim(docking: docking) else { continue }
            let pending = byDocking[docking] ?? []
            for start in stride(from: 0, to: pending.count, by: SpoolDrain.batch) where !stop.isSet {
                try deliver(Array(pending[start..<min(start + SpoolDrain.batch, pending.count)]), &result)
            }
            withExtendedLifetime(lock) {}
        }
        return result
    }

    private func deliver(_ batch: [PendingSealing], _ result: inout Outcome) throws(DockError) {
        let spooled = batch.compactMap { pending in
            let sealed = pending.sealing.sealed
            return resources.spool.find(sealing: sealed.sealed.id, docking: sealed.docking).map { (pending, $0) }
        }
        var held = Dictionary(spooled.map { ($0.0.sealing.sealed.sealed.id, 0) }) { first, _ in first }
        for vault in resources.vaults {
            let missing = spooled.filter { $0.0.missing.contains(vault.name) }
            for (index, receipt) in store(
                missing.map { Consignment(sealed: $0.0.sealing.sealed.sealed, file: $0.1) }, vault)
            {
                let sealed = missing[index].0.sealing.sealed
                let entry = SegmentReceipt(docking: sealed.docking, camera: sealed.camera, receipt: receipt)
                _ = try resources.ledger.append([.receipt(entry)], at: resources.clock())
                held[sealed.sealed.id, default: 0] += 1
                result.receipts += 1
            }
        }
        for (pending, path) in spooled {
            if held[pending.sealing.sealed.sealed.id] == pending.missing.count {
                try resources.spool.remove(path, docking: pending.sealing.sealed.docking)
            } else {
                result.left += 1
            }
        }
    }

    private func store(_ consignments: [Consignment], _ vault: any Vault) -> [(Int, Receipt)] {
        guard !consignments.isEmpty else { return [] }
        resources.spool.traffic.move(consignments.count)
        defer { resources.spool.traffic.move(-consignments.count) }
        let receipts = Mutex<[(Int, Receipt)]>([])
        vault.store(
            consignments, progress: { _ in },
            done: { index, result in
                if case .success(let receipt) = result { receipts.withLock { $0.append((index, receipt)) } }
            })
        return receipts.withLock { $0 }
    }
}
