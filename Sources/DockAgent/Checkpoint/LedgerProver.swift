import DockCore
import DockLedger
import DockSeal

/// Makes and checks proofs about a ledger.
public enum LedgerProver {
    /// That an entry is in the ledger that a checkpoint tells of.
    public static func proof(of entry: Int64, in ledger: Ledger, note: SignedNote) throws(DockError) -> ProofFile {
        let size = try head(of: note).entries
        let (body, proof) = try ledger.inclusion(of: entry, in: size)
        return .inclusion(entry: body, index: entry, path: proof.path, note: note.note)
    }

    /// That the ledger that a checkpoint tells of continues an earlier one.
    public static func proof(since earlier: Checkpoint, in ledger: Ledger, note: SignedNote) throws(DockError)
        -> ProofFile
    {
        let later = try head(of: note).entries
        let proof = try ledger.consistency(from: earlier.head.entries, to: later)
        return .consistency(earlier: earlier.head.entries, path: proof.path, note: note.note)
    }

    /// What a proof shows, in a sentence.
    /// - Parameters:
    ///   - keys: those that may have signed its checkpoint.
    ///   - earlier: what a proof of consistency is about.
    public static func check(
        _ proof: ProofFile, keys: [SSHPublicKey], earlier: Checkpoint?, at place: String
    ) throws(DockError) -> String {
        switch proof {
        case .inclusion(let entry, let index, let path, let note):
            let checkpoint = try Witnesses.check(SignedNote(note, at: place), origin: nil, keys: keys, at: place)
            var hasher = try MerkleHasher()
            let proof = InclusionProof(index: index, size: checkpoint.head.entries, path: path)
            guard try proof.root(of: hasher.leaf(entry)) == checkpoint.head.root else {
                throw refusal(place, "the entry, its number and the path do not lead to the root of the checkpoint")
            }
            return "entry \(index) is in the ledger '\(checkpoint.origin)' of \(checkpoint.head.entries) entries"
        case .consistency(let size, let path, let note):
            guard let earlier else {
                throw refusal(place, "it is about an earlier checkpoint, which was not given (--since)")
            }
            let later = try Witnesses.check(
                SignedNote(note, at: place), origin: earlier.origin, keys: keys, at: place)
            let proof = ConsistencyProof(earlier: size, later: later.head.entries, path: path)
            guard size == earlier.head.entries, try proof.connects(earlier.head.root, later.head.root) else {
                throw refusal(place, "it does not lead from the earlier checkpoint to the later one")
            }
            return "the ledger '\(later.origin)' of \(later.head.entries) entries begins with the "
                + "\(size) entries of the earlier checkpoint"
        }
    }

    private static func head(of note: SignedNote) throws(DockError) -> LedgerHead {
        guard let checkpoint = Checkpoint(text: note.text) else {
            throw DockError(
                .malformed, "cannot prove", at: "the checkpoint", because: "it is a note of something else",
                next: "give a checkpoint")
        }
        return checkpoint.head
    }

    private static func refusal(_ place: String, _ why: String) -> DockError {
        DockError(
            .unauthenticated, "cannot believe a proof", at: place, because: why,
            next: "it was changed, or is about another ledger: ask the dock's administrator for a new one")
    }
}
