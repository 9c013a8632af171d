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

/// An authority stamped a checkpoint (RFC 3161); its answer goes to the vaults too.
public struct CheckpointStamped: Sendable, Equatable, Codable {
    /// Number of entries that the checkpoint covers.
    public var entries: Int64
    /// Names the object with the checkpoint (``SealedSegment/id``).
    public var checkpoint: String
    /// Where the authority was asked.
    public var authority: String
    /// The checkpoint existed then, by the authority's clock.
    public var time: Instant
    /// Names the object with the answer.
    public var sealing: String

    /// Takes all values.
    public init(entries: Int64, checkpoint: String, authority: String, time: Instant, sealing: String) {
        self.entries = entries
        self.checkpoint = checkpoint
        self.authority = authority
        self.time = time
        self.sealing = sealing
    }
}
