import DockCore

/// The shape of a tree of RFC 6962: which subtrees a proof is made of. A subtree is the range of its leaves.
enum ProofPaths {
    /// The subtrees whose roots prove that leaf `index` is among `size` (section 2.1.1), from the leaf's sibling upwards.
    static func inclusion(of index: Int64, in size: Int64) -> [Range<Int64>] {
        var path: [Range<Int64>] = []
        var range = 0..<size
        while range.count > 1 {
            let middle = split(range)
            let isLeft = index < middle
            path.append(isLeft ? middle..<range.upperBound : range.lowerBound..<middle)
            range = isLeft ? range.lowerBound..<middle : middle..<range.upperBound
        }
        return path.reversed()
    }

    /// The subtrees whose roots prove that the first `earlier` of `later` leaves are what they were (section 2.1.2).
    static func consistency(from earlier: Int64, to later: Int64) -> [Range<Int64>] {
        guard earlier > 0, earlier < later else { return [] }
        var path: [Range<Int64>] = []
        var range = 0..<later
        while range.upperBound != earlier {
            let middle = split(range)
            let isLeft = earlier <= middle
            path.append(isLeft ? middle..<range.upperBound : range.lowerBound..<middle)
            range = isLeft ? range.lowerBound..<middle : middle..<range.upperBound
        }
        // The root of the earlier tree itself is known to who checks.
        if range.lowerBound > 0 { path.append(range) }
        return path.reversed()
    }

    /// Where a range of two leaves or more is split: the left part is as large as a power of two can be, and smaller than all.
    static func split(_ range: Range<Int64>) -> Int64 {
        range.lowerBound + (1 << (63 - Int64(range.count - 1).leadingZeroBitCount))
    }
}

extension InclusionProof {
    /// The root that this proof leads to from a leaf's hash (RFC 9162 section 2.1.3.2); nil if its length does not fit.
    public func root(of leaf: SHA256Digest) throws(DockError) -> SHA256Digest? {
        guard index >= 0, index < size else { return nil }
        let ranges = ProofPaths.inclusion(of: index, in: size)
        guard ranges.count == path.count else { return nil }
        var hasher = try MerkleHasher()
        var root = leaf
        for (range, hash) in zip(ranges, path) {
            let (left, right) = range.lowerBound > index ? (root, hash) : (hash, root)
            root = try hasher.node(left, right)
        }
        return root
    }
}

extension ConsistencyProof {
    /// Whether it leads from the earlier root to the later one (RFC 9162 section 2.1.4.2).
    public func connects(_ first: SHA256Digest, _ second: SHA256Digest) throws(DockError) -> Bool {
        guard earlier >= 0, earlier <= later else { return false }
        var hasher = try MerkleHasher()
        if earlier == later { return path.isEmpty && first == second }
        if earlier == 0 {
            let empty = try hasher.empty()
            return path.isEmpty && first == empty
        }
        let ranges = ProofPaths.consistency(from: earlier, to: later)
        guard ranges.count == path.count else { return false }
        // Where the earlier tree is one complete subtree, its root is the first hash, and goes without saying.
        let isComplete = ranges.first?.upperBound != earlier
        var old = isComplete ? first : path[0]
        var new = old
        for (range, hash) in zip(ranges, path).dropFirst(isComplete ? 0 : 1) {
            if range.lowerBound >= earlier {
                new = try hasher.node(new, hash)
            } else {
                old = try hasher.node(hash, old)
                new = try hasher.node(hash, new)
            }
        }
        return old == first && new == second
    }
}
