import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockLedger

@Suite("Proofs from the ledger")
struct LedgerProofTests {
    private static let roots = CompactRangeTests.roots.map { SHA256Digest(hex: $0)! }

    /// The tree of RFC 6962's own test data, leaves in memory.
    private func root(_ range: Range<Int64>) throws -> SHA256Digest {
        var hasher = try MerkleHasher()
        guard range.count > 1 else {
            guard let first = range.first else { return try hasher.empty() }
            return try hasher.leaf(try #require(Hex.decode(CompactRangeTests.leaves[Int(first)])))
        }
        let middle = ProofPaths.split(range)
        return try hasher.node(root(range.lowerBound..<middle), root(middle..<range.upperBound))
    }

    @Test("of entries lead to the published roots, and to nothing else")
    func inclusion() throws {
        var hasher = try MerkleHasher()
        for size in 1...Int64(8) {
            for index in 0..<size {
                let path = try ProofPaths.inclusion(of: index, in: size).map { try root($0) }
                let leaf = try root(index..<(index + 1))
                let proof = InclusionProof(index: index, size: size, path: path)
                #expect(try proof.root(of: leaf) == Self.roots[Int(size)])
                var others: [InclusionProof] = [
                    InclusionProof(index: index, size: size, path: path + [leaf]),
                    InclusionProof(index: index, size: size, path: path.dropLast()),
                    InclusionProof(index: index + 1, size: size, path: path),
                    InclusionProof(index: -1, size: size, path: path),
                    InclusionProof(index: size, size: size, path: path),
                ]
                for place in path.indices {
                    var changed = proof
                    changed.path[place] = try hasher.leaf([UInt8(place)])
                    others.append(changed)
                }
                for other in others where other != proof {
                    #expect(try other.root(of: leaf) != Self.roots[Int(size)], "\(other)")
                }
                #expect(try proof.root(of: hasher.leaf([99])) != Self.roots[Int(size)])
            }
        }
    }

    @Test("of consistency connect the published roots, and no others")
    func consistency() throws {
        for later in 0...Int64(8) {
            for earlier in 0...later {
                let path = try ProofPaths.consistency(from: earlier, to: later).map { try root($0) }
                let proof = ConsistencyProof(earlier: earlier, later: later, path: path)
                let (first, second) = (Self.roots[Int(earlier)], Self.roots[Int(later)])
                #expect(try proof.connects(first, second), "\(earlier) \(later)")
                #expect(try !proof.connects(Self.roots[(Int(earlier) + 1) % 9], second))
                // Every ledger continues the empty one.
                #expect(try earlier == 0 || !proof.connects(first, Self.roots[(Int(later) + 1) % 9]))
                let longer = ConsistencyProof(earlier: earlier, later: later, path: path + [first])
                #expect(try !longer.connects(first, second))
                for place in path.indices {
                    var changed = proof
                    changed.path[place] = Self.roots[0]
                    #expect(try !changed.connects(first, second), "\(earlier) \(later) \(place)")
                }
            }
        }
    }

    @Test("come from what is stored beside the entries, for every size and entry up to 40")
    func stored() throws {
        let bench = try Bench()
        let ledger = try bench.open()
        var roots = [try ledger.root(at: 0)]
        for number in 0..<40 {
            _ = try ledger.append([try Story().finding("finding \(number)")], at: Story.time)
            roots.append(try ledger.head().root)
        }
        var hasher = try MerkleHasher()
        for size in 0...Int64(40) {
            #expect(try ledger.root(at: size) == roots[Int(size)])
            for index in 0..<size {
                let (body, proof) = try ledger.inclusion(of: index, in: size)
                #expect(try proof.root(of: hasher.leaf(body)) == roots[Int(size)], "\(index) in \(size)")
                #expect(String(decoding: body, as: UTF8.self).contains("finding \(index)\""))
            }
            for earlier in 0...size {
                let proof = try ledger.consistency(from: earlier, to: size)
                #expect(try proof.connects(roots[Int(earlier)], roots[Int(size)]), "\(earlier) to \(size)")
            }
        }
        for (entry, size) in [(40, 41), (-1, 3), (3, 3)] as [(Int64, Int64)] {
            #expect(throws: DockError.self) { try ledger.inclusion(of: entry, in: size) }
        }
        #expect(throws: DockError.self) { try ledger.consistency(from: 5, to: 41) }
        #expect(throws: DockError.self) { try ledger.consistency(from: 6, to: 5) }
        #expect(throws: DockError.self) { try ledger.root(at: 41) }
    }

    @Test("are refused for an entry that was changed")
    func changedEntry() throws {
        let bench = try Bench(try Story().whole())
        try bench.tamper("UPDATE entry SET body = replace(body, 'BWC-0042', 'BWC-0043') WHERE sequence = 3")
        let ledger = try bench.openForReading()
        #expect(throws: DockError.self) { try ledger.inclusion(of: 3, in: 10) }
        _ = try ledger.inclusion(of: 4, in: 10)
    }

    @Test("an earlier state that does not fit says between which entries the first difference is")
    func interval() throws {
        let bench = try Bench()
        let ledger = try bench.open()
        var heads: [LedgerHead] = []
        for number in 0..<12 {
            _ = try ledger.append([try Story().finding("\(number)")], at: Story.time)
            heads.append(try ledger.head())
        }
        let other = try Bench()
        for number in 0..<12 {
            _ = try other.open().append([try Story().finding(number < 6 ? "\(number)" : "x")], at: Story.time)
        }
        // Known at 4, 5, 9 and 12 entries; the seventh entry is the first that differs.
        let result = try other.verify(earlier: [heads[11], heads[3], heads[8], heads[4]])
        #expect(result.problems.map(\.entry) == [5, 5])
        #expect(result.problems.allSatisfy { $0.message.contains("one of 5 to ") })
        #expect(result.problems[0].message.hasSuffix("one of 5 to 8"))
        let exact = try other.verify(earlier: [heads[5], heads[6]])
        #expect(exact.problems.map(\.description).first?.hasSuffix("the first entry that differs is 6") == true)
        #expect(try bench.verify(earlier: heads).isWhole)
    }

    @Test("a checkpoint in the ledger must tell the truth about the entries before it")
    func checkpointEntry() throws {
        let bench = try Bench(try Story().whole())
        let ledger = try bench.open()
        let head = try ledger.head()
        func signed(_ entries: Int64, _ root: SHA256Digest, note: String? = nil) -> LedgerEvent {
            let head = LedgerHead(entries: entries, root: root)
            let text = Checkpoint(origin: "bodydock/stadhuis-1", head: head).text + "\n\u{2014} name signature\n"
            return .checkpointSigned(CheckpointSigned(head: head, note: note ?? text, sealing: "s"))
        }
        _ = try ledger.append([signed(10, head.root), signed(7, try ledger.root(at: 7))], at: Story.time)
        #expect(try bench.verify().isWhole)
        _ = try ledger.append([signed(9, head.root), signed(99, head.root), signed(-1, head.root)], at: Story.time)
        #expect(try bench.verify().problems.map(\.entry) == [12, 13, 14])
        _ = try ledger.append([signed(10, head.root, note: "bodydock/stadhuis-1\n11\n")], at: Story.time)
        #expect(try bench.verify().problems.map(\.entry) == [12, 13, 14, 15])
    }
}
