/// How the board is reached, and how it speaks.
public struct BoardSettings: Sendable, Equatable {
    /// Where it listens: on this machine alone.
    public var listen: SocketPlace
    /// Host names under which browsers may ask for it, beside those of this machine alone; not without a token.
    public var names: [String]
    /// A file with the token that must be shown: an absolute path, or the name of a credential; nil if none is asked for.
    public var token: String?
    /// The language where a browser asks for none in particular; nil for what the browser is set to.
    public var language: HandoverSettings.Language?

    /// Takes all values.
    public init(
        listen: SocketPlace = SocketPlace(address: "127.0.0.1", port: 8484), names: [String] = [],
        token: String? = nil, language: HandoverSettings.Language? = nil
    ) {
        self.listen = listen
        self.names = names
        self.token = token
        self.language = language
    }
}

/// An address of this machine and a TCP port.
public struct SocketPlace: Sendable, Equatable, CustomStringConvertible {
    /// An IPv4 or IPv6 address, without brackets.
    public var address: String
    /// 1 to 65535; 0 for any free one.
    public var port: Int

    /// Takes both.
    public init(address: String, port: Int) {
        self.address = address
        self.port = port
    }

    /// Whether only this machine reaches it.
    public var isLoopback: Bool { address.hasPrefix("127.") || address == "::1" }

    /// As it stands in a URL.
    public var description: String { address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)" }
}
