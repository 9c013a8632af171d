import DockCore
import Foundation
import GRDB

// What the nightly run asks.

/// An object that a vault gave a receipt for.
public struct Delivery: Sendable, Equatable {
    /// The entry of the latest receipt for it.
    public var sequence: Int64
    /// What it must be.
    public var sealed: SegmentSealed
    /// The latest receipt for it.
    public var receipt: Receipt
}

extension Ledger {
    /// The first entry that is not older than `moment`, by halving: where the dock's clock went back, it may be one nearby.
    public func firstEntry(since moment: Instant) throws(DockError) -> Int64 {
        try reading("cannot look up when something was delivered") { database in
            var (low, high) = (Int64(0), try StoredTree.head(of: database).entries)
            while low < high {
                let middle = low + (high - low) / 2
                if try LedgerEntry.read(middle, in: database).at < moment { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }

    /// How many objects this vault gave receipts for from entry `first` on, but for those that were destroyed since. Reads one index from end to end.
    public func deliveryCount(vault: String, from first: Int64 = 0) throws(DockError) -> Int {
        try reading("cannot count what was delivered") { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT count(DISTINCT r.sealing) FROM entry r
                    WHERE r.sealing IS NOT NULL AND r.kind = 'receipt' AND r.vault = ? AND r.sequence >= ?
                      AND NOT EXISTS(SELECT 1 FROM entry d WHERE d.sealing = r.sealing AND d.kind = 'object.destroyed'
                        AND d.vault = r.vault)
                    """, arguments: [vault, first]) ?? 0
        }
    }

    /// Objects that this vault gave receipts for and that were not destroyed since, by the entry of the latest receipt for each, oldest first.
    /// - Parameters:
    ///   - start: entries up to this one are passed over.
    ///   - end: the last entry that is looked at.
    ///   - limit: at most so many.
    public func deliveries(
        vault: String, after start: Int64, through end: Int64, limit: Int
    ) throws(DockError) -> [Delivery] {
        try reading("cannot look up what was delivered") { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT r.sequence FROM entry r
                    WHERE r.sequence > ? AND r.sequence <= ? AND r.kind = 'receipt' AND r.vault = ?
                      AND NOT EXISTS(SELECT 1 FROM entry n WHERE n.sealing = r.sealing AND n.kind = 'receipt'
                        AND n.vault = r.vault AND n.sequence > r.sequence)
                      AND NOT EXISTS(SELECT 1 FROM entry d WHERE d.sealing = r.sealing AND d.kind = 'object.destroyed'
                        AND d.vault = r.vault)
                    ORDER BY r.sequence LIMIT ?
                    """)
            let sealings = try database.cachedStatement(
                sql:
                    "SELECT sequence FROM entry WHERE sealing = ? AND kind = 'segment.sealed' ORDER BY sequence LIMIT 1"
            )
            return try Int64.fetchAll(statement, arguments: [start, end, vault, limit]).map { sequence in
                guard case .receipt(let value) = try LedgerEntry.read(sequence, in: database).event,
                    let sealing = try Int64.fetchOne(sealings, arguments: [value.receipt.sealing]),
                    case .sealed(let sealed) = try LedgerEntry.read(sealing, in: database).event
                else {
                    throw DatabaseError(
                        resultCode: .SQLITE_CORRUPT, message: "entry \(sequence) is no receipt for an earlier sealing")
                }
                return Delivery(sequence: sequence, sealed: sealed, receipt: value.receipt)
            }
        }
    }

    /// How far the nights have gone through the receipts of this vault; nil if they have not begun.
    public func nightProgress(vault: String) throws(DockError) -> Int64? {
        try reading("cannot look up how far the nights came") { database in
            let statement = try database.cachedStatement(
                sql: "SELECT max(sequence) FROM entry WHERE docking = '' AND kind = 'night.checked' AND vault = ?")
            guard let sequence = try Int64.fetchOne(statement, arguments: [vault]),
                case .nightChecked(let checked) = try LedgerEntry.read(sequence, in: database).event
            else { return nil }
            return checked.through
        }
    }

    /// When the first entry was written; nil if there is none.
    public func began() throws(DockError) -> Instant? {
        try reading("cannot read the ledger") { database in
            try StoredTree.head(of: database).entries > 0 ? LedgerEntry.read(0, in: database).at : nil
        }
    }

    /// The runs of the last night that ended, oldest first; at most the last 20 of them.
    public func lastNight() throws(DockError) -> [NightReport] {
        try reading("cannot look up the last night") { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT sequence FROM entry WHERE docking = '' AND kind = 'night.ended'
                    ORDER BY sequence DESC LIMIT 20
                    """)
            let reports = try Int64.fetchAll(statement, arguments: []).compactMap { sequence in
                if case .nightEnded(let report) = try LedgerEntry.read(sequence, in: database).event {
                    report
                } else {
                    nil
                }
            }
            return reports.prefix { $0.night == reports[0].night }.reversed()
        }
    }
}
