import DockCore
import DockLedger
import DockSystem

/// A custody record as it is written, with what lies beside it.
struct CustodyDocument {
    /// What it says.
    let record: CustodyRecord
    /// Its bytes.
    let content: [UInt8]
    /// The list of hashes.
    let sums: [UInt8]
    /// The statement that was signed while the camera held the original.
    let coverage: (content: [UInt8], signature: String)?

    /// Writes the record of a docking; nil if its start is not known.
    init?(_ story: CustodyStory, edition: Int) throws(DockError) {
        sums = Array(story.sums.utf8)
        guard let record = story.record(edition: edition, sums: try SHA256Digest(hashing: sums)) else { return nil }
        self.record = record
        content = try EvidenceJSON.encode(record, of: record.docking)
        guard let coverage = story.coverage else {
            self.coverage = nil
            return
        }
        self.coverage = (try EvidenceJSON.encode(coverage.statement, of: record.docking), coverage.signature)
    }

    /// A record that was made, with what the ledger says of it.
    struct Made {
        let document: CustodyDocument
        let signature: String
        /// The entry that tells of it.
        let entry: Int64
    }

    /// Writes anew the latest record that was made of a docking, out of the entries that it told of; it must be the same, or the ledger is
    /// not the one that it was made of.
    /// - Returns: nil if none was made yet.
    static func latest(of docking: String, in ledger: Ledger) throws(DockError) -> Made? {
        let now = try ledger.story(of: docking)
        guard let made = now.latest else { return nil }
        let story = try ledger.story(of: docking, through: made.through)
        guard let document = try CustodyDocument(story, edition: made.edition),
            try SHA256Digest(hashing: document.content) == made.sha256
        else {
            throw DockError(
                .corrupt, "cannot write a custody record anew", at: docking,
                because: "the ledger does not say any more what it said when edition \(made.edition) was made",
                next: "verify the ledger (bodydock ledger verify); the record itself is in the vaults")
        }
        return Made(document: document, signature: made.signature, entry: now.latestEntry)
    }
}
