import DockCore
import Foundation
import Glibc
import Logging

/// Writes to systemd's journal with priority and fields (systemd.journal-fields(7), native protocol); on standard error where the
/// journal does not listen. Metadata becomes fields: `bay` is `BODYDOCK_BAY`.
public struct JournalLogHandler: LogHandler {
    /// What is less than this is not written.
    public var logLevel = Logger.Level.info
    /// Fields of every message.
    public var metadata: Logger.Metadata = [:]
    private let journal: JournalSocket?

    /// A handler for everything that is logged under one name.
    public init() { journal = JournalSocket() }

    /// One of the fields of every message.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Sends one message; never waits and never fails.
    public func log(event: LogEvent) {
        let message = JournalLogHandler.printable("\(event.message)")
        guard let journal else {
            FileHandle.standardError.write(Data("\(event.level): \(message)\n".utf8))
            return
        }
        var fields: [(String, String)] = [
            ("MESSAGE", message), ("PRIORITY", "\(JournalLogHandler.priority(event.level))"),
            ("SYSLOG_IDENTIFIER", "bodydock"),
        ]
        for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }) {
            fields.append(("BODYDOCK_\(key.uppercased())", JournalLogHandler.printable("\(value)")))
        }
        journal.send(fields)
    }

    /// What a camera controls may stand in a message: control characters do not reach a terminal.
    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{fffd}" : $0 }))
    }

    /// The levels of syslog(3).
    private static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}

/// The journal's socket.
private final class JournalSocket: Sendable {
    private let socket: Int32
    private let address: UnixAddress

    /// Nil unless systemd has connected this process to the journal.
    init?() {
        guard getenv("JOURNAL_STREAM") != nil, let address = UnixAddress("/run/systemd/journal/socket") else {
            return nil
        }
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return nil }
        self.address = address
    }

    deinit { close(socket) }

    func send(_ fields: [(String, String)]) {
        // Control characters are gone from the values, newlines with them: the simple form will do.
        let text = fields.map { "\($0.0)=\($0.1.prefix(4000))\n" }.joined()
        // Where the journal does not take it, nobody else would.
        _ = address.with { pointer, length in
            sendto(socket, text, text.utf8.count, Int32(MSG_NOSIGNAL), pointer, length)
        }
    }
}
