import DockCore
import Foundation
import GRDB

extension Ledger {
    /// Every line of the access log in this time, oldest first.
    /// - Parameters:
    ///   - from: entries before are left out; nil for the beginning.
    ///   - to: entries after are left out; nil for the end.
    public func audit(from: Instant?, to: Instant?, _ body: (AuditLine) -> Void) throws(DockError) {
        let first = try from.map { moment throws(DockError) in try firstEntry(since: moment) } ?? 0
        try reading("cannot read the access log") { database in
            let kinds: [LedgerEvent.Kind] = [
                .dockingStarted, .provisioned, .nightChecked, .disclosed, .erased, .certificate, .holdAdded,
                .holdRemoved,
                .objectDestroyed,
            ]
            let list = kinds.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            let statement = try database.cachedStatement(
                sql: "SELECT sequence FROM entry WHERE sequence >= ? AND kind IN (\(list)) ORDER BY sequence")
            for sequence in try Int64.fetchAll(statement, arguments: [first]) {
                let entry = try LedgerEntry.read(sequence, in: database)
                guard to.map({ entry.at <= $0 }) ?? true else { continue }
                if let line = AuditLine(entry.event, at: entry.at, entry: sequence, dock: entry.dock) { body(line) }
            }
        }
    }
}
