import DockCore
import DockSystem
import Foundation
import GRDB

/// What an entry says by itself, without those before it.
struct ReadEntry: Sendable {
    /// Its row.
    let row: EntryRow.Stored
    /// Hash of the body, as a leaf.
    let leaf: SHA256Digest
    /// What the body means; nil if it is no entry.
    let entry: LedgerEntry?
    /// Why it is none.
    let fault: String?
    /// Whether the body is the one form that this entry may have.
    let isCanonical: Bool
    /// Columns of its row that are not what follows from it.
    let differences: [String]
}

/// Reads rows ahead, and hands them out in order. What can be said of each by itself, which is most of the work, is done by as many
/// threads as there are processors.
final class EntryReader {
    /// Rows on their way through a thread.
    private struct Batch: Sendable {
        let rows: [EntryRow.Stored]
        let result = BoundedQueue<Result<[ReadEntry], DockError>>(capacity: 1)
    }

    private let rows: RowCursor
    private let batches = BoundedQueue<Batch>(capacity: nil)
    private var underWay: [Batch] = []
    private let ahead: Int
    /// What ended the reading before the last row.
    private var failure: (any Error)?
    private var isAtEnd = false

    private static let batch = (rows: 256, bytes: 1 << 20)

    init(_ rows: RowCursor) {
        self.rows = rows
        let threads = ProcessInfo.processInfo.activeProcessorCount
        ahead = 2 * threads
        for _ in 0..<threads {
            _ = Worker("entries") { [batches] in
                while let batch = batches.receive() {
                    batch.result.send(Result { () throws(DockError) in try EntryReader.read(batch.rows) })
                }
            }
        }
    }

    deinit { batches.close() }

    /// The next entries; none at the end. What cannot be read is thrown after all that came before it.
    func next() throws -> [ReadEntry] {
        while underWay.count < ahead, let batch = fetch() {
            batches.send(batch)
            underWay.append(batch)
        }
        guard !underWay.isEmpty else {
            if let failure { throw failure }
            return []
        }
        return try underWay.removeFirst().result.receive()?.get() ?? []
    }

    private func fetch() -> Batch? {
        var found: [EntryRow.Stored] = []
        var bytes = 0
        while !isAtEnd, found.count < EntryReader.batch.rows, bytes < EntryReader.batch.bytes {
            do {
                if let row = try rows.next() {
                    let row = EntryRow.Stored(row)
                    bytes += row.body.count
                    found.append(row)
                } else {
                    isAtEnd = true
                }
            } catch {
                (failure, isAtEnd) = (error, true)
            }
        }
        return found.isEmpty ? nil : Batch(rows: found)
    }

    private static func read(_ rows: [EntryRow.Stored]) throws(DockError) -> [ReadEntry] {
        let decoder = JSONDecoder()
        var hasher = try MerkleHasher()
        var writer = try EntryWriter(dock: "")
        var entries: [ReadEntry] = []
        for row in rows {
            let body = [UInt8](row.body)
            let (entry, fault) = decode(body, decoder)
            let isCanonical = if let entry { try writer.entry(entry) == body } else { false }
            entries.append(
                ReadEntry(
                    row: row, leaf: try hasher.leaf(body), entry: entry, fault: fault, isCanonical: isCanonical,
                    differences: entry.map { row.differences(from: EntryKeys($0.event)) } ?? []))
        }
        return entries
    }

    private static func decode(_ body: [UInt8], _ decoder: JSONDecoder) -> (LedgerEntry?, String?) {
        do { return (try decoder.decode(LedgerEntry.self, from: Data(body)), nil) } catch { return (nil, "\(error)") }
    }
}
