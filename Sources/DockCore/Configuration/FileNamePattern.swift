/// How a camera's file names carry what a manifest would say:
/// `{device}_{wearer}_{date}_{time}_{sequence}.MP4` for `BWC0042_004711_20261001_083000_0001.MP4`.
///
/// A pattern is literal text and fields in braces. Each field is matched by its own rule and as short as the next literal
/// allows, so that matching takes time linear in the name; two fields never stand side by side.
public struct FileNamePattern: Sendable, Equatable {
    /// What a name can carry.
    public enum Field: String, Sendable, CaseIterable {
        /// Serial number of the camera (letters, digits, `-`).
        case device
        /// Badge of the wearer (letters, digits, `-`).
        case wearer
        /// `yyyymmdd`.
        case date
        /// `hhmmss`, by the camera's clock.
        case time
        /// The camera's running number (digits): of its recordings if there is a `segment` too, else of its segments.
        case sequence
        /// Number of the segment within its recording (digits).
        case segment
    }

    /// A piece of a pattern.
    public enum Piece: Sendable, Equatable {
        /// Text that must stand there, compared without regard to ASCII case.
        case literal(String)
        /// A field.
        case field(Field)
    }

    /// What one name says.
    public struct Match: Sendable, Equatable {
        /// Serial number of the camera.
        public var device: String?
        /// Badge of the wearer.
        public var wearer: String?
        /// The moment, read as UTC.
        public var start: Instant?
        /// The camera's running number.
        public var sequence: UInt64?
        /// Number of the segment within its recording.
        public var segment: UInt64?
        /// What segments of one recording share: the name without its ending and without the number of the segment (the
        /// `segment` field; else the `sequence` field, if there is a date). Names the recording.
        public var stem: String

        /// Number of the segment: within its recording if the pattern has that, else the camera's running number.
        public var segmentNumber: UInt64? { segment ?? sequence }

        /// Number of the recording, where the pattern counts both recordings and segments.
        public var recordingNumber: UInt64? { segment == nil ? nil : sequence }
    }

    /// The pattern as written.
    public let text: String
    /// Its pieces, in order.
    public let pieces: [Piece]

    /// Parses a pattern; the error text says what is wrong with it.
    public static func parse(_ text: String) -> Result<FileNamePattern, PatternError> {
        var pieces: [Piece] = []
        var rest = Substring(text)
        var seen: Set<Field> = []
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { pieces.append(.literal(String(rest[..<open]))) }
            guard let close = rest[open...].firstIndex(of: "}") else {
                return .failure(PatternError("a '{' is not closed"))
            }
            let name = String(rest[rest.index(after: open)..<close])
            guard let field = Field(rawValue: name) else {
                let known = Field.allCases.map(\.rawValue).joined(separator: ", ")
                return .failure(PatternError("'{\(name)}' is no field; known are \(known)"))
            }
            if case .field? = pieces.last {
                return .failure(PatternError("two fields stand side by side before '{\(name)}'"))
            }
            guard seen.insert(field).inserted else { return .failure(PatternError("'{\(name)}' stands twice")) }
            pieces.append(.field(field))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.literal(String(rest))) }
        guard !seen.isEmpty else { return .failure(PatternError("it has no field")) }
        guard seen.contains(.date) == seen.contains(.time) else {
            return .failure(PatternError("'{date}' and '{time}' go together"))
        }
        return .success(FileNamePattern(text: text, pieces: pieces))
    }

    /// What is wrong with a pattern.
    public struct PatternError: Error, Sendable, Equatable {
        /// One clause for a person.
        public let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    /// Its fields, in order.
    public var fields: [Field] {
        pieces.compactMap { piece in
            if case .field(let field) = piece { field } else { nil }
        }
    }

    /// The field that counts segments within a recording, and so is no part of the recording's name. A running number does
    /// so only beside a date and time that tell recordings apart.
    private var counter: Field? {
        let fields = fields
        if fields.contains(.segment) { return .segment }
        return fields.contains(.sequence) && fields.contains(.date) ? .sequence : nil
    }

    /// Matches a whole file name; nil if it does not fit or carries a number beyond 64 bits.
    public func match(_ name: some Sequence<UInt8>) -> Match? {
        let bytes = Array(name)
        guard bytes.count <= CameraPath.longestName else { return nil }
        var values: [Field: ArraySlice<UInt8>] = [:]
        var rest = bytes[...]
        for (index, piece) in pieces.enumerated() {
            switch piece {
            case .literal(let literal):
                guard rest.count >= literal.utf8.count, zip(rest, literal.utf8).allSatisfy({ folded($0) == folded($1) })
                else { return nil }
                rest = rest.dropFirst(literal.utf8.count)
            case .field(let field):
                guard let value = take(field, before: pieces[(index + 1)...].first, from: rest) else { return nil }
                values[field] = value
                rest = rest[value.endIndex...]
            }
        }
        guard rest.isEmpty, let stem = stem(of: bytes, without: counter.flatMap { values[$0] }) else { return nil }
        let texts = values.mapValues { String(decoding: $0, as: UTF8.self) }
        let sequence = texts[.sequence].map { UInt64($0) }
        let segment = texts[.segment].map { UInt64($0) }
        if case .some(nil) = sequence { return nil }
        if case .some(nil) = segment { return nil }
        return Match(
            device: texts[.device], wearer: texts[.wearer], start: FileNamePattern.moment(texts[.date], texts[.time]),
            sequence: sequence ?? nil, segment: segment ?? nil, stem: stem)
    }

    private func take(_ field: Field, before next: Piece?, from rest: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        if let length = field.length {
            let value = rest.prefix(length)
            return value.count == length && value.allSatisfy { field.allows($0) } ? value : nil
        }
        var stop: UInt8?
        if case .literal(let literal)? = next { stop = literal.utf8.first.map(folded) }
        let value = rest.prefix { field.allows($0) && folded($0) != stop }
        return value.isEmpty ? nil : value
    }

    /// The name without its ending and without `counter` and the separators around it; nil if it is not UTF-8.
    private func stem(of name: [UInt8], without counter: ArraySlice<UInt8>?) -> String? {
        func isSeparator(_ byte: UInt8) -> Bool {
            [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ".")].contains(byte)
        }
        let end = name.lastIndex(of: UInt8(ascii: ".")) ?? name.endIndex
        guard let counter else { return String(validating: name[..<end], as: UTF8.self) }
        var head = name[..<min(counter.startIndex, end)]
        while let last = head.last, isSeparator(last) { head.removeLast() }
        var tail = name[min(counter.endIndex, end)..<end]
        if head.isEmpty { tail = tail.drop(while: isSeparator) }
        return String(validating: head + tail, as: UTF8.self)
    }

    private static func moment(_ date: String?, _ time: String?) -> Instant? {
        guard let date, let time, let day = Int(date), let clock = Int(time) else { return nil }
        return Instant(
            year: day / 10_000, month: day / 100 % 100, day: day % 100, hour: clock / 10_000, minute: clock / 100 % 100,
            second: clock % 100)
    }
}

extension FileNamePattern.Field {
    fileprivate func allows(_ byte: UInt8) -> Bool {
        let isDigit = (48...57).contains(byte)
        switch self {
        case .device, .wearer: return isDigit || (97...122).contains(folded(byte)) || byte == UInt8(ascii: "-")
        case .date, .time, .sequence, .segment: return isDigit
        }
    }

    fileprivate var length: Int? {
        switch self {
        case .date: 8
        case .time: 6
        default: nil
        }
    }
}

private func folded(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 32 : byte }
