import DockCore
import Foundation
import GRDB

// What the agent asks when a camera is plugged in.

/// The latest docking of a camera, as the ledger knows it.
public struct LatestDocking: Sendable, Equatable {
    /// How it began.
    public var start: DockingStarted
    /// How the camera was plugged in last.
    public var visit: Visit?
    /// Whether it ended; otherwise it runs, paused or was cut short.
    public var isEnded: Bool
    /// What was found in it.
    public var findings: Set<Finding>
}

/// A camera that was released.
public struct KnownRelease: Sendable, Equatable {
    /// How its docking began.
    public var start: DockingStarted
    /// What was done.
    public var released: CameraReleased
    /// When.
    public var at: Instant
    /// How its medium was emptied last; nil if it was not.
    public var method: EraseMethod?
}

/// A new file system that was begun.
public struct KnownFormat: Sendable, Equatable {
    /// How its docking began.
    public var start: DockingStarted
    /// How it began.
    public var began: FormatBegan
    /// Whether a certificate says that it was completed.
    public var isCompleted: Bool
}

/// What a docking read of one file.
public struct KnownReading: Sendable, Equatable {
    /// How its content was established.
    public var verification: Verification
    /// SHA-256 of the bytes.
    public var sha256: SHA256Digest
    /// The sealing that covers them.
    public var sealing: String
}

extension Ledger {
    /// The latest docking of this camera; nil if it was never here.
    public func latestDockingState(camera: String) throws(DockError) -> LatestDocking? {
        guard let start = try latestDocking(camera: camera) else { return nil }
        return try reading("cannot look up a camera's latest docking") { database in
            let events = try LedgerEntry.events(of: start.docking, in: database)
            var latest = LatestDocking(start: start, visit: start.visit, isEnded: false, findings: [])
            for event in events {
                switch event {
                case .finding(let value): latest.findings.insert(value.finding)
                case .dockingResumed(let value): (latest.visit, latest.isEnded) = (value.visit, false)
                case .dockingEnded: latest.isEnded = true
                default: break
                }
            }
            return latest
        }
    }

    /// What a docking read last of a file.
    public func reading(docking: String, camera: String, path: CameraPath) throws(DockError) -> KnownReading? {
        try reading("cannot look up what was read") { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT sequence FROM entry WHERE camera = ? AND path = ? AND docking = ?
                      AND kind IN ('segment.sealed', 'segment.verified') ORDER BY sequence DESC LIMIT 1
                    """)
            guard let sequence = try Int64.fetchOne(statement, arguments: [camera, path.description, docking]) else {
                return nil
            }
            switch try LedgerEntry.read(sequence, in: database).event {
            case .sealed(let value):
                return KnownReading(
                    verification: value.verification, sha256: value.sealed.plaintext, sealing: value.sealed.id)
            case .verified(let value):
                return KnownReading(verification: value.verification, sha256: value.sha256, sealing: value.sealing)
            default: return nil
            }
        }
    }

    /// The new file system that was begun under this docking with this marker; nil if there was none.
    public func format(docking: String, marker: String) throws(DockError) -> KnownFormat? {
        try reading("cannot look up an interrupted erase") { database in
            var start: DockingStarted?
            var found: KnownFormat?
            for event in try LedgerEntry.events(of: docking, in: database) {
                switch event {
                case .dockingStarted(let value): start = value
                case .formatBegan(let began) where began.marker == marker:
                    found = start.map { KnownFormat(start: $0, began: began, isCompleted: false) }
                case .certificate: found?.isCompleted = true
                default: break
                }
            }
            return found
        }
    }

    /// Whether a docking has begun and not ended.
    public func isOpen(docking: String) throws(DockError) -> Bool {
        try reading("cannot look up a docking") { database in
            var isOpen = false
            for event in try LedgerEntry.events(of: docking, in: database) {
                switch event {
                case .dockingStarted, .dockingResumed: isOpen = true
                case .dockingEnded: isOpen = false
                default: break
                }
            }
            return isOpen
        }
    }

    /// The latest dockings in bays that have not ended, at most `limit` of the dockings before now are looked at.
    public func openDockings(limit: Int) throws(DockError) -> [DockingStarted] {
        let recent = try recentDockings(limit: limit)
        var open: [DockingStarted] = []
        for start in recent where start.visit != nil {
            if try isOpen(docking: start.docking) { open.append(start) }
        }
        return open
    }

    /// The cameras that were released last, newest first, each with how it was plugged in when its docking began.
    public func recentReleases(limit: Int) throws(DockError) -> [KnownRelease] {
        var releases: [KnownRelease] = []
        for start in try recentDockings(limit: limit) where start.visit != nil {
            let entries = try reading("cannot look up released cameras") { database in
                try LedgerEntry.entries(of: start.docking, in: database)
            }
            var release: KnownRelease?
            var method: EraseMethod?
            for entry in entries {
                switch entry.event {
                case .certificate(let value): method = value.method
                case .released(let value):
                    release = KnownRelease(start: start, released: value, at: entry.at, method: method)
                default: break
                }
            }
            if let release { releases.append(release) }
        }
        return releases
    }

    /// The latest docking of a camera whose footage lay on this medium: the same device, size and file system UUID.
    public func latestDocking(on medium: Medium) throws(DockError) -> DockingStarted? {
        guard medium.fileSystem.uuid != nil else { return nil }
        return try recentDockings(limit: 500).first { start in
            start.visit.map {
                $0.medium.usb == medium.usb && $0.medium.bytes == medium.bytes
                    && $0.medium.fileSystem.uuid == medium.fileSystem.uuid
            } ?? false
        }
    }

    private func recentDockings(limit: Int) throws(DockError) -> [DockingStarted] {
        try reading("cannot look up the last dockings") { database in
            let statement = try database.cachedStatement(
                sql: "SELECT sequence FROM entry WHERE kind = 'docking.started' ORDER BY sequence DESC LIMIT ?")
            return try Int64.fetchAll(statement, arguments: [limit]).compactMap { sequence in
                if case .dockingStarted(let start) = try LedgerEntry.read(sequence, in: database).event {
                    start
                } else {
                    nil
                }
            }
        }
    }
}

extension LedgerEntry {
    /// What happened in a docking beside its segments, receipts and what became of them, in order.
    static func events(of docking: String, in database: Database) throws -> [LedgerEvent] {
        try entries(of: docking, in: database).map(\.event)
    }

    /// The entries of what happened in a docking beside its segments and receipts, in order.
    static func entries(of docking: String, in database: Database) throws -> [LedgerEntry] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT sequence FROM entry WHERE docking = ?
                  AND kind NOT IN ('segment.sealed', 'segment.verified', 'receipt', 'destruction.permitted', 'object.destroyed')
                ORDER BY sequence
                """)
        return try Int64.fetchAll(statement, arguments: [docking]).map { try read($0, in: database) }
    }
}
