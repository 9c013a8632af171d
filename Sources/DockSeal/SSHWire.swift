/// The two kinds of field that OpenSSH's formats are made of (RFC 4251 section 5): a number in 4 bytes, and a string after its
/// length in 4 bytes.
enum SSHWire {
    static func number(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

    static func string(_ bytes: some Collection<UInt8>) -> [UInt8] { number(UInt32(bytes.count)) + bytes }

    /// Takes fields from the front of some bytes; nil where they end too early.
    struct Reader {
        private var rest: ArraySlice<UInt8>

        init(_ bytes: some Collection<UInt8>) { rest = Array(bytes)[...] }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func take(_ count: Int) -> [UInt8]? {
            guard count <= rest.count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }

        mutating func number() -> UInt32? { take(4).map { $0.reduce(0) { $0 << 8 | UInt32($1) } } }

        mutating func string() -> [UInt8]? { number().flatMap { take(Int($0)) } }
    }
}
