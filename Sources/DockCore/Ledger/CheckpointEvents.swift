/// The dock signed a checkpoint of the ledger, for the vaults.
public struct CheckpointSigned: Sendable, Equatable, Codable {
    /// Number of entries that it covers.
    public var entries: Int64
    /// The root over them.
    public var root: SHA256Digest
    /// The signed note, as the vaults get it.
    public var note: String
    /// Names the object with the note (``SealedSegment/id``).
    public var sealing: String

    /// Takes all values.
    public init(head: LedgerHead, note: String, sealing: String) {
        entries = head.entries
        root = head.root
        self.note = note
        self.sealing = sealing
    }
}
