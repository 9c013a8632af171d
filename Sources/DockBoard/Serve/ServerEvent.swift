import Foundation
import NIOCore

/// Server-sent events (HTML Living Standard, 9.2): what a stream consists of.
enum ServerEvent {
    /// The first thing that is sent: when to come back after a stream has ended.
    static let greeting = ByteBuffer(string: "retry: 2000\n\n")
    /// Nothing changed, and the board is still there.
    static let heartbeat = event("alive", "{}")

    /// An event `parts`: a JSON object with the new markup of each part, by its name.
    static func parts(_ parts: [BoardParts.Part]) -> ByteBuffer {
        var object: [String: String] = [:]
        for part in parts { object[part.name] = part.markup.html }
        return event("parts", json(object))
    }

    /// An event whose data is one line.
    static func event(_ name: String, _ line: String) -> ByteBuffer {
        ByteBuffer(string: "event: \(name)\ndata: \(line)\n\n")
    }

    /// One line of JSON.
    static func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        // Strings and numbers that are finite can always be encoded; others come from no agent.
        do { return String(decoding: try encoder.encode(value), as: UTF8.self) } catch { return "null" }
    }
}
