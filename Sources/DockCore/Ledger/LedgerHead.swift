/// How many entries a ledger had, and the Merkle root over them (RFC 6962).
public struct LedgerHead: Sendable, Hashable, Codable {
    /// Number of entries.
    public var entries: Int64
    /// Root over them.
    public var root: SHA256Digest

    /// Takes both.
    public init(entries: Int64, root: SHA256Digest) {
        self.entries = entries
        self.root = root
    }
}
