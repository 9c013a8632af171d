import DockCore

extension AgeHeader {
    /// Reads a header off the start of `bytes`, and nothing that the specification does not allow.
    /// - Parameter bytes: the first ``limit`` bytes of the file, or all if there are fewer.
    init(parsing bytes: UnsafeRawBufferPointer) throws(UnsealFault) {
        try AgeHeader.checkVersion(bytes)
        var lines = HeaderLines(bytes)
        _ = try lines.next()
        stanzas = []
        while true {
            let line = try lines.next()
            if line.starts(with: Array("---".utf8)) {
                guard !stanzas.isEmpty else { throw .noStanza }
                mac = try AgeHeader.mac(line, lines.number)
                authenticated = Array(bytes[..<(line.startIndex + 3)])
                return
            }
            stanzas.append(try AgeHeader.stanza(line, &lines))
        }
    }

    private static func checkVersion(_ bytes: UnsafeRawBufferPointer) throws(UnsealFault) {
        let expected = Array((version + "\n").utf8)
        if bytes.starts(with: expected) { return }
        let blank = Set(" \t\r\n".utf8)
        if bytes.drop(while: blank.contains).starts(with: Array("-----BEGIN AGE ENCRYPTED FILE-----".utf8)) {
            throw .armored
        }
        // What breaks off here was cut short; `age-encryption.org/v1` with anything else behind it is no version we know.
        if !bytes.isEmpty, bytes.count < expected.count, expected.starts(with: bytes) { throw .headerTruncated }
        throw bytes.starts(with: Array("age-encryption.org/".utf8)) ? .unsupportedVersion : .notAge
    }

    private static func stanza(_ first: Slice<UnsafeRawBufferPointer>, _ lines: inout HeaderLines) throws(UnsealFault)
        -> Stanza
    {
        guard first.starts(with: Array("-> ".utf8)) else { throw .stanzaStart(line: lines.number) }
        let words = first.dropFirst(3).split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard words.allSatisfy({ !$0.isEmpty && $0.allSatisfy { 0x21...0x7e ~= $0 } }) else {
            throw .stanzaArguments(line: lines.number)
        }
        var body: [UInt8] = []
        while true {
            let line = try lines.next()
            if line.first == UInt8(ascii: "-") { throw .bodyUnfinished(line: lines.number) }
            guard line.count <= columns else { throw .bodyLineTooLong(line: lines.number) }
            guard let part = Base64.decode(line) else { throw .bodyEncoding(line: lines.number) }
            body += part
            if line.count < columns { break }
        }
        return Stanza(arguments: words.map { String(decoding: $0, as: UTF8.self) }, body: body)
    }

    private static func mac(_ line: Slice<UnsafeRawBufferPointer>, _ number: Int) throws(UnsealFault) -> [UInt8] {
        guard line.starts(with: Array("--- ".utf8)), let mac = Base64.decode(line.dropFirst(4)), mac.count == 32 else {
            throw .macLine(line: number)
        }
        return mac
    }
}

/// Takes lines off the start of a file.
private struct HeaderLines {
    private var rest: Slice<UnsafeRawBufferPointer>
    private let isCut: Bool
    /// The line that was taken last, counted from 1.
    private(set) var number = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        rest = bytes[...]
        isCut = bytes.count >= AgeHeader.limit
    }

    /// The next line, without its line feed.
    mutating func next() throws(UnsealFault) -> Slice<UnsafeRawBufferPointer> {
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { throw isCut ? .headerTooLong : .headerTruncated }
        defer { rest = rest[(end + 1)...] }
        number += 1
        return rest[..<end]
    }
}
