import DockCore
import Foundation
import GRDB

/// The Merkle tree as the rows of `entry` keep it: nothing beside them, so nothing has to be updated.
enum StoredTree {
    /// The tree over all entries, from one row for each of its complete subtrees.
    static func load(from database: Database) throws -> CompactRange {
        try load(from: database, size: try Int64.fetchOne(database, sql: "SELECT max(sequence) + 1 FROM entry") ?? 0)
    }

    private static func load(from database: Database, size: Int64) throws -> CompactRange {
        let select = try database.cachedStatement(sql: "SELECT node FROM entry WHERE sequence = ?")
        var peaks: [SHA256Digest] = []
        for leaf in CompactRange.peakLeaves(of: size) {
            guard let node = try Data.fetchOne(select, arguments: [leaf]), let hash = SHA256Digest(bytes: node) else {
                throw damage("entry \(leaf) is missing")
            }
            peaks.append(hash)
        }
        guard let tree = CompactRange(size: size, peaks: peaks) else {
            throw damage("its entries are not numbered from 0")
        }
        return tree
    }

    static func head(of database: Database) throws -> LedgerHead {
        let tree = try load(from: database)
        var hasher = try MerkleHasher()
        return LedgerHead(entries: tree.size, root: try tree.root(&hasher))
    }

    /// Checks what the next entry will be built on: the last entry is whole, and what it commits to is what is recorded for
    /// the entries before it. Costs as much as one entry, however long the ledger is.
    static func checkEnd(of database: Database) throws {
        let tree = try load(from: database)
        guard tree.size > 0 else { return }
        let last = tree.size - 1
        let row = try Row.fetchOne(
            database, sql: "SELECT leaf, node, CAST(body AS BLOB) FROM entry WHERE sequence = ?", arguments: [last])
        guard let row, let leaf = Data.fromDatabaseValue(row[0]), let node = Data.fromDatabaseValue(row[1]),
            let body = Data.fromDatabaseValue(row[2])
        else { throw damage("entry \(last) is missing") }
        var hasher = try MerkleHasher()
        var before = try load(from: database, size: last)
        let hash = try hasher.leaf([UInt8](body))
        guard hash.bytes.elementsEqual(leaf) else { throw damage("the content of entry \(last) was changed") }
        let entry = try JSONDecoder().decode(LedgerEntry.self, from: body)
        let root = try before.root(&hasher)
        guard entry.sequence == last, entry.tree == root, try before.append(hash, &hasher).bytes.elementsEqual(node)
        else {
            throw damage("entry \(last) does not follow from the entries before it")
        }
    }

    private static func damage(_ why: String) -> DatabaseError {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: why)
    }
}
