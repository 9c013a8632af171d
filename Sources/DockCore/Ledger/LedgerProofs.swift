/// That an entry is among the first ``size`` of a ledger (RFC 6962 section 2.1.1).
public struct InclusionProof: Sendable, Equatable {
    /// The entry's number, from 0.
    public var index: Int64
    /// The number of entries of the ledger.
    public var size: Int64
    /// Hashes from the leaf's sibling up to the root's child.
    public var path: [SHA256Digest]

    /// Takes all values.
    public init(index: Int64, size: Int64, path: [SHA256Digest]) {
        self.index = index
        self.size = size
        self.path = path
    }
}

/// That a ledger begins with exactly the entries of an earlier one (RFC 6962 section 2.1.2).
public struct ConsistencyProof: Sendable, Equatable {
    /// Number of entries of the earlier ledger.
    public var earlier: Int64
    /// Number of entries of the later one.
    public var later: Int64
    /// Hashes, in the order of the RFC.
    public var path: [SHA256Digest]

    /// Takes all values.
    public init(earlier: Int64, later: Int64, path: [SHA256Digest]) {
        self.earlier = earlier
        self.later = later
        self.path = path
    }
}
