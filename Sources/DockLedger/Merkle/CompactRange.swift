import DockCore

/// A Merkle tree over a growing list (RFC 6962 section 2.1), kept as the roots of its complete subtrees only: one hash for
/// each bit that is set in the number of leaves. That is enough to add leaves and to tell the root.
public struct CompactRange: Sendable, Equatable {
    /// Number of leaves.
    public private(set) var size: Int64
    /// Roots of the complete subtrees, from the largest (leftmost) to the smallest.
    public private(set) var peaks: [SHA256Digest]

    /// The tree without leaves.
    public init() {
        size = 0
        peaks = []
    }

    /// Takes up again at `size` leaves with the ``peaks`` of then; nil if their number does not fit.
    public init?(size: Int64, peaks: [SHA256Digest]) {
        guard size >= 0, peaks.count == size.nonzeroBitCount else { return nil }
        self.size = size
        self.peaks = peaks
    }

    /// Adds a leaf by its hash.
    /// - Returns: the root of the largest complete subtree that ends with this leaf: for leaf `i` it spans as many leaves as
    ///   the lowest set bit of `i + 1` says. Kept beside each leaf, these are all that ``peakLeaves(of:)`` and proofs need.
    @discardableResult
    public mutating func append(_ leaf: SHA256Digest, _ hasher: inout MerkleHasher) throws(DockError) -> SHA256Digest {
        var node = leaf
        var carry = size
        while carry & 1 == 1 {
            node = try hasher.node(peaks.removeLast(), node)
            carry >>= 1
        }
        peaks.append(node)
        size += 1
        return node
    }

    /// The root over all leaves.
    public func root(_ hasher: inout MerkleHasher) throws(DockError) -> SHA256Digest {
        guard var root = peaks.last else { return try hasher.empty() }
        for peak in peaks.dropLast().reversed() { root = try hasher.node(peak, root) }
        return root
    }

    /// The leaves with which the complete subtrees of a tree of `size` leaves end, in the order of ``peaks``: what
    /// ``append(_:_:)`` returned for them are the peaks.
    public static func peakLeaves(of size: Int64) -> [Int64] {
        var leaves: [Int64] = []
        var rest = max(size, 0)
        while rest > 0 {
            leaves.append(rest - 1)
            rest &= rest - 1
        }
        return leaves.reversed()
    }
}
