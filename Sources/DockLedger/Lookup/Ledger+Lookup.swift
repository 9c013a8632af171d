import DockCore
import Foundation
import GRDB

// What an offload asks the ledger. Each question is answered through an index, in O(log n) of the number of entries.

extension Ledger {
    /// The latest sealing of exactly this content from this path of this camera: it need not be sealed again.
    public func sealing(camera: String, path: CameraPath, sha256: SHA256Digest) throws(DockError) -> KnownSealing? {
        try sealing(
            where: "camera = ? AND path = ? AND content = ? AND kind = 'segment.sealed'",
            [camera, path.description, Data(sha256.bytes)])
    }

    /// The latest sealing from this path of this camera of a file with this size (bytes) and time of change (nanoseconds
    /// since 1970). It tells what to expect, not that the content is the same.
    public func sealing(camera: String, path: CameraPath, bytes: Int64, modified: Int64) throws(DockError)
        -> KnownSealing?
    {
        try sealing(
            where: "camera = ? AND path = ? AND bytes = ? AND modified = ? AND kind = 'segment.sealed'",
            [camera, path.description, bytes, modified])
    }

    /// The sealing of this name (``SealedSegment/id``), as files in the spool carry it.
    public func sealing(id: String) throws(DockError) -> KnownSealing? {
        try sealing(where: "sealing = ? AND kind = 'segment.sealed'", [id])
    }

    /// Whether a docking of this camera sealed (or verified) this path, with this content where `expected` is a SHA-256, and
    /// was then permitted to erase: a crash in the middle of that erase explains why the file is listed but missing. Where
    /// there is no SHA-256 to compare, an earlier file of the same name counts too.
    public func wasErasedUnderPermit(camera: String, path: CameraPath, expected: ExpectedDigest?) throws(DockError)
        -> Bool
    {
        var arguments: StatementArguments = [camera, path.description]
        var content = ""
        if case .sha256(let digest) = expected {
            content = "AND s.content = ?"
            arguments += [Data(digest.bytes)]
        }
        return try reading("cannot look up an erased file") { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT 1 FROM entry s WHERE s.camera = ? AND s.path = ? \(content) AND EXISTS(
                      SELECT 1 FROM entry p WHERE p.docking = s.docking AND p.kind = 'erase.permitted'
                        AND p.sequence > s.sequence AND p.camera = s.camera)
                    LIMIT 1
                    """)
            return try Int.fetchOne(statement, arguments: arguments) != nil
        }
    }

    /// Sealings that lack a receipt from one of these vaults, oldest first, at most `limit`. Reads one index from end to end.
    ///
    /// A vault that was added later has no receipts for older sealings, whose ciphertext is not in the spool any more: ask
    /// the spool what can still be delivered.
    public func pendingSealings(vaults: [String], limit: Int = .max) throws(DockError) -> [PendingSealing] {
        try reading("cannot look up pending sealings") { database in
            try PendingSealing.sequences(in: database, vaults: vaults, limit: limit).map { sequence in
                let sealing = try KnownSealing.read(sequence, in: database)
                let held = Set(sealing.receipts.map(\.vault))
                return PendingSealing(sealing: sealing, missing: vaults.filter { !held.contains($0) })
            }
        }
    }

    private func sealing(where condition: String, _ arguments: StatementArguments) throws(DockError) -> KnownSealing? {
        try reading("cannot look up a sealing") { database in
            let statement = try database.cachedStatement(
                sql: "SELECT sequence FROM entry WHERE \(condition) ORDER BY sequence DESC LIMIT 1")
            guard let sequence = try Int64.fetchOne(statement, arguments: arguments) else { return nil }
            return try KnownSealing.read(sequence, in: database)
        }
    }
}

extension KnownSealing {
    /// The sealing that entry `sequence` tells of, with its receipts.
    static func read(_ sequence: Int64, in database: Database) throws -> KnownSealing {
        let entry = try LedgerEntry.read(sequence, in: database)
        guard case .sealed(let sealed) = entry.event else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "entry \(sequence) is not a sealing")
        }
        let statement = try database.cachedStatement(
            sql: "SELECT sequence FROM entry WHERE sealing = ? AND kind = 'receipt' ORDER BY sequence")
        let receipts = try Int64.fetchAll(statement, arguments: [sealed.sealed.id]).map { sequence in
            guard case .receipt(let value) = try LedgerEntry.read(sequence, in: database).event else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "entry \(sequence) is not a receipt")
            }
            return value.receipt
        }
        return KnownSealing(sequence: sequence, at: entry.at, sealed: sealed, receipts: receipts)
    }
}

extension LedgerEntry {
    /// The entry `sequence`, if its content still hashes to its leaf: nothing is decided on a damaged entry.
    static func read(_ sequence: Int64, in database: Database) throws -> LedgerEntry {
        try JSONDecoder().decode(LedgerEntry.self, from: Data(body(sequence, in: database)))
    }

    /// The bytes of the entry `sequence`, if they still hash to its leaf.
    static func body(_ sequence: Int64, in database: Database) throws -> [UInt8] {
        let statement = try database.cachedStatement(
            sql: "SELECT leaf, CAST(body AS BLOB) FROM entry WHERE sequence = ?")
        guard let row = try Row.fetchOne(statement, arguments: [sequence]), let leaf = Data.fromDatabaseValue(row[0]),
            let body = Data.fromDatabaseValue(row[1])
        else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "entry \(sequence) is missing") }
        var hasher = try MerkleHasher()
        let bytes = [UInt8](body)
        guard try hasher.leaf(bytes).bytes.elementsEqual(leaf) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the content of entry \(sequence) was changed")
        }
        return bytes
    }
}

extension PendingSealing {
    /// The entries of sealings that lack a receipt from one of these vaults, oldest first.
    static func sequences(in database: Database, vaults: [String], limit: Int) throws -> [Int64] {
        try Int64.fetchAll(
            database,
            sql: "SELECT s.sequence FROM \(source(vaults)) ORDER BY s.sequence LIMIT ?",
            arguments: StatementArguments(vaults) + [Set(vaults).count, limit])
    }

    /// How many there are, and the bytes of their plaintext.
    static func total(in database: Database, vaults: [String]) throws -> (count: Int64, bytes: Int64) {
        let row = try Row.fetchOne(
            database, sql: "SELECT count(*), coalesce(sum(s.bytes), 0) FROM \(source(vaults))",
            arguments: StatementArguments(vaults) + [Set(vaults).count])
        return (row?.integer(0) ?? 0, row?.integer(1) ?? 0)
    }

    private static func source(_ vaults: [String]) -> String {
        let marks = vaults.map { _ in "?" }.joined(separator: ",")
        return """
            entry s WHERE s.sealing IS NOT NULL AND s.kind = 'segment.sealed' AND (
              SELECT count(DISTINCT r.vault) FROM entry r
              WHERE r.sealing = s.sealing AND r.kind = 'receipt' AND r.vault IN (\(marks))) < ?
            """
    }
}
