import DockCore
import DockSystem
import Foundation
import GRDB

/// The append-only record of everything that happened, in `ledger.sqlite` of the state folder (`docs/ledger.md`). Each entry
/// commits to all before it; entries are never changed or deleted, and all state is rebuilt from them.
///
/// Several processes and threads may use one ledger at once. Calls block: use them from threads that may.
public final class Ledger: Sendable {
    /// The file.
    public var path: String { file.path }

    let file: LedgerFile
    private let dock: String
    /// Look-ups have a connection of their own, so that they do not wait for the disk when entries are written.
    private let reader: DatabaseQueue
    private let writer: DatabaseQueue?

    /// Opens the ledger of a state folder; makes both if they are missing, unless `readOnly`.
    ///
    /// Before anything can be written it is checked that the last entry is whole and commits to the tree that is recorded
    /// for the entries before it; ``verify(earlier:progress:)`` checks all of it.
    /// - Parameters:
    ///   - folder: the state folder.
    ///   - dock: the dock's name, written into each entry.
    ///   - readOnly: whether only look-ups, status and verification are wanted.
    /// - Throws: ``DockError/Code/notFound`` (read-only, and there is none), ``DockError/Code/corrupt`` (damaged, or another
    ///   kind of file), ``DockError/Code/malformed`` (written by a newer program), or what the disk says.
    public init(path folder: String, dock: String, readOnly: Bool) throws(DockError) {
        file = LedgerFile(folder: folder)
        self.dock = dock
        if readOnly {
            writer = nil
        } else {
            try file.createIfMissing()
            writer = try file.open(readOnly: false)
        }
        reader = try file.open(readOnly: true)
        if !readOnly { try reading("cannot open the ledger") { try StoredTree.checkEnd(of: $0) } }
    }

    /// Writes events as the next entries, all or none, and forces them to the disk (fsync) before it returns.
    /// - Parameters:
    ///   - events: at least one.
    ///   - time: now, by the dock's clock.
    /// - Returns: the sequence numbers of the new entries.
    /// - Throws: ``DockError/Code/noSpace``, ``DockError/Code/io``, ``DockError/Code/conflict`` (another process holds it for
    ///   a minute), ``DockError/Code/refused`` (opened read-only), ``DockError/Code/corrupt``. Nothing may be done that the
    ///   entries were to justify; after an error of the disk they may yet be there when the ledger is opened again.
    @discardableResult
    public func append(_ events: [LedgerEvent], at time: Instant) throws(DockError) -> ClosedRange<Int64> {
        let what = "cannot write to the ledger"
        guard let writer else {
            throw DockError(.refused, what, at: path, because: "it was opened for reading", next: "report this")
        }
        guard !events.isEmpty else {
            throw DockError(.malformed, what, at: path, because: "there is no event to write", next: "report this")
        }
        let format = try EntryWriter(dock: dock)
        // Before the transaction: other processes wait while it runs.
        var encoded: [(keys: EntryKeys, json: Data)] = []
        encoded.reserveCapacity(events.count)
        for event in events { encoded.append((EntryKeys(event), try format.event(event))) }
        do {
            return try writer.writeWithoutTransaction { database in
                var first: Int64 = 0
                try database.inTransaction(.immediate) {
                    var tree = try StoredTree.load(from: database)
                    first = tree.size
                    var hasher = try MerkleHasher()
                    let insert = try EntryRow.insertion(in: database)
                    for (keys, json) in encoded {
                        let body = format.entry(
                            sequence: tree.size, at: time, tree: try tree.root(&hasher), event: json)
                        let (sequence, leaf) = (tree.size, try hasher.leaf(body))
                        let node = try tree.append(leaf, &hasher)
                        try EntryRow(sequence: sequence, leaf: leaf, node: node, keys: keys, body: body).write(
                            with: insert)
                    }
                    return .commit
                }
                return first...(first + Int64(events.count) - 1)
            }
        } catch {
            throw DockError(database: error, what, at: path)
        }
    }

    /// How many entries there are, and the Merkle root over them. Noted down elsewhere, it proves later that the ledger still
    /// holds exactly these entries (``verify(earlier:progress:)``).
    public func head() throws(DockError) -> LedgerHead {
        try reading("cannot read the ledger") { try StoredTree.head(of: $0) }
    }

    /// Runs `body` on the connection for look-ups, in one consistent view of the ledger.
    func reading<Value>(_ what: String, _ body: (Database) throws -> Value) throws(DockError) -> Value {
        do { return try reader.read(body) } catch { throw DockError(database: error, what, at: path) }
    }
}
