import DockCore
import Foundation

/// One entry of the ledger: an event, and what it commits to.
public struct LedgerEntry: Sendable, Equatable, Codable {
    /// Its place, from 0: the index of its leaf.
    public var sequence: Int64
    /// When it was written, by the dock's clock.
    public var at: Instant
    /// The dock that wrote it.
    public var dock: String
    /// Merkle root over all entries before it (RFC 6962).
    public var tree: SHA256Digest
    /// What happened.
    public var event: LedgerEvent
}

/// Writes entries in their one canonical form: JSON without white space, keys sorted, slashes as they are. The outer object
/// is put together by hand, so that events can be encoded before the transaction that gives them their place.
struct EntryWriter {
    private let encoder: JSONEncoder
    private var dock: (name: String, json: Data)

    init(dock: String) throws(DockError) {
        encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.dock = (dock, try EntryWriter.encode(dock, encoder))
    }

    /// The canonical bytes of an event. Fails with ``DockError/Code/malformed`` on numbers that JSON does not have.
    func event(_ event: LedgerEvent) throws(DockError) -> Data { try EntryWriter.encode(event, encoder) }

    /// The canonical bytes of an entry around an event's.
    func entry(sequence: Int64, at time: Instant, tree: SHA256Digest, event: Data) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(event.count + dock.json.count + 160)
        bytes += #"{"at":""#.utf8
        bytes += time.description.utf8
        bytes += #"","dock":"#.utf8
        bytes += dock.json
        bytes += #","event":"#.utf8
        bytes += event
        bytes += #","sequence":"#.utf8
        bytes += String(sequence).utf8
        bytes += #","tree":""#.utf8
        bytes += tree.description.utf8
        bytes += #""}"#.utf8
        return bytes
    }

    /// The canonical bytes of a whole entry.
    mutating func entry(_ entry: LedgerEntry) throws(DockError) -> [UInt8] {
        if dock.name != entry.dock { dock = (entry.dock, try EntryWriter.encode(entry.dock, encoder)) }
        return self.entry(sequence: entry.sequence, at: entry.at, tree: entry.tree, event: try event(entry.event))
    }

    private static func encode(_ value: some Encodable, _ encoder: JSONEncoder) throws(DockError) -> Data {
        do { return try encoder.encode(value) } catch {
            throw DockError(
                .malformed, "cannot write a ledger entry", at: "\(type(of: value))",
                because: "it has no JSON form: \(error)",
                next: "report this: the value should have been refused where it came from")
        }
    }
}
