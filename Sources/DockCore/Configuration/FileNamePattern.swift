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
        /// The camera's running number (digits): segments with consecutive numbers and one start belong together.
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
        /// The name up to the first `segment` or `sequence` field, without a trailing separator: what segments of one recording share.
        public var stem: String
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

    /// Matches a whole file name; nil if it does not fit.
    public func match(_ name: some Sequence<UInt8>) -> Match? {
        guard let text = String(validating: Array(name), as: UTF8.self), text.utf8.count <= CameraPath.longestName
        else { return nil }
        var rest = Substring(text)
        var values: [Field: Substring] = [:]
        var stemEnd: String.Index?
        for (index, piece) in pieces.enumerated() {
            switch piece {
            case .literal(let literal):
                guard rest.count >= literal.count, rest.prefix(literal.count).lowercased() == literal.lowercased()
                else { return nil }
                rest = rest.dropFirst(literal.count)
            case .field(let field):
                var value = rest.prefix(while: { field.allows($0) })
                if index + 1 < pieces.count, case .literal(let next) = pieces[index + 1], let stop = next.first {
                    value = value.prefix(while: { $0 != stop })
                }
                guard !value.isEmpty, field.length == nil || value.count == field.length else { return nil }
                if field == .sequence || field == .segment, stemEnd == nil { stemEnd = value.startIndex }
                values[field] = value
                rest = rest[value.endIndex...]
            }
        }
        guard rest.isEmpty else { return nil }
        return Match(
            device: values[.device].map(String.init), wearer: values[.wearer].map(String.init),
            start: FileNamePattern.moment(values[.date], values[.time]),
            sequence: values[.sequence].flatMap { UInt64($0) },
            segment: values[.segment].flatMap { UInt64($0) },
            stem: String(
                text[..<(stemEnd ?? text.lastIndex(of: ".") ?? text.endIndex)].trimmingSuffix(while: {
                    "_-.".contains($0)
                })))
    }

    private static func moment(_ date: Substring?, _ time: Substring?) -> Instant? {
        guard let date, let time, let day = Int(date), let clock = Int(time) else { return nil }
        return Instant(
            year: day / 10_000, month: day / 100 % 100, day: day % 100, hour: clock / 10_000, minute: clock / 100 % 100,
            second: clock % 100)
    }
}

extension FileNamePattern.Field {
    fileprivate func allows(_ character: Character) -> Bool {
        guard character.isASCII else { return false }
        switch self {
        case .device, .wearer: return character.isLetter || character.isNumber || character == "-"
        case .date, .time, .sequence, .segment: return character.isNumber
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

extension Substring {
    fileprivate func trimmingSuffix(while condition: (Character) -> Bool) -> Substring {
        var end = endIndex
        while end > startIndex, condition(self[index(before: end)]) { end = index(before: end) }
        return self[..<end]
    }
}
