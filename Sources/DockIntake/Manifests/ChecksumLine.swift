import DockCore

/// One line of a checksum file, in the forms that the GNU and BSD programs write:
/// `<hex>  <name>`, `<hex> *<name>`, `SHA256 (<name>) = <hex>`; with a leading `\` if the name is escaped (coreutils).
struct ChecksumLine: Equatable {
    /// The hash functions of such files.
    enum Function: String, CaseIterable {
        case sha256 = "SHA256"
        case md5 = "MD5"

        /// Bytes of a value.
        var size: Int { self == .sha256 ? 32 : 16 }
        /// The ending of a file that holds one value, in lower case.
        var ending: String { self == .sha256 ? ".sha256" : ".md5" }

        func digest(_ bytes: [UInt8]) -> ExpectedDigest? {
            guard bytes.count == size else { return nil }
            return self == .md5 ? .md5(bytes) : SHA256Digest(bytes: bytes).map { .sha256($0) }
        }
    }

    let digest: ExpectedDigest
    /// The name as bytes, escapes undone; nil for a bare value.
    let name: [UInt8]?

    /// Parses a line without its LF; a CR before it does not count. nil if it has no such form.
    init?(_ line: some Collection<UInt8>, _ function: Function) {
        var rest = Array(line)[...]
        if rest.last == 13 { rest.removeLast() }
        let isEscaped = rest.first == UInt8(ascii: "\\")
        if isEscaped { rest.removeFirst() }
        guard let (hex, raw) = ChecksumLine.bsd(rest, function) ?? ChecksumLine.gnu(rest, function),
            let bytes = Hex.decode(String(decoding: hex, as: UTF8.self)), let digest = function.digest(bytes)
        else { return nil }
        if let raw {
            guard !raw.isEmpty, let name = isEscaped ? ChecksumLine.unescaped(raw) : Array(raw) else { return nil }
            self.name = name
        } else {
            guard !isEscaped else { return nil }
            name = nil
        }
        self.digest = digest
    }

    private typealias Parts = (hex: ArraySlice<UInt8>, name: ArraySlice<UInt8>?)

    private static func bsd(_ line: ArraySlice<UInt8>, _ function: Function) -> Parts? {
        let opening = Array("\(function.rawValue) (".utf8)
        let closing = Array(") = ".utf8)
        let hexStart = line.endIndex - function.size * 2
        let nameEnd = hexStart - closing.count
        let nameStart = line.startIndex + opening.count
        guard nameEnd > nameStart, line.starts(with: opening), line[nameEnd..<hexStart].elementsEqual(closing) else {
            return nil
        }
        return (line[hexStart...], line[nameStart..<nameEnd])
    }

    private static func gnu(_ line: ArraySlice<UInt8>, _ function: Function) -> Parts? {
        let hex = line.prefix(function.size * 2)
        let rest = line.dropFirst(hex.count)
        if rest.isEmpty { return (hex, nil) }
        guard rest.count > 2, rest.first == UInt8(ascii: " "),
            [UInt8(ascii: " "), UInt8(ascii: "*")].contains(rest[rest.startIndex + 1])
        else { return nil }
        return (hex, rest.dropFirst(2))
    }

    private static func unescaped(_ name: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = name
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "\\"): bytes.append(byte)
            case UInt8(ascii: "n"): bytes.append(10)
            case UInt8(ascii: "r"): bytes.append(13)
            default: return nil
            }
        }
        return bytes
    }

    /// The name without any `./` before it, as `find` and the shell write it.
    var plainName: [UInt8]? {
        guard var name = name?[...] else { return nil }
        while name.starts(with: [UInt8(ascii: "."), UInt8(ascii: "/")]) { name = name.dropFirst(2) }
        return Array(name)
    }
}
