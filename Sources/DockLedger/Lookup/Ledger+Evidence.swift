import DockCore
import Foundation
import GRDB

// What records and exports of evidence ask.

extension Ledger {
    /// Everything that the ledger says of one docking, and of the sealings of earlier ones that it relies on.
    /// - Parameter last: entries after this one are left out: what was said of them then, was said without these.
    public func story(of docking: String, through last: Int64 = .max) throws(DockError) -> CustodyStory {
        try reading("cannot look up what happened in a docking") { database in
            var story = CustodyStory()
            let statement = try database.cachedStatement(
                sql: "SELECT sequence FROM entry WHERE docking = ? AND sequence <= ? ORDER BY sequence")
            for sequence in try Int64.fetchAll(statement, arguments: [docking, last]) {
                let entry = try LedgerEntry.read(sequence, in: database)
                story.add(entry.event, at: entry.at, entry: sequence)
            }
            for sealing in story.wanted {
                let known = try KnownSealing.read(sealing, through: story.through, in: database)
                if let known { story.add(earlier: known.sealed, receipts: known.receipts) }
            }
            return story
        }
    }

    /// The dockings of which an end, or a receipt for their footage, was written from entry `first` on and after the latest custody record,
    /// in the order in which that happened.
    public func dockingsWithNews(from first: Int64) throws(DockError) -> [String] {
        try reading("cannot look up what happened lately") { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT e.docking FROM entry e WHERE e.sequence >= ? AND e.docking <> ''
                      AND (e.kind = 'docking.ended' OR e.kind = 'receipt' AND NOT EXISTS(
                        SELECT 1 FROM entry s WHERE s.sealing = e.sealing AND s.kind = 'segment.sealed'
                          AND s.path LIKE 'records/' || e.docking || '/%'))
                      AND NOT EXISTS(SELECT 1 FROM entry c WHERE c.docking = e.docking
                        AND c.kind = 'custody.recorded' AND c.sequence > e.sequence)
                    GROUP BY e.docking ORDER BY min(e.sequence)
                    """)
            return try String.fetchAll(statement, arguments: [first])
        }
    }

    /// The dockings that may have taken in what is asked for, oldest first.
    public func dockings(_ selection: EvidenceSelection) throws(DockError) -> [DockingStarted] {
        try reading("cannot look up dockings") { database in
            let statement = try database.cachedStatement(
                sql: "SELECT sequence FROM entry WHERE kind = 'docking.started' ORDER BY sequence")
            return try Int64.fetchAll(statement).compactMap { sequence in
                guard case .dockingStarted(let start) = try LedgerEntry.read(sequence, in: database).event,
                    selection.mayBe(in: start)
                else { return nil }
                return start
            }
        }
    }

    /// Checkpoints that tell of entry `entry`, oldest first.
    public func checkpoints(on entry: Int64) throws(DockError) -> [CheckpointSigned] {
        try reading("cannot look up checkpoints") { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT sequence FROM entry WHERE docking = '' AND kind = 'checkpoint.signed' AND sequence > ?
                    ORDER BY sequence
                    """)
            return try Int64.fetchAll(statement, arguments: [entry]).compactMap { sequence in
                guard case .checkpointSigned(let signed) = try LedgerEntry.read(sequence, in: database).event else {
                    return nil
                }
                return signed.entries > entry ? signed : nil
            }
        }
    }

    /// What the ledger says of a camera's clock, oldest first.
    public func clockFacts(camera: String) throws(DockError) -> [ClockCertificate.Fact] {
        try reading("cannot look up a camera's clock") { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT e.sequence FROM entry s JOIN entry e ON e.docking = s.docking
                    WHERE s.camera = ? AND s.kind = 'docking.started'
                      AND e.kind IN ('clock.measured', 'camera.provisioned') ORDER BY e.sequence
                    """)
            return try Int64.fetchAll(statement, arguments: [camera]).compactMap { sequence in
                let entry = try LedgerEntry.read(sequence, in: database)
                switch entry.event {
                case .clockMeasured(let value): return .measured(value)
                case .provisioned(let value) where value.setsClock:
                    return .set(docking: value.docking, at: entry.at)
                default: return nil
                }
            }
        }
    }
}

extension KnownSealing {
    /// The sealing of this name, with its receipts up to entry `last`.
    fileprivate static func read(_ sealing: String, through last: Int64, in database: Database) throws -> KnownSealing?
    {
        let statement = try database.cachedStatement(
            sql: """
                SELECT sequence FROM entry WHERE sealing = ? AND kind IN ('segment.sealed', 'receipt') AND sequence <= ?
                ORDER BY sequence
                """)
        var known: KnownSealing?
        for sequence in try Int64.fetchAll(statement, arguments: [sealing, last]) {
            let entry = try LedgerEntry.read(sequence, in: database)
            switch entry.event {
            case .sealed(let sealed):
                known = KnownSealing(sequence: sequence, at: entry.at, sealed: sealed, receipts: [])
            case .receipt(let value): known?.receipts.append(value.receipt)
            default: break
            }
        }
        return known
    }
}
