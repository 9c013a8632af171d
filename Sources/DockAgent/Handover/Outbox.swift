import DockCore
import DockDelivery
import DockSystem
import Foundation
import Glibc
import Synchronization

/// What is to be told over the network, `<state>/outbox`: a file for each message, which stays until the service has said that it has it. So
/// each is told at least once, whatever restarts; its name is the same each time, so that nobody need count it twice.
final class Outbox: Sendable {
    /// A message.
    struct Message: Sendable, Equatable, Codable {
        /// Names it: 1 to 64 of `a-z 0-9 . _ -`.
        var id: String
        /// When it was put here.
        var at: Instant
        /// JSON.
        var body: String
    }

    /// What came of a pass.
    struct Outcome: Sendable, Equatable {
        /// Messages that were told.
        var sent = 0
        /// Messages that are left.
        var left = 0
        /// Why the first of them was not told.
        var failure: DockError?
    }

    /// Messages that are kept; older ones give way, and people are told.
    static let most = 10_000
    private static let largest = 80 << 20

    private let folder: String
    /// One pass at a time.
    private let pass = Mutex(())

    /// - Parameter state: the state folder.
    init(state: String) { folder = state + "/outbox" }

    /// Puts a message down durably. One with the same name is replaced.
    /// - Returns: how many of the oldest had to give way.
    @discardableResult
    func put(_ message: Message) throws(DockError) -> Int {
        do {
            try Folder.create(folder)
            // By time, so that what happened first is told first.
            let name = String(format: "%015lld", max(0, message.at.milliseconds)) + "." + message.id + ".json"
            let old = try names().filter { $0.hasSuffix("." + message.id + ".json") && $0 != name }
            try DurableFile.write(Array(try JSONEncoder().encode(message)), to: folder + "/" + name)
            let excess = try names().dropLast(Outbox.most)
            for name in old + excess { try remove(name) }
            return excess.count
        } catch {
            throw failure(error, "cannot put a message into the outbox")
        }
    }

    /// Tells everything, the oldest first, until something cannot be told.
    func deliver(_ send: (Message) throws(DockError) -> Void) throws(DockError) -> Outcome {
        let result: Result<Outcome, DockError> = pass.withLock { _ in
            Result { () throws(DockError) in try tell(send) }
        }
        return try result.get()
    }

    private func tell(_ send: (Message) throws(DockError) -> Void) throws(DockError) -> Outcome {
        var outcome = Outcome()
        do {
            let all = try names()
            for (index, name) in all.enumerated() {
                let bytes: [UInt8]
                do throws(Errno) { bytes = try DurableFile.read(folder + "/" + name, most: Outbox.largest) } catch {
                    // Replaced by a newer one of the same name.
                    if error.code == ENOENT { continue }
                    throw error
                }
                let message = try JSONDecoder().decode(Message.self, from: Data(bytes))
                do throws(DockError) { try send(message) } catch {
                    (outcome.left, outcome.failure) = (all.count - index, error)
                    return outcome
                }
                try remove(name)
                outcome.sent += 1
            }
            return outcome
        } catch {
            throw failure(error, "cannot read the outbox")
        }
    }

    /// How many messages wait.
    func count() throws(DockError) -> Int {
        do { return try names().count } catch { throw failure(error, "cannot read the outbox") }
    }

    private func remove(_ name: String) throws(Errno) {
        do throws(Errno) {
            try (folder + "/" + name).withCPath { path throws(Errno) in try retrying { unlink(path) } }
        } catch  where error.code == ENOENT {}
    }

    private func names() throws(Errno) -> [String] {
        do throws(Errno) {
            let open = try Descriptor.open(folder, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            return try Folder.names(in: open.number, limit: 100_000).map { String(decoding: $0, as: UTF8.self) }
                .filter { $0.hasSuffix(".json") && $0.first?.isNumber == true }.sorted()
        } catch  where error.code == ENOENT {
            return []
        }
    }

    private func failure(_ error: any Error, _ what: String) -> DockError {
        let next = "look at the state folder's disk; a message that is damaged can be moved away"
        if let error = error as? Errno { return error.error(what, at: folder, next: next) }
        return DockError(.corrupt, what, at: folder, because: "\(error)", next: next)
    }
}

extension Outbox.Message {
    private struct Envelope<Content: Encodable>: Encodable {
        let type: String
        let timestamp: Instant
        let dock: String
        let data: Content
    }

    /// A message of a kind: JSON with `type`, `timestamp`, `dock` and `data`.
    /// - Parameter parts: what makes it this message and no other; its name follows from them.
    init(_ type: String, of parts: [String], dock: String, at moment: Instant, _ data: some Encodable) throws(DockError)
    {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json: Data
        do { json = try encoder.encode(Envelope(type: type, timestamp: moment, dock: dock, data: data)) } catch {
            throw DockError(
                .malformed, "cannot write a message", at: type, because: "\(error)", next: "report this")
        }
        let name = try SHA256Digest(hashing: Array(([dock, type] + parts).joined(separator: "\n").utf8))
        self.init(id: String(name.description.prefix(32)), at: moment, body: String(decoding: json, as: UTF8.self))
    }
}
