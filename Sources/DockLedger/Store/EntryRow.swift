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

    private static let columns = [
        "sequence", "leaf", "node", "kind", "docking", "camera", "path", "content", "bytes", "modified", "sealing",
        "vault",
    ]
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

    /// The columns whose content differs from what follows from this row's body.
    /// - Parameter stored: the columns of a row of ``all(in:)``.
    func differences(from stored: [DatabaseValue]) -> [String] {
        zip(EntryRow.columns, zip(values, stored)).compactMap { column, pair in
            var expected = pair.0
            if case .string(let text) = expected.storage { expected = Data(text.utf8).databaseValue }
            return pair.1 == expected ? nil : column
        }
    }

    /// The bytes of the body in a row of ``all(in:)``.
    static func body(of columns: [DatabaseValue]) -> Data {
        Data.fromDatabaseValue(columns[self.columns.count]) ?? Data()
    }

    private var values: [DatabaseValue] {
        [
            sequence.databaseValue, Data(leaf.bytes).databaseValue, Data(node.bytes).databaseValue,
            keys.kind.rawValue.databaseValue, keys.docking.databaseValue, keys.camera.databaseValue,
            keys.path.databaseValue, (keys.content.map { Data($0.bytes) }).databaseValue, keys.bytes.databaseValue,
            keys.modified.databaseValue, keys.sealing.databaseValue, keys.vault.databaseValue,
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
