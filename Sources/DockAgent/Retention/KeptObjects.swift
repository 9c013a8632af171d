import DockCore
import DockLedger

/// What the vaults keep, out of the ledger, batch by batch.
struct KeptObjects {
    let ledger: Ledger
    /// Names of the vaults.
    let vaults: [String]
    /// Tells whether a sealed file still waits; nil where that is not asked.
    var spool: Spool?

    init(ledger: Ledger, vaults: [String]) {
        self.ledger = ledger
        self.vaults = vaults
    }

    init(_ resources: DockResources) {
        ledger = resources.ledger
        vaults = resources.vaults.map(\.name)
        spool = resources.spool
    }

    /// Sealings that are looked up in one go.
    private static let batch = 64

    /// Gives `body` every object in a vault of the configuration that the ledger knows, with the entry of an open permit for it.
    /// - Parameter camera: only those of this camera.
    func forEach(
        camera: String? = nil, _ body: ([(object: StoredObject, permit: Int64?)]) throws(DockError) -> Void
    ) throws(DockError) {
        var rest = try ledger.keptSealings(camera: camera)[...]
        while !rest.isEmpty {
            let batch = rest.prefix(KeptObjects.batch)
            rest = rest.dropFirst(KeptObjects.batch)
            try body(try ledger.kept(Array(batch)).flatMap(objects))
        }
    }

    private func objects(_ kept: KeptSealing) -> [(object: StoredObject, permit: Int64?)] {
        let sealed = kept.sealing.sealed
        let isSpooled = spool?.find(sealing: sealed.sealed.id, docking: sealed.docking) != nil
        let held = Set(kept.sealing.receipts.map(\.vault))
        return vaults.filter { !kept.destroyed.contains($0) }.compactMap { vault in
            let receipts = kept.sealing.receipts.filter { $0.vault == vault }
            guard let first = receipts.first, let last = receipts.last else { return nil }
            let object = StoredObject(
                sealed: sealed, read: kept.sealing.at, cameraClock: kept.cameraClock, receipt: last,
                delivered: first.confirmed, awaited: isSpooled ? vaults.filter { !held.contains($0) } : [])
            return (object, kept.permits[vault])
        }
    }
}
