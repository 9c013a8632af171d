/// One JSON object on one line (RFC 8259), its members in the order in which they are added: the manifest's hash chain is
/// over exact bytes, so nothing may be left to a library's taste.
struct JSONLine {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    /// Adds a text.
    mutating func add(_ key: String, _ value: String) {
        begin(key)
        quote(value)
    }

    /// Adds a whole number.
    mutating func add(_ key: String, _ value: some BinaryInteger) { add(key, verbatim: String(value)) }

    /// Adds a number; it must be finite.
    mutating func add(_ key: String, _ value: Double) { add(key, verbatim: String(value)) }

    /// Adds a value that is JSON already.
    mutating func add(_ key: String, verbatim value: String) {
        begin(key)
        bytes += value.utf8
    }

    /// Adds an object.
    mutating func add(_ key: String, _ value: JSONLine) {
        begin(key)
        bytes += value.closed
    }

    /// The object, without a line feed.
    var closed: [UInt8] { bytes + [UInt8(ascii: "}")] }

    private mutating func begin(_ key: String) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        quote(key)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20: bytes += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
