import DockCore
import Foundation
import GRDB

// What the ledger proves to others. Each answer reads O(log² n) rows.

extension Ledger {
    /// The Merkle root over the first `entries` entries.
    /// - Throws: ``DockError/Code/notFound`` if there are not so many.
    public func root(at entries: Int64) throws(DockError) -> SHA256Digest {
        try proving(entries) { database in try StoredTree.root(of: 0..<entries, in: database) }
    }

    /// The bytes of an entry, and the proof that it is among the first `size`.
    /// - Throws: ``DockError/Code/notFound`` if there is no such entry; ``DockError/Code/corrupt`` if it was changed.
    public func inclusion(of entry: Int64, in size: Int64) throws(DockError) -> (body: [UInt8], proof: InclusionProof) {
        guard (0..<size).contains(entry) else { throw absent(entry + 1) }
        return try proving(size) { database in
            let path = try ProofPaths.inclusion(of: entry, in: size).map { try StoredTree.root(of: $0, in: database) }
            return (try LedgerEntry.body(entry, in: database), InclusionProof(index: entry, size: size, path: path))
        }
    }

    /// The proof that the first `later` entries begin with the first `earlier`.
    public func consistency(from earlier: Int64, to later: Int64) throws(DockError) -> ConsistencyProof {
        guard (0...later).contains(earlier) else { throw absent(earlier) }
        return try proving(later) { database in
            let path = try ProofPaths.consistency(from: earlier, to: later)
                .map { try StoredTree.root(of: $0, in: database) }
            return ConsistencyProof(earlier: earlier, later: later, path: path)
        }
    }

    private func proving<Value>(_ size: Int64, _ body: (Database) throws -> Value) throws(DockError) -> Value {
        try reading("cannot prove what the ledger holds") { database in
            guard try (0...StoredTree.head(of: database).entries).contains(size) else { throw absent(size) }
            return try body(database)
        }
    }

    private func absent(_ size: Int64) -> DockError {
        DockError(
            .notFound, "cannot prove what the ledger holds", at: path, because: "it has no \(size) entries",
            next: "give the number of an entry, from 0; 'bodydock ledger verify' prints how many there are")
    }
}

extension StoredTree {
    /// The root over a range of leaves that is a subtree of RFC 6962: it begins at a multiple of every power of two below its size.
    static func root(of range: Range<Int64>, in database: Database) throws -> SHA256Digest {
        var hasher = try MerkleHasher()
        return try root(of: range, in: database, &hasher)
    }

    private static func root(
        of range: Range<Int64>, in database: Database, _ hasher: inout MerkleHasher
    ) throws -> SHA256Digest {
        let (count, end) = (Int64(range.count), range.upperBound)
        if count == 0 { return try hasher.empty() }
        // What is kept beside a leaf spans as many leaves as the lowest set bit of its number plus one.
        if count == 1 || count == end & -end {
            let column = count == 1 ? "leaf" : "node"
            let statement = try database.cachedStatement(sql: "SELECT \(column) FROM entry WHERE sequence = ?")
            guard let hash = try Data.fetchOne(statement, arguments: [end - 1]).flatMap({ SHA256Digest(bytes: $0) })
            else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "entry \(end - 1) is missing") }
            return hash
        }
        let middle = ProofPaths.split(range)
        let left = try root(of: range.lowerBound..<middle, in: database, &hasher)
        return try hasher.node(left, root(of: middle..<end, in: database, &hasher))
    }
}
