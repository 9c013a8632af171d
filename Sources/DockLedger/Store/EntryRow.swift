import DockCore
import Foundation
import GRDB

/// One row of the table `entry`.
struct EntryRow {
    var sequence: Int64
    /// Hash of the body, as a leaf.
    var leaf: SHA256Digest
    /// What ``CompactRange/append(_:_:)`` gave for it.
    var node: SHA256Digest
    var keys: EntryKeys
    var body: [UInt8]

    private static let keyColumns = [
        "kind", "docking", "camera", "path", "content", "bytes", "modified", "sealing", "vault",
    ]
    private static let columns = ["sequence", "leaf", "node"] + keyColumns
    private static let texts: Set<String> = ["kind", "docking", "camera", "path", "sealing", "vault"]

    static func insertion(in database: Database) throws -> Statement {
        let marks = Array(repeating: "?", count: columns.count + 1).joined(separator: ",")
        return try database.cachedStatement(
            sql: "INSERT INTO entry(\(columns.joined(separator: ",")),body) VALUES(\(marks))")
    }

    func write(with insertion: Statement) throws {
        insertion.setUncheckedArguments(
            StatementArguments(values + [String(decoding: body, as: UTF8.self).databaseValue]))
        try insertion.execute()
    }

    /// All rows, in order: the columns of ``values``, then the body. Texts are read as their bytes, so that nothing in them
    /// escapes the comparison (a NUL would end a C string; Swift takes canonically equivalent texts for equal).
    static func all(in database: Database) throws -> RowCursor {
        let selected = columns.map { texts.contains($0) ? "CAST(\($0) AS BLOB)" : $0 }.joined(separator: ",")
        return try Row.fetchCursor(database, sql: "SELECT \(selected),CAST(body AS BLOB) FROM entry ORDER BY sequence")
    }

    /// A row of ``all(in:)``.
    struct Stored: Sendable {
        /// The columns of ``values``, then the body.
        let columns: [DatabaseValue]

        init(_ row: Row) { columns = Array(row.databaseValues) }

        var sequence: Int64? { Int64.fromDatabaseValue(columns[0]) }
        var leaf: Data? { Data.fromDatabaseValue(columns[1]) }
        var node: Data? { Data.fromDatabaseValue(columns[2]) }
        var body: Data { Data.fromDatabaseValue(columns[EntryRow.columns.count]) ?? Data() }

        /// The columns that are not what follows from the entry.
        func differences(from keys: EntryKeys) -> [String] {
            zip(EntryRow.keyColumns, zip(keys.values, columns.dropFirst(3))).compactMap { column, pair in
                var expected = pair.0
                if case .string(let text) = expected.storage { expected = Data(text.utf8).databaseValue }
                return pair.1 == expected ? nil : column
            }
        }
    }

    private var values: [DatabaseValue] {
        [sequence.databaseValue, Data(leaf.bytes).databaseValue, Data(node.bytes).databaseValue] + keys.values
    }
}

extension EntryKeys {
    fileprivate var values: [DatabaseValue] {
        [
            kind.rawValue.databaseValue, docking.databaseValue, camera.databaseValue, path.databaseValue,
            (content.map { Data($0.bytes) }).databaseValue, bytes.databaseValue, modified.databaseValue,
            sealing.databaseValue, vault.databaseValue,
        ]
    }
}

// Reading what may be damaged: GRDB's own subscripts stop the program at a value of another type.
extension Row {
    /// The integer at `index`, or 0.
    func integer(_ index: Int) -> Int64 { Int64.fromDatabaseValue(self[index]) ?? 0 }

    /// The text at `index`, or none.
    func text(_ index: Int) -> String { String.fromDatabaseValue(self[index]) ?? "" }
}
