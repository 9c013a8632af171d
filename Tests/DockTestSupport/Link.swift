import DockSystem

/// `Tests/Rigs/link.py`: a server of this machine as it is seen over a link of its own, in a network namespace of its own, which
/// can be thin, lose packets and break. It ends with this process, and leaves nothing behind.
public final class Link: Sendable {
    private let program: Conversation
    /// The address that the server has behind it.
    public let address: String

    /// An address that no other link has, most likely: the third of any four in the network for measurements (RFC 2544).
    public static func newAddress() throws -> String {
        let random = try Randomness.bytes(3)
        return "198.\(18 + random[0] % 2).\(random[1]).\(random[2] / 4 * 4 + 2)"
    }

    /// Lays one to `endpoint`, `http://127.0.0.1:PORT`.
    /// - Parameters:
    ///   - address: where it ends (``newAddress()``).
    ///   - certificate: PEM file with key and certificate for that address.
    public init(to endpoint: String, at address: String, certificate: String) throws {
        let port = endpoint.split(separator: ":").last.map(String.init) ?? ""
        program = try Conversation(with: "link.py", [address, certificate, port])
        self.address = address
    }

    /// Its far end, for a vault's settings.
    public var endpoint: String { "https://\(address)" }

    /// Lets so many Mbit/s pass in each direction, and loses so many percent of the packets at random.
    public func limit(megabits: Double, loss: Double = 0) throws {
        try program.ask("rate \(megabits)")
        try program.ask("loss \(loss)")
    }

    /// Lets nothing pass in either direction, once so many more bytes have; nobody is told.
    public func sever(after bytes: Int64) throws { try program.ask("break \(bytes)") }

    /// Answers everything with a reset, once so many more bytes have been sent.
    public func reset(after bytes: Int64) throws { try program.ask("reset \(bytes)") }

    /// Ends ``sever(after:)`` and ``reset(after:)``.
    public func heal() throws { try program.ask("heal") }

    /// Makes the far end forget every connection; what it says of that goes over the link like everything.
    public func forget() throws { try program.ask("forget") }

    /// Packets that were lost on the way so far, or answered with a reset.
    public func lost() throws -> Int64 { try program.number("lost") }

    /// Bytes of packets that this side has sent so far, with all their headers.
    public func count() throws -> Int64 { try program.number("count") }
}
