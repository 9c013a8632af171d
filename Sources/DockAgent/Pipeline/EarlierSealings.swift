import DockCore
import DockDelivery
import DockLedger

/// What an earlier run already did for a segment, so that it is neither sealed nor sent again.
///
/// A receipt from the past is not believed: the vault is asked anew, since an object may have been removed since then.
struct EarlierSealings: Sendable {
    /// A sealing that can still be used.
    struct Found: Sendable {
        let sealed: SealedSegment
        /// Receipts of the vaults that have it, as they said just now: the one of then, where the object is still that one.
        let receipts: [Receipt]
        /// Those of them that are new: what is there now is not word for word what the ledger's receipt says.
        let renewed: [Receipt]
        /// Where the sealed file lies, for the vaults that do not have it yet; nil if the spool let go of it.
        let spooled: String?
        /// Vaults that had it and cannot be asked now.
        let silent: [String: DockError]
        /// What is known of the file without reading it again; nil if it must be read.
        let standing: SegmentEvidence?
    }

    let camera: String
    let ledger: Ledger
    let spool: Spool
    let vaults: [any Vault]
    let readings: EarlierReadings?
    /// Is told of what a person must know.
    let tell: @Sendable (Finding) -> Void

    /// The latest sealing of what this file is expected to hold; nil if there is none, or if it is not whole any more: then
    /// the segment is sealed anew. What the reader then reads decides whether it applies.
    func find(_ planned: PlannedSegment) -> Found? {
        do {
            guard let earlier = try lookUp(planned) else { return nil }
            let sealed = earlier.sealed.sealed
            let spooled = spool.find(sealing: sealed.id, docking: earlier.sealed.docking)
            var receipts: [Receipt] = []
            var renewed: [Receipt] = []
            var silent: [String: DockError] = [:]
            for vault in vaults {
                guard let known = earlier.receipts.last(where: { $0.vault == vault.name }) else {
                    if spooled == nil { return nil }
                    continue
                }
                switch vault.confirm(sealed, key: known.key) {
                case .success(let fresh):
                    let stands = fresh.says(what: known)
                    receipts.append(stands ? known : fresh)
                    if !stands { renewed.append(fresh) }
                case .failure(let error) where error.meansNotHeld: if spooled == nil { return nil }
                case .failure(let error): silent[vault.name] = error
                }
            }
            // What goes out of the spool now is read first: the disk may have damaged it since.
            if let spooled, receipts.count + silent.count < vaults.count, isDamaged(sealed, spooled, planned) {
                return nil
            }
            let standing = try readings?.evidence(of: planned, sealed: earlier.sealed, ledger: ledger)
            return Found(
                sealed: sealed, receipts: receipts, renewed: renewed, spooled: spooled, silent: silent,
                standing: standing)
        } catch {
            // Sealing again is always safe; that the ledger cannot be read will stop the run at its next entry.
            return nil
        }
    }

    /// Whether a spool file is not what was sealed. It stays where it is until the segment's next sealing is delivered.
    private func isDamaged(_ sealed: SealedSegment, _ file: String, _ planned: PlannedSegment) -> Bool {
        do throws(DockError) {
            try Consignment(sealed: sealed, file: file).check()
            return false
        } catch {
            tell(
                Finding(
                    .spoolDamaged, recording: planned.recording, path: planned.file.path,
                    "its sealed file of an earlier docking is damaged, so it is sealed anew: \(error.why)"))
            return true
        }
    }

    private func lookUp(_ planned: PlannedSegment) throws(DockError) -> KnownSealing? {
        let file = planned.file
        if case .sha256(let expected)? = planned.expected,
            let found = try ledger.sealing(camera: camera, path: file.path, sha256: expected)
        {
            return found
        }
        return try ledger.sealing(
            camera: camera, path: file.path, bytes: file.identity.size, modified: file.identity.modified)
    }
}

extension Receipt {
    /// Whether it is about the very object that an earlier receipt was about. Then that one stands, with its date: the vault has
    /// held the object since then.
    fileprivate func says(what earlier: Receipt) -> Bool {
        var dated = self
        dated.confirmed = earlier.confirmed
        return dated == earlier
    }
}

extension DockError {
    /// Whether a vault's answer says that it does not provably hold an object. One that is away or refuses to answer (an
    /// expired key) has lost nothing: sealing anew would put the same footage there under a second name.
    var meansNotHeld: Bool {
        switch code {
        case .notFound, .mismatch, .conflict, .configuration: !isPassing
        default: false
        }
    }
}
