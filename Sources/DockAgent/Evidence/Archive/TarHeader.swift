/// One header block of a tar archive as GNU tar writes it (tar(5), "GNU tar Archives"). Read strictly: a block that GNU tar would not
/// have written so, down to the last byte, is none.
struct TarHeader: Equatable {
    /// What follows.
    enum Kind: Equatable {
        case file
        case folder
        /// The name of the next header, too long for a header.
        case longName
        /// What no bundle has, in words.
        case foreign(String)
    }

    static let blockSize = 512

    let kind: Kind
    /// As it stands there, without the NUL at its end.
    let name: [UInt8]
    /// Bytes that follow, without what fills the last block.
    let size: Int64

    /// Reads a block of ``blockSize`` bytes; nil if it is no header, or its checksum is not right.
    init?(_ block: [UInt8]) {
        guard block.count == TarHeader.blockSize, block[257..<265].elementsEqual("ustar  \0".utf8),
            let size = TarHeader.number(block[124..<136]),
            TarHeader.checksum(of: block).elementsEqual(block[148..<156])
        else { return nil }
        name = Array(block[..<100].prefix { $0 != 0 })
        self.size = size
        kind =
            switch block[156] {
            case UInt8(ascii: "0"), 0: .file
            case UInt8(ascii: "5"): .folder
            case UInt8(ascii: "L"): .longName
            case UInt8(ascii: "1"): .foreign("a second name of another file")
            case UInt8(ascii: "2"): .foreign("a symbolic link")
            case UInt8(ascii: "3"), UInt8(ascii: "4"): .foreign("a device")
            case UInt8(ascii: "6"): .foreign("a pipe")
            case UInt8(ascii: "S"): .foreign("a file with holes")
            default: .foreign("something of a kind that no bundle has")
            }
    }

    /// The sum of all bytes, those of the checksum itself taken as spaces: six octal digits, a NUL and a space.
    private static func checksum(of block: [UInt8]) -> [UInt8] {
        var sum = 8 * 0x20
        for (index, byte) in block.enumerated() where !(148..<156).contains(index) { sum += Int(byte) }
        let digits = Array(String(sum, radix: 8).utf8)
        return [UInt8](repeating: UInt8(ascii: "0"), count: max(0, 6 - digits.count)) + digits + [0, 0x20]
    }

    /// Octal digits up to a NUL, or from 8 GiB on a big-endian number behind 0x80.
    private static func number(_ field: ArraySlice<UInt8>) -> Int64? {
        if field.first == 0x80 {
            let high = field.dropFirst().dropLast(8)
            let value = field.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return high.allSatisfy { $0 == 0 } ? Int64(exactly: value) : nil
        }
        guard field.last == 0, field.dropLast().allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
        return field.dropLast().reduce(Int64(0)) { $0 << 3 | Int64($1 - 0x30) }
    }
}
