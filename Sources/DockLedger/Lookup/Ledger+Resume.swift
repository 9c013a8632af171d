import DockCore
import Foundation
import GRDB

// What a run asks after a crash.

extension Ledger {
    /// Whether the ledger has this sealing and some of these vaults has no receipt for it.
    public func isPending(sealing id: String, vaults: [String]) throws(DockError) -> Bool {
        guard let known = try sealing(id: id) else { return false }
        return !Set(vaults).isSubset(of: known.receipts.map(\.vault))
    }

    /// How this camera began its latest docking; nil if it was never here.
    public func latestDocking(camera: String) throws(DockError) -> DockingStarted? {
        try reading("cannot look up a camera's latest docking") { database in
            let statement = try database.cachedStatement(
                sql:
                    "SELECT sequence FROM entry WHERE camera = ? AND kind = 'docking.started' ORDER BY sequence DESC LIMIT 1"
            )
            guard let sequence = try Int64.fetchOne(statement, arguments: [camera]),
                case .dockingStarted(let start) = try LedgerEntry.read(sequence, in: database).event
            else { return nil }
            return start
        }
    }

    /// The paths that the latest erase of this camera may have removed, if that erase did not end, or left something:
    /// then it explains files that are missing. Empty otherwise.
    public func pathsOfInterruptedErase(camera: String) throws(DockError) -> [CameraPath] {
        try reading("cannot look up an interrupted erase") { database in
            let latest = try database.cachedStatement(
                sql:
                    "SELECT sequence FROM entry WHERE camera = ? AND kind = 'erase.permitted' ORDER BY sequence DESC LIMIT 1"
            )
            guard let permit = try Int64.fetchOne(latest, arguments: [camera]),
                case .erasePermitted(let permitted) = try LedgerEntry.read(permit, in: database).event
            else { return [] }
            let docking = permitted.docking
            // A docking that goes on may be permitted to erase more than once.
            let end = try database.cachedStatement(
                sql: "SELECT max(sequence) FROM entry WHERE docking = ? AND kind = 'erase.ended'")
            if let sequence = try Int64.fetchOne(end, arguments: [docking]), sequence > permit,
                case .erased(let erased) = try LedgerEntry.read(sequence, in: database).event, erased.left.isEmpty
            {
                return []
            }
            let paths = try database.cachedStatement(
                sql: "SELECT sequence FROM entry WHERE docking = ? AND kind IN ('segment.sealed', 'segment.verified')")
            return try Int64.fetchAll(paths, arguments: [docking]).compactMap { sequence in
                switch try LedgerEntry.read(sequence, in: database).event {
                case .sealed(let value): value.role == .record ? nil : value.path
                case .verified(let value): value.path
                default: nil
                }
            }
        }
    }
}
