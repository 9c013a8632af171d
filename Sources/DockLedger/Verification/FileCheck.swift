import DockCore
import DockSystem
import GRDB

/// SQLite's own check of the ledger's file, which covers what hashes do not: pages, indexes, types. It has a thread and a connection of
/// its own, so that it costs no time beside the check of the entries.
struct FileCheck: Sendable {
    private let outcome = BoundedQueue<Result<[String], DockError>>(capacity: 1)

    /// Begins it.
    init(_ file: LedgerFile) {
        _ = Worker("file check") { [outcome] in
            outcome.send(Result { () throws(DockError) in try FileCheck.run(file) })
        }
    }

    /// Waits for it. To be called once.
    /// - Returns: what is wrong, a sentence each.
    /// - Throws: only if the disk cannot be read.
    func problems() throws(DockError) -> [String] { try outcome.receive()?.get() ?? [] }

    private static func run(_ file: LedgerFile) throws(DockError) -> [String] {
        let queue = try file.open(readOnly: true)
        do {
            return try queue.read { database in
                let lines = try String.fetchAll(database, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
                return try lines.map { "SQLite: \($0)" } + LedgerSchema.differences(in: database)
            }
        } catch let error as DatabaseError where error.isDamage {
            return ["the file cannot be checked: \(error.message ?? error.description)"]
        } catch {
            throw DockError(database: error, "cannot check the ledger", at: file.path)
        }
    }
}

extension DatabaseError {
    /// Whether it is about what is in the file, and not about reading it.
    var isDamage: Bool { [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR, .SQLITE_MISMATCH].contains(resultCode) }
}
