import DockCore
import GRDB

// What holds and retention ask.

/// A sealing that some vault still has, as far as the ledger knows.
public struct KeptSealing: Sendable, Equatable {
    /// What was sealed, and who gave receipts for it.
    public var sealing: KnownSealing
    /// What the camera's clock showed in its docking; nil if nobody knows.
    public var cameraClock: Instant?
    /// Vaults from which it was destroyed.
    public var destroyed: Set<String>
    /// Entries that permit its destruction in a vault, which is not known to have come about.
    public var permits: [String: Int64]
}

/// What was destroyed by which permit, and when.
public struct KnownDestruction: Sendable, Equatable {
    /// The entry that says so.
    public var sequence: Int64
    /// When it was written.
    public var at: Instant
    /// The permit.
    public var permitted: DestructionPermitted
    /// The end of it.
    public var destroyed: ObjectDestroyed
}

extension Ledger {
    /// All holds that there ever were.
    public func holds() throws(DockError) -> Holds {
        try reading("cannot look up holds") { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT sequence FROM entry
                    WHERE docking = '' AND kind IN ('hold.added', 'hold.removed', 'hold.placed') ORDER BY sequence
                    """)
            var holds = Holds()
            for sequence in try Int64.fetchAll(statement) {
                let entry = try LedgerEntry.read(sequence, in: database)
                holds.note(entry.event, at: entry.at)
            }
            let dockings = try database.cachedStatement(
                sql: """
                    SELECT DISTINCT docking FROM entry WHERE camera = ? AND path IS NOT NULL
                      AND kind IN ('segment.sealed', 'segment.verified') AND json_extract(body, '$.event.recording') = ?
                    """)
            for hold in holds.all.filter(\.isActive).map(\.added) {
                for docking in try String.fetchAll(dockings, arguments: [hold.camera, hold.recording]) {
                    holds.note(docking: docking, camera: hold.camera, recording: hold.recording)
                }
            }
            return holds
        }
    }

    /// Whether something of this recording was sealed and is not destroyed, whether a vault has it yet or not.
    public func hasFootage(camera: String, recording: String) throws(DockError) -> Bool {
        try reading("cannot look up a recording") { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT 1 FROM entry s WHERE s.camera = ? AND s.path IS NOT NULL AND s.kind = 'segment.sealed'
                      AND json_extract(s.body, '$.event.recording') = ?
                      AND (SELECT count(DISTINCT d.vault) FROM entry d WHERE d.sealing = s.sealing
                        AND d.kind = 'object.destroyed') < max(1, (SELECT count(DISTINCT r.vault) FROM entry r
                        WHERE r.sealing = s.sealing AND r.kind = 'receipt'))
                    LIMIT 1
                    """, arguments: [camera, recording]) != nil
        }
    }

    /// The entries of sealings that some vault still has, oldest first. Reads one index from end to end.
    /// - Parameter camera: only of this camera.
    public func keptSealings(camera: String? = nil) throws(DockError) -> [Int64] {
        try reading("cannot look up what the vaults keep") { database in
            try Int64.fetchAll(
                database,
                sql: """
                    SELECT s.sequence FROM entry s WHERE s.sealing IS NOT NULL AND s.kind = 'segment.sealed'
                      \(camera == nil ? "" : "AND s.camera = ? AND s.path IS NOT NULL")
                      AND EXISTS(SELECT 1 FROM entry r WHERE r.sealing = s.sealing AND r.kind = 'receipt'
                        AND NOT EXISTS(SELECT 1 FROM entry d WHERE d.sealing = r.sealing AND d.kind = 'object.destroyed'
                          AND d.vault = r.vault))
                    ORDER BY s.sequence
                    """, arguments: camera.map { [$0] } ?? [])
        }
    }

    /// What these entries of sealings tell, with what became of them since.
    public func kept(_ sequences: some Sequence<Int64> & Sendable) throws(DockError) -> [KeptSealing] {
        try reading("cannot look up what the vaults keep") { database in
            var clocks: [String: Instant?] = [:]
            return try sequences.map { sequence in
                let sealing = try KnownSealing.read(sequence, in: database)
                let docking = sealing.sealed.docking
                let clock = try clocks[docking] ?? KeptSealing.clock(docking, in: database)
                clocks[docking] = .some(clock)
                var kept = KeptSealing(sealing: sealing, cameraClock: clock, destroyed: [], permits: [:])
                try kept.readDestruction(in: database)
                return kept
            }
        }
    }

    /// The permit that an entry gives; nil if it is no such entry.
    public func destructionPermit(_ sequence: Int64) throws(DockError) -> DestructionPermitted? {
        try reading("cannot look up a permit") { database in
            guard case .destructionPermitted(let value) = try LedgerEntry.read(sequence, in: database).event else {
                return nil
            }
            return value
        }
    }

    /// What was destroyed and is on no record yet, oldest first, at most `limit`.
    public func unrecordedDestructions(limit: Int) throws(DockError) -> [KnownDestruction] {
        try reading("cannot look up what was destroyed") { database in
            let last = try Int64.fetchOne(
                database, sql: "SELECT max(sequence) FROM entry WHERE docking = '' AND kind = 'destruction.recorded'")
            var through: Int64 = -1
            if let last, case .destructionRecorded(let value) = try LedgerEntry.read(last, in: database).event {
                through = value.through
            }
            let sequences = try Int64.fetchAll(
                database,
                sql: """
                    SELECT sequence FROM entry WHERE sealing IS NOT NULL AND kind = 'object.destroyed' AND sequence > ?
                    ORDER BY sequence LIMIT ?
                    """, arguments: [through, limit])
            return try sequences.map { sequence in
                let entry = try LedgerEntry.read(sequence, in: database)
                guard case .objectDestroyed(let destroyed) = entry.event,
                    case .destructionPermitted(let permitted) = try LedgerEntry.read(destroyed.permit, in: database)
                        .event
                else {
                    throw DatabaseError(
                        resultCode: .SQLITE_CORRUPT, message: "entry \(sequence) has no permit for its destruction")
                }
                return KnownDestruction(
                    sequence: sequence, at: entry.at, permitted: permitted, destroyed: destroyed)
            }
        }
    }

    /// The recording of an object, by its full name in a vault, or the end of it; nil if there is none, or several share the end.
    public func recording(ofObject name: String) throws(DockError) -> (camera: String, recording: String)? {
        try reading("cannot look up an object") { database in
            let sealings = try String.fetchAll(
                database,
                sql: """
                    SELECT DISTINCT sealing FROM (SELECT sealing, json_extract(body, '$.event.receipt.key') AS name
                      FROM entry WHERE kind = 'receipt' AND sealing IS NOT NULL)
                    WHERE name = ?1 OR substr(name, -length(?1) - 1) = '/' || ?1
                    """, arguments: [name])
            var found: [(camera: String, recording: String)] = []
            let statement = try database.cachedStatement(
                sql: "SELECT sequence FROM entry WHERE sealing = ? AND kind = 'segment.sealed'")
            for sealing in sealings {
                guard let sequence = try Int64.fetchOne(statement, arguments: [sealing]) else { continue }
                let sealed = try KnownSealing.read(sequence, in: database).sealed
                if !found.contains(where: { $0 == (sealed.camera, sealed.recording) }) {
                    found.append((sealed.camera, sealed.recording))
                }
            }
            return found.count == 1 ? found[0] : nil
        }
    }
}

extension KeptSealing {
    fileprivate static func clock(_ docking: String, in database: Database) throws -> Instant? {
        let statement = try database.cachedStatement(
            sql: "SELECT sequence FROM entry WHERE docking = ? AND kind = 'docking.started' ORDER BY sequence LIMIT 1")
        guard let sequence = try Int64.fetchOne(statement, arguments: [docking]),
            case .dockingStarted(let start) = try LedgerEntry.read(sequence, in: database).event
        else { return nil }
        return start.cameraClock
    }

    fileprivate mutating func readDestruction(in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                SELECT kind, vault, sequence FROM entry
                WHERE sealing = ? AND kind IN ('destruction.permitted', 'object.destroyed') ORDER BY sequence
                """)
        for row in try Row.fetchAll(statement, arguments: [sealing.sealed.sealed.id]) {
            guard let vault = String.fromDatabaseValue(row[1]) else { continue }
            if row.text(0) == "object.destroyed" {
                destroyed.insert(vault)
                permits[vault] = nil
            } else {
                permits[vault] = row.integer(2)
            }
        }
    }
}
