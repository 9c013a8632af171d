import DockCore
import Foundation
import GRDB

/// A signing key that is or was in force on the dock.
public struct KnownKey: Sendable, Equatable {
    /// What the ledger was told when it came.
    public var adopted: KeyAdopted
    /// When that was.
    public var since: Instant
    /// Until when it counts beside the key after it; nil for the one in force.
    public var until: Instant?
    /// When it was revoked, and why; nil if it was not.
    public var revoked: (at: Instant, reason: String)?

    /// Compares all values.
    public static func == (left: KnownKey, right: KnownKey) -> Bool {
        left.adopted == right.adopted && left.since == right.since && left.until == right.until
            && left.revoked?.at == right.revoked?.at && left.revoked?.reason == right.revoked?.reason
    }
}

extension Ledger {
    /// The dock's signing keys, oldest first; the last is the one in force.
    public func keys() throws(DockError) -> [KnownKey] {
        var keys: [KnownKey] = []
        for entry in try dockEntries(["key.adopted", "key.revoked"]) {
            switch entry.event {
            case .keyAdopted(let adopted):
                // Two processes that began at once may both have told of it.
                if keys.last?.adopted.key == adopted.key { continue }
                if let last = keys.indices.last { keys[last].until = adopted.handover?.until ?? entry.at }
                keys.append(KnownKey(adopted: adopted, since: entry.at))
            case .keyRevoked(let revoked):
                for index in keys.indices where keys[index].adopted.key == revoked.key {
                    keys[index].revoked = keys[index].revoked ?? (entry.at, revoked.reason)
                }
            default: break
            }
        }
        return keys
    }

    /// For whom footage was sealed, oldest first, each since when.
    public func recipients() throws(DockError) -> [(since: Instant, recipients: [String])] {
        try dockEntries(["recipients.changed"]).compactMap { entry in
            if case .recipientsChanged(let changed) = entry.event { (entry.at, changed.recipients) } else { nil }
        }
    }

    /// Entries of these kinds, which belong to no docking, oldest first.
    private func dockEntries(_ kinds: [String]) throws(DockError) -> [LedgerEntry] {
        try reading("cannot look up the dock's keys") { database in
            let marks = kinds.map { _ in "?" }.joined(separator: ",")
            let statement = try database.cachedStatement(
                sql: "SELECT sequence FROM entry WHERE docking = '' AND kind IN (\(marks)) ORDER BY sequence")
            return try Int64.fetchAll(statement, arguments: StatementArguments(kinds))
                .map { try LedgerEntry.read($0, in: database) }
        }
    }
}
