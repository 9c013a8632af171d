import DockCore
import DockLedger
import DockSeal

/// Proves that custody records are in the ledger. A proof leads to the first checkpoint that tells of the record and is signed by the dock's
/// present key, so that it is the same each time.
struct CustodyProofs {
    let resources: DockResources

    /// The proof that an entry is in the ledger. Where no such checkpoint is known yet, one is signed, and put on its way to the vaults.
    func proof(of entry: Int64) throws(DockError) -> ProofFile {
        if let note = try note(on: entry) { return try prove(entry, note) }
        try CheckpointRecord.make(resources)
        guard let note = try note(on: entry) else {
            throw DockError(
                .corrupt, "cannot prove what the ledger holds", at: "entry \(entry)",
                because: "no checkpoint tells of it, although one was just signed",
                next: "verify the ledger (bodydock ledger verify)")
        }
        return try prove(entry, note)
    }

    private func prove(_ entry: Int64, _ note: SignedNote) throws(DockError) -> ProofFile {
        try LedgerProver.proof(of: entry, in: resources.ledger, note: note)
    }

    private func note(on entry: Int64) throws(DockError) -> SignedNote? {
        let signer = resources.signer
        let key = NoteKey(name: signer.origin, key: signer.publicKey)
        for checkpoint in try resources.ledger.checkpoints(on: entry) {
            let note = try SignedNote(checkpoint.note, at: "the ledger's checkpoint of \(checkpoint.entries) entries")
            if try note.standing(key) == .signed { return note }
        }
        return nil
    }
}
