import DockCore
import Foundation
import GRDB

// What a handover asks.

/// A docking that began.
public struct DockingBegan: Sendable, Equatable {
    /// Its name.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// When it began.
    public var at: Instant
    /// When the camera had been taken out of the dock before; nil if nobody saw that.
    public var taken: Instant?
    /// What its battery then was, in percent.
    public var takenBattery: Int?
    /// What its battery was as it came, in percent.
    public var battery: Int?
}

/// What the ledger knows of a camera.
public struct CameraHistory: Sendable, Equatable {
    /// When it was here last; nil if it never was.
    public var lastSeen: Instant?
    /// When it was taken out of the dock after its latest docking; nil if nobody saw that.
    public var taken: Instant?
    /// Badge of who wore it last.
    public var wearer: String?
}

extension Ledger {
    /// The dockings that began at `moment` or later, oldest first; the newest `limit` of them.
    public func dockings(since moment: Instant, limit: Int) throws(DockError) -> [DockingBegan] {
        let first = try firstEntry(since: moment)
        return try reading("cannot look up dockings") { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT sequence FROM entry WHERE kind = 'docking.started' AND sequence >= ?
                    ORDER BY sequence DESC LIMIT ?
                    """)
            return try Int64.fetchAll(statement, arguments: [first, limit]).reversed()
                .compactMap { try DockingBegan.read($0, in: database) }
        }
    }

    /// The latest dockings of a camera, oldest first, at most `limit`.
    public func dockings(camera: String, limit: Int) throws(DockError) -> [DockingBegan] {
        try reading("cannot look up a camera's dockings") { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT sequence FROM entry WHERE camera = ? AND kind = 'docking.started'
                    ORDER BY sequence DESC LIMIT ?
                    """)
            return try Int64.fetchAll(statement, arguments: [camera, limit]).reversed()
                .compactMap { try DockingBegan.read($0, in: database) }
        }
    }

    /// What is known of a camera's latest docking.
    public func history(camera: String) throws(DockError) -> CameraHistory {
        guard let start = try latestDocking(camera: camera) else { return CameraHistory() }
        return try reading("cannot look up a camera's latest docking") { database in
            let entries = try LedgerEntry.entries(of: start.docking, in: database)
            let taken = entries.last { if case .taken = $0.event { true } else { false } }
            return CameraHistory(lastSeen: entries.map(\.at).max(), taken: taken?.at, wearer: start.wearer)
        }
    }

    /// Everything about one docking, and the receipts for what it found covered by an earlier one; nil if it never began. Takes time in
    /// proportion to its files.
    public func handover(
        docking: String, _ requirement: ReleasePolicy.Requirement, vaults: [String]
    ) throws(DockError) -> HandoverStory? {
        try reading("cannot look up a docking") { database in
            let all = try database.cachedStatement(
                sql: "SELECT sequence FROM entry WHERE docking = ? ORDER BY sequence")
            let sequences = try Int64.fetchAll(all, arguments: [docking])
            guard !docking.isEmpty, !sequences.isEmpty else { return nil }
            var story = HandoverStory(requirement, vaults: vaults)
            for sequence in sequences {
                let entry = try LedgerEntry.read(sequence, in: database)
                story.take(entry.event, at: entry.at)
            }
            let earlier = try database.cachedStatement(
                sql: """
                    SELECT sequence FROM entry WHERE sealing = ? AND kind IN ('segment.sealed', 'receipt') ORDER BY sequence
                    """)
            for sealing in Set(story.foreign) {
                for sequence in try Int64.fetchAll(earlier, arguments: [sealing]) {
                    let entry = try LedgerEntry.read(sequence, in: database)
                    switch entry.event {
                    case .sealed(let value): story.take(earlier: value)
                    case .receipt: story.take(earlierReceipt: entry.event)
                    default: break
                    }
                }
            }
            return story
        }
    }

    /// The reports of shifts that were made, newest first, at most `limit`.
    public func shiftReports(limit: Int) throws(DockError) -> [ShiftReported] {
        try latest("shift.reported", limit: limit).compactMap {
            if case .shiftReported(let value) = $0 { value } else { nil }
        }
    }

    /// What became of alarms, oldest first; the newest `limit` changes.
    public func alarmChanges(limit: Int) throws(DockError) -> [AlarmChange] {
        try latest("alarm.changed", limit: limit).reversed().compactMap {
            if case .alarm(let value) = $0 { value } else { nil }
        }
    }

    /// The latest entries of a kind that belongs to no docking, newest first.
    private func latest(_ kind: String, limit: Int) throws(DockError) -> [LedgerEvent] {
        try reading("cannot look up what was written down") { database in
            let statement = try database.cachedStatement(
                sql: "SELECT sequence FROM entry WHERE docking = '' AND kind = ? ORDER BY sequence DESC LIMIT ?")
            return try Int64.fetchAll(statement, arguments: [kind, limit])
                .map { try LedgerEntry.read($0, in: database).event }
        }
    }
}

extension DockingBegan {
    /// The docking that entry `sequence` began.
    fileprivate static func read(_ sequence: Int64, in database: Database) throws -> DockingBegan? {
        let entry = try LedgerEntry.read(sequence, in: database)
        guard case .dockingStarted(let start) = entry.event else { return nil }
        var began = DockingBegan(
            docking: start.docking, camera: start.camera.serial, at: entry.at, taken: nil, takenBattery: nil,
            battery: start.battery)
        let before = try database.cachedStatement(
            sql: """
                SELECT docking FROM entry WHERE camera = ? AND kind = 'docking.started' AND sequence < ?
                ORDER BY sequence DESC LIMIT 1
                """)
        guard let docking = try String.fetchOne(before, arguments: [began.camera, sequence]) else { return began }
        let taken = try database.cachedStatement(
            sql: "SELECT max(sequence) FROM entry WHERE docking = ? AND kind = 'camera.taken'")
        guard let last = try Int64.fetchOne(taken, arguments: [docking]) else { return began }
        let event = try LedgerEntry.read(last, in: database)
        if case .taken(let value) = event.event { (began.taken, began.takenBattery) = (event.at, value.battery) }
        return began
    }
}
