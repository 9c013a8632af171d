import DockCore
import DockDelivery
import DockLedger
import DockSystem
import Synchronization

/// Delivers what lies in the spool although no docking works on it: of cameras that were pulled, and records of the dock.
struct SpoolDrain: Sendable {
    let resources: DockResources
    let stop: StopFlag
    /// Whether only the dock's own records are delivered, not footage.
    var isForRecords = false

    /// Pending sealings that are looked at in one go, and their bytes unless one alone has more: a camera that comes back waits
    /// for a batch to end.
    private static let batch = 64
    private static let batchBytes: Int64 = 128 << 20

    /// What came of it.
    struct Outcome: Sendable {
        /// Sealings that lie in the spool and still lack a vault.
        var left = 0
        /// Those of them whose files are not what was sealed any more, by docking.
        var damaged: [SpoolStatus.Damage] = []
        /// Receipts that were given.
        var receipts = 0
        /// Why a custody record could not be made.
        var untold: DockError?
        /// Vaults that something waits for.
        var asked: Set<String> = []
    }

    /// Delivers once whatever can be delivered: of cameras that are needed soonest first, then what is oldest. Custody records that were
    /// not made yet are made, and delivered too. Blocks.
    func run() throws(DockError) -> Outcome {
        var result = try deliver()
        guard !stop.isSet else { return result }
        let told = try CustodyKeeper(resources: resources).catchUp()
        result.untold = told.failure
        guard told.made > 0 else { return result }
        let records = try deliver()
        (result.left, result.damaged) = (records.left, records.damaged)
        result.receipts += records.receipts
        result.asked.formUnion(records.asked)
        return result
    }

    private func deliver() throws(DockError) -> Outcome {
        let pending = try resources.ledger.pendingSealings(vaults: resources.vaults.map(\.name)).filter {
            !isForRecords || $0.sealing.sealed.role == .record
        }
        var result = Outcome()
        for one in pending { result.asked.formUnion(one.missing) }
        var queue = queue(of: pending)
        while queue.count > 0, !stop.isSet {
            var batch: [PendingSealing] = []
            var bytes: Int64 = 0
            while batch.count < SpoolDrain.batch, bytes < SpoolDrain.batchBytes, let item = queue.next() {
                batch.append(pending[item.id])
                bytes += pending[item.id].sealing.sealed.sealed.bytes
            }
            // Only for as long as a batch takes: a camera that comes back wants its folder.
            var locks: [String: SpoolClaim] = [:]
            for docking in Set(batch.map(\.sealing.sealed.docking)) {
                locks[docking] = try resources.spool.claim(docking: docking)
            }
            // Locked or wanted by somebody else: its docking works on it.
            try deliver(batch.filter { locks[$0.sealing.sealed.docking] != nil }, queue.neededAt, &result)
            withExtendedLifetime(locks) {}
        }
        return result
    }

    /// What waits, by its place in `pending`, in the order of its turns.
    private func queue(of pending: [PendingSealing]) -> DeliveryQueue {
        var queue = DeliveryQueue()
        let (needs, now) = (resources.desk.needs, resources.clock())
        for camera in Set(pending.map(\.sealing.sealed.camera)) {
            queue.neededAt[camera] = needs.next(camera, from: now, resources.desk.local)
        }
        for (index, one) in pending.enumerated() {
            let sealing = one.sealing
            let kept = sealing.sealed.retention(readAt: sealing.at, resources.configuration)
            queue.add(
                DeliveryItem(
                    id: index, camera: sealing.sealed.camera, isFlagged: sealing.sealed.flagged ?? false,
                    deadline: kept.deadline, recorded: kept.begin))
        }
        return queue
    }

    private func deliver(
        _ batch: [PendingSealing], _ neededAt: [String: Instant], _ result: inout Outcome
    ) throws(DockError) {
        let spooled = batch.compactMap { pending in
            let sealed = pending.sealing.sealed
            return resources.spool.find(sealing: sealed.sealed.id, docking: sealed.docking).map { (pending, $0) }
        }
        var held: [String: Int] = [:]
        var damaged: Set<String> = []
        for vault in resources.vaults {
            let missing = spooled.filter { $0.0.missing.contains(vault.name) }
            let consignments = missing.map { pending, path in
                let sealed = pending.sealing.sealed
                return Consignment(
                    sealed: sealed.sealed, file: path,
                    rank: DeliveryRank(isFlagged: sealed.flagged ?? false, neededAt: neededAt[sealed.camera]))
            }
            for (index, answer) in store(consignments, vault) {
                let sealed = missing[index].0.sealing.sealed
                switch answer {
                case .success(let receipt):
                    let entry = SegmentReceipt(docking: sealed.docking, camera: sealed.camera, receipt: receipt)
                    _ = try resources.ledger.append([.receipt(entry)], at: resources.clock())
                    held[sealed.sealed.id, default: 0] += 1
                    result.receipts += 1
                case .failure(let error): if error.code == .corrupt { damaged.insert(sealed.sealed.id) }
                }
            }
        }
        for (pending, path) in spooled {
            let sealed = pending.sealing.sealed
            let isDamaged = damaged.contains(sealed.sealed.id)
            let isReplaced = isDamaged ? try isSealedAnew(sealed) : false
            if isReplaced || held[sealed.sealed.id] == pending.missing.count {
                try resources.spool.remove(path, docking: sealed.docking)
            } else {
                result.left += 1
                if isDamaged { result.note(damageOf: sealed) }
            }
        }
    }

    /// Whether a later sealing of the same content took its place.
    private func isSealedAnew(_ sealed: SegmentSealed) throws(DockError) -> Bool {
        let latest = try resources.ledger.sealing(
            camera: sealed.camera, path: sealed.path, sha256: sealed.sealed.plaintext)
        return latest.map { $0.sealed.sealed.id != sealed.sealed.id } ?? false
    }

    private func store(_ consignments: [Consignment], _ vault: any Vault) -> [(Int, Result<Receipt, DockError>)] {
        guard !consignments.isEmpty else { return [] }
        resources.spool.traffic.move(consignments.count)
        defer { resources.spool.traffic.move(-consignments.count) }
        let answers = Mutex<[(Int, Result<Receipt, DockError>)]>([])
        vault.store(
            consignments, progress: { _ in },
            done: { index, result in answers.withLock { $0.append((index, result)) } })
        return answers.withLock { $0 }
    }
}

extension SpoolDrain.Outcome {
    fileprivate mutating func note(damageOf sealed: SegmentSealed) {
        if let place = damaged.firstIndex(where: { $0.docking == sealed.docking }) {
            damaged[place].files += 1
        } else {
            damaged.append(.init(docking: sealed.docking, camera: sealed.camera, files: 1))
        }
    }
}
