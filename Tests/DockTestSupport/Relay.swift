/// `Tests/Rigs/relay.py`: stands in front of a server on this machine, counts what is sent to it, and breaks the connection
/// on demand. It ends with this process.
public final class Relay: Sendable {
    private let program: Conversation
    /// The port that it listens on.
    public let port: Int

    /// Starts one in front of `endpoint`, `http://127.0.0.1:PORT`.
    public init(to endpoint: String) throws {
        program = try Conversation(with: "relay.py", [endpoint.split(separator: ":").last.map(String.init) ?? ""])
        guard let port = Int(program.greeting) else {
            throw RigFailure("relay.py said '\(program.greeting)' instead of its port")
        }
        self.port = port
    }

    /// Its address, for a vault's settings.
    public var endpoint: String { "http://127.0.0.1:\(port)" }

    /// Bytes that clients have sent so far.
    public func count() throws -> Int64 { try program.number("count") }

    /// Connections that are open.
    public func connections() throws -> Int64 { try program.number("connections") }

    /// Resets every connection, and takes none, once `bytes` more have come from clients.
    public func cut(after bytes: Int64) throws { try program.ask("cut \(bytes)") }

    /// Passes nothing on any more, and closes nothing, once `bytes` more have come from clients.
    public func hush(after bytes: Int64) throws { try program.ask("hush \(bytes)") }

    /// Works again.
    public func open() throws { try program.ask("open") }
}
