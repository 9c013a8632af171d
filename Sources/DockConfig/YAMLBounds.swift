/// What must hold for a text before it is given to the parser, so that no text costs more than a moment.
///
/// The parser compares the keys of each mapping, and keys may be whole trees. Two ways lead from a small file to endless
/// work: aliases, by which a tree contains another many times over; and keys within keys, which are compared at each level.
enum YAMLBounds {
    /// Comparisons of nodes that a text may cause at most. It leaves room for any number of cameras in lines, and for hundreds
    /// in braces.
    static let mostWork = 4_000_000
    /// Levels at which libyaml gives up by itself.
    private static let parserDepth = 1000

    /// What speaks against parsing `text`.
    static func faults(in text: String) -> [Mistake] {
        let bytes = Array(text.utf8)
        return aliases(in: bytes) + excess(in: bytes)
    }

    /// Each `*name` after an `&name`. It is found wherever it stands, even in a comment, because what is a comment only a
    /// parser can tell; nobody writes both there.
    private static func aliases(in bytes: [UInt8]) -> [Mistake] {
        var anchors: Set<ArraySlice<UInt8>> = []
        var mistakes: [Mistake] = []
        var line = 1
        var column = 1
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*"), index == 0 || !isNamePart(bytes[index - 1]) {
                let name = bytes[(index + 1)...].prefix(while: isNamePart)
                if !name.isEmpty, byte == UInt8(ascii: "&") {
                    anchors.insert(name)
                } else if anchors.contains(name) {
                    let shown = quoted("*" + String(decoding: name, as: UTF8.self))
                    mistakes.append(
                        Mistake(
                            place: Place(line: line, column: column),
                            text: "the alias \(shown); allowed: the value itself"))
                }
            }
            if byte == UInt8(ascii: "\n") {
                (line, column) = (line + 1, 1)
            } else if byte & 0xc0 != 0x80 {
                column += 1
            }
        }
        return mistakes
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45 || byte == 95
    }

    /// A key is a tree only by way of `{`, `[` or `?`, so their number bounds the levels at which a node is compared again.
    /// Nodes are at most one more than the characters that separate them.
    private static func excess(in bytes: [UInt8]) -> [Mistake] {
        var openers = 0
        var separators = 1
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "?"):
                openers += 1
                separators += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                separators += 1
            default: break
            }
        }
        guard min(openers, parserDepth) * separators > mostWork else { return [] }
        return [
            Mistake(
                place: nil,
                text: "too many '{', '[' and '?' for its length; allowed: 'key: value' lines and '- item' lists instead"
            )
        ]
    }
}
