import DockCore

/// The type of a box, a codec or a brand: four bytes, mostly letters.
struct FourCC: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    let bytes: [UInt8]

    /// Takes four bytes.
    init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    init(stringLiteral text: String) { bytes = Array(text.utf8) }

    /// As text, without the spaces at its end; what is no letter, digit or sign as `%XX`.
    var description: String {
        let end = bytes.lastIndex { $0 != 0x20 } ?? -1
        return bytes[...end].map {
            (0x20...0x7e).contains($0) && $0 != 0x25 ? String(UnicodeScalar($0)) : "%" + Hex.encode([$0])
        }.joined()
    }

    /// Whether a box of this type, in one of that type (nil for the file), is descended into.
    func isContainer(in parent: FourCC?) -> Bool {
        switch parent {
        case nil: self == "moov"
        case "moov": self == "trak" || self == "mvex"
        case "trak": self == "mdia"
        case "mdia": self == "minf"
        case "minf": self == "stbl"
        default: false
        }
    }
}

extension [UInt8] {
    /// A big-endian number; zero if it would lie behind the end.
    func number(at offset: Int, bytes count: Int) -> UInt64 {
        guard offset >= 0, offset + count <= self.count else { return 0 }
        return self[offset..<offset + count].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
