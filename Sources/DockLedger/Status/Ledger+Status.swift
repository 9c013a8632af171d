import DockCore
import Foundation
import GRDB

extension Ledger {
    /// The last dockings, totals and what is pending, in one consistent view.
    /// - Parameters:
    ///   - limit: at most so many dockings, and at most so many pending sealings are named.
    ///   - vaults: names of the vaults that should hold every sealing.
    public func status(limit: Int, vaults: [String]) throws(DockError) -> LedgerStatus {
        try reading("cannot read the ledger's status") { database in
            let started = try database.cachedStatement(
                sql: "SELECT sequence FROM entry WHERE kind = 'docking.started' ORDER BY sequence DESC LIMIT ?")
            return LedgerStatus(
                head: try StoredTree.head(of: database),
                totals: try LedgerStatus.Totals(of: database),
                dockings: try Int64.fetchAll(started, arguments: [limit]).map {
                    try LedgerStatus.Docking(startedAt: $0, in: database)
                },
                pending: try LedgerStatus.Pending(of: database, vaults: vaults, limit: limit))
        }
    }
}

extension LedgerStatus.Totals {
    fileprivate init(of database: Database) throws {
        let kinds: [LedgerEvent.Kind] = [.dockingStarted, .sealed, .verified, .receipt, .finding, .erasePermitted]
        let counts = kinds.map { "total(kind = '\($0.rawValue)')" }.joined(separator: ",")
        let row = try Row.fetchOne(database, sql: "SELECT coalesce(sum(bytes), 0), \(counts) FROM entry")
        func number(_ index: Int) -> Int64 { row?.integer(index) ?? 0 }
        self.init(
            dockings: number(1), sealed: number(2), sealedBytes: number(0), verified: number(3), receipts: number(4),
            findings: number(5), permits: number(6))
    }
}

extension LedgerStatus.Docking {
    fileprivate init(startedAt sequence: Int64, in database: Database) throws {
        let entry = try LedgerEntry.read(sequence, in: database)
        guard case .dockingStarted(let start) = entry.event else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "entry \(sequence) is not the start of a docking")
        }
        self.init(
            name: start.docking, dock: start.dock, camera: start.camera, wearer: start.wearer, profile: start.profile,
            started: entry.at, ended: nil, outcome: nil, reasons: [], segments: start.segments, bytes: start.bytes,
            sealed: 0,
            sealedBytes: 0, verified: 0, receipts: [:], findings: 0, firstFindings: [], permitted: nil, erased: nil,
            left: [])
        try count(in: database)
        try readEvents(in: database)
    }

    private mutating func count(in database: Database) throws {
        let statement = try database.cachedStatement(
            sql:
                "SELECT kind, vault, count(*), coalesce(sum(bytes), 0) FROM entry WHERE docking = ? GROUP BY kind, vault"
        )
        for row in try Row.fetchAll(statement, arguments: [name]) {
            let count = row.integer(2)
            switch LedgerEvent.Kind(rawValue: row.text(0)) {
            case .sealed: (sealed, sealedBytes) = (count, row.integer(3))
            case .verified: verified = count
            case .receipt: receipts[row.text(1)] = count
            case .finding: findings = count
            default: break
            }
        }
    }

    private mutating func readEvents(in database: Database) throws {
        let first = try database.cachedStatement(
            sql: "SELECT sequence FROM entry WHERE docking = ? AND kind = 'finding' ORDER BY sequence LIMIT ?")
        for sequence in try Int64.fetchAll(first, arguments: [name, LedgerStatus.namedFindings]) {
            guard case .finding(let value) = try LedgerEntry.read(sequence, in: database).event else { continue }
            firstFindings.append(value.finding)
        }
        // A docking that paused or was tried again has several of these: the last one counts.
        if case .erasePermitted(let value)? = try latest([.erasePermitted], in: database)?.event {
            permitted = value.files
        }
        if case .erased(let value)? = try latest([.erased], in: database)?.event {
            (erased, left) = (value.erased, value.left)
        }
        let entry = try latest([.dockingEnded, .dockingPaused, .dockingResumed], in: database)
        switch entry?.event {
        case .dockingEnded(let value):
            ended = entry?.at
            (outcome, reasons) = LedgerStatus.Docking.words(for: value.outcome)
        case .dockingPaused(let value): (outcome, reasons) = LedgerStatus.Docking.words(for: value.outcome)
        default: break
        }
    }

    /// The last entry of this docking that is of one of these kinds.
    private func latest(_ kinds: [LedgerEvent.Kind], in database: Database) throws -> LedgerEntry? {
        let list = kinds.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        let statement = try database.cachedStatement(
            sql: "SELECT max(sequence) FROM entry WHERE docking = ? AND kind IN (\(list))")
        guard let sequence = try Int64.fetchOne(statement, arguments: [name]) else { return nil }
        return try LedgerEntry.read(sequence, in: database)
    }

    private static func words(for outcome: DockingOutcome) -> (String, [String]) {
        switch outcome {
        case .emptied: ("emptied", [])
        case .kept: ("kept", [])
        case .cooling: ("cooling", outcome.reasons)
        case .held(let reasons): ("held", reasons)
        case .incomplete(let reasons): ("incomplete", reasons)
        case .interrupted(let reasons): ("interrupted", reasons)
        }
    }
}

extension LedgerStatus.Pending {
    fileprivate init(of database: Database, vaults: [String], limit: Int) throws {
        let total = try PendingSealing.total(in: database, vaults: vaults)
        let oldest = try PendingSealing.sequences(in: database, vaults: vaults, limit: limit).map { sequence in
            let known = try KnownSealing.read(sequence, in: database)
            let held = Set(known.receipts.map(\.vault))
            let sealed = known.sealed
            return LedgerStatus.Sealing(
                id: sealed.sealed.id, docking: sealed.docking, camera: sealed.camera, path: sealed.path,
                bytes: sealed.sealed.plaintextBytes, object: sealed.sealed.object, held: held.sorted(),
                missing: vaults.filter { !held.contains($0) })
        }
        self.init(count: total.count, bytes: total.bytes, oldest: oldest)
    }
}
