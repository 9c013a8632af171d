/// Base64 with the standard alphabet (RFC 4648 section 4).
public enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Text on one line; with `=` at the end only where `padded` asks for it (age does not use it, PEM and OpenSSH do).
    public static func encode(_ bytes: [UInt8], padded: Bool = false) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for index in 0...group.count { text.append(alphabet[value >> (18 - 6 * index) & 63]) }
            if padded { text += repeatElement(UInt8(ascii: "="), count: 3 - group.count) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of text without padding; nil for any other character, an impossible length, or bits behind the last byte
    /// that are not zero (RFC 4648 section 3.5).
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3 / 4)
        var bits = 0
        var held = 0
        for character in text {
            guard let value = value(of: character) else { return nil }
            held = (held << 6 | value) & 0xfff
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(held >> bits & 0xff))
            }
        }
        guard bits < 6, held & (1 << bits - 1) == 0 else { return nil }
        return bytes
    }

    /// As ``decode(_:)``, of text that is filled up to groups of four with `=`; nil where it is not.
    public static func decode(padded text: some Collection<UInt8>) -> [UInt8]? {
        let bare = Array(text)
        let padding = bare.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        guard bare.count.isMultiple(of: 4), padding <= 2 else { return nil }
        return decode(bare.dropLast(padding))
    }

    private static func value(of character: UInt8) -> Int? {
        switch character {
        case 65...90: Int(character) - 65
        case 97...122: Int(character) - 71
        case 48...57: Int(character) + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
