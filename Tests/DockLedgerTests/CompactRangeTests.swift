import DockCore
import DockLedger
import DockSystem
import Testing

@Suite("The Merkle tree")
struct CompactRangeTests {
    /// The test data of the Certificate Transparency reference code for RFC 6962.
    static let leaves = [
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    ]
    static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    @Test("has the roots that are published for RFC 6962")
    func knownRoots() throws {
        var hasher = try MerkleHasher()
        var tree = CompactRange()
        #expect(try tree.root(&hasher).description == Self.roots[0])
        for (index, leaf) in Self.leaves.enumerated() {
            try tree.append(hasher.leaf(try #require(Hex.decode(leaf))), &hasher)
            #expect(try tree.root(&hasher).description == Self.roots[index + 1])
        }
    }

    @Test("agrees with the definition of RFC 6962 section 2.1 for every size up to 200")
    func definition() throws {
        func root(_ leaves: ArraySlice<SHA256Digest>) throws -> SHA256Digest {
            guard leaves.count > 1 else {
                return try leaves.first ?? SHA256Digest(hashing: [])
            }
            var split = 1
            while split * 2 < leaves.count { split *= 2 }
            let halves = (try root(leaves.prefix(split)), try root(leaves.dropFirst(split)))
            return try SHA256Digest(hashing: [1] + halves.0.bytes + halves.1.bytes)
        }
        var hasher = try MerkleHasher()
        var tree = CompactRange()
        var leaves: [SHA256Digest] = []
        for number in 0..<200 {
            #expect(try tree.root(&hasher) == root(leaves[...]))
            let leaf = try hasher.leaf(Array("leaf \(number)".utf8))
            leaves.append(leaf)
            try tree.append(leaf, &hasher)
        }
    }

    @Test("is taken up again from what was kept beside each leaf")
    func resumption() throws {
        var hasher = try MerkleHasher()
        var tree = CompactRange()
        var nodes: [SHA256Digest] = []
        for number in 0..<300 {
            let peaks = CompactRange.peakLeaves(of: Int64(number)).map { nodes[Int($0)] }
            #expect(CompactRange(size: Int64(number), peaks: peaks) == tree)
            nodes.append(try tree.append(hasher.leaf([UInt8(truncatingIfNeeded: number)]), &hasher))
        }
        #expect(CompactRange(size: 3, peaks: [nodes[0]]) == nil)
        #expect(CompactRange(size: -1, peaks: []) == nil)
    }
}
