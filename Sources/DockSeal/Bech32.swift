/// Bech32 (BIP 173) as age uses it: no limit on the length, and a human-readable part that is known beforehand.
enum Bech32 {
    /// What is wrong with a text, in words that fit behind a colon.
    enum Fault: String, Error {
        case prefix = "it starts differently"
        case character = "a character is not one of Bech32's"
        case checksum = "the checksum does not match: a character is wrong, missing or too many"
        case padding = "the last character holds bits that must be zero"
    }

    private static let lowerCase = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    private static let checksumLength = 6

    /// `prefix`, a separator, `bytes` in groups of five bits, and the checksum; in upper case if the prefix is.
    static func encode(_ bytes: some Collection<UInt8>, prefix: String) -> String {
        let isUpper = prefix.uppercased() == prefix
        var checksum = Checksum(prefix: prefix)
        var text = Array((prefix + "1").utf8)
        text.reserveCapacity(text.count + (bytes.count * 8 + 4) / 5 + checksumLength)
        func append(_ group: UInt8) {
            let character = lowerCase[Int(group)]
            text.append(isUpper && character >= UInt8(ascii: "a") ? character - 32 : character)
        }
        var bits = 0
        var held = 0
        for byte in bytes {
            held = (held << 8 | Int(byte)) & 0xfff
            bits += 8
            while bits >= 5 {
                bits -= 5
                let group = UInt8(held >> bits & 31)
                checksum.add(group)
                append(group)
            }
        }
        if bits > 0 {
            let group = UInt8(held << (5 - bits) & 31)
            checksum.add(group)
            append(group)
        }
        for group in checksum.finish() { append(group) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text that starts with `prefix`, in the prefix's case throughout.
    static func decode(_ text: some Collection<UInt8>, prefix: String) throws(Fault) -> [UInt8] {
        let start = Array((prefix + "1").utf8)
        guard text.starts(with: start) else { throw .prefix }
        let data = text.dropFirst(start.count)
        guard data.count >= checksumLength else { throw .checksum }
        let isUpper = prefix.uppercased() == prefix
        var checksum = Checksum(prefix: prefix)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(data.count * 5 / 8)
        var bits = 0
        var held = 0
        for (index, character) in data.enumerated() {
            guard let group = group(of: character, isUpper: isUpper) else { throw .character }
            checksum.add(group)
            guard index < data.count - checksumLength else { continue }
            held = (held << 5 | Int(group)) & 0xfff
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(held >> bits & 0xff))
            }
        }
        guard checksum.isValid else { throw .checksum }
        guard bits < 5, held & (1 << bits - 1) == 0 else { throw .padding }
        return bytes
    }

    private static func group(of character: UInt8, isUpper: Bool) -> UInt8? {
        let isLetter = (isUpper ? 65...90 : 97...122).contains(character)
        guard isLetter || (48...57).contains(character) else { return nil }
        let lower = isUpper && isLetter ? character + 32 : character
        return lowerCase.firstIndex(of: lower).map(UInt8.init)
    }

    /// The BCH code over the groups, begun with the lower-case prefix.
    private struct Checksum {
        private static let generator: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
        private var value: UInt32 = 1

        init(prefix: String) {
            let characters = Array(prefix.lowercased().utf8)
            for character in characters { add(character >> 5) }
            add(0)
            for character in characters { add(character & 31) }
        }

        mutating func add(_ group: UInt8) {
            let top = value >> 25
            value = (value & 0x1ff_ffff) << 5 ^ UInt32(group)
            for (bit, term) in Checksum.generator.enumerated() where top >> UInt32(bit) & 1 == 1 { value ^= term }
        }

        var isValid: Bool { value == 1 }

        /// The six groups that make the whole valid.
        func finish() -> [UInt8] {
            var rest = self
            for _ in 0..<checksumLength { rest.add(0) }
            let wanted = rest.value ^ 1
            return (0..<checksumLength).map { UInt8(wanted >> UInt32(5 * (checksumLength - 1 - $0)) & 31) }
        }
    }
}
