/// The name of an object in a vault, below the vault's prefix. For a sealed segment:
/// `<camera>/<yyyy>/<mm>/<dd>/<recording>/<segment>.<12 hex of its SHA-256>.age`.
///
/// Only unreserved characters of RFC 3986 and `/` occur; every other byte of a name on the camera stands as `~XX`, so that
/// two different names never meet. Names longer than 120 bytes are cut and end in a hash of the whole name.
public struct ObjectName: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The name: `/`-separated, no empty, `.` or `..` parts.
    public let text: String

    /// The name of a segment of `camera`.
    /// - Parameters:
    ///   - camera: serial number, as ``CameraIdentity/isName(_:)`` allows.
    ///   - date: the day under which it is filed, UTC: the recording's start, or the docking's where the camera gives none.
    ///   - recording: the recording's name on the camera.
    ///   - segment: the file's name on the camera.
    ///   - content: SHA-256 of the plaintext.
    public init(camera: String, date: Instant, recording: String, segment: some Sequence<UInt8>, content: SHA256Digest)
    {
        let day = ObjectName.day(of: date)
        let folder = ObjectName.escape(recording.utf8)
        let file = ObjectName.escape(segment)
        text = "\(ObjectName.escape(camera.utf8))/\(day)/\(folder)/\(file).\(content.description.prefix(12)).age"
    }

    /// The name of a checkpoint of a dock's ledger: `<dock>/checkpoints/<yyyy>/<mm>/<entries>.<12 hex of its SHA-256>.checkpoint`,
    /// the number with 12 digits, so that they sort.
    public init(checkpoint entries: Int64, dock: String, date: Instant, content: SHA256Digest) {
        let month = ObjectName.day(of: date).dropLast(3)
        let number = String(repeating: "0", count: max(0, 12 - String(entries).count)) + String(entries)
        let folder = "\(ObjectName.escape(dock.utf8))/checkpoints/\(month)"
        text = "\(folder)/\(number).\(content.description.prefix(12)).checkpoint"
    }

    /// The same with another ending, for what belongs to this object and lies beside it.
    public func ending(_ ending: String) -> ObjectName {
        ObjectName(recorded: text[...(text.lastIndex(of: ".") ?? text.startIndex)] + ending) ?? self
    }

    /// Takes a name that was made before, from the ledger; nil if it is not one.
    public init?(recorded text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isClean = text.utf8.allSatisfy {
            ObjectName.isUnreserved($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "~")
        }
        guard isClean, !parts.isEmpty, text.utf8.count <= 900,
            parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
        else {
            return nil
        }
        self.text = text
    }

    /// Serial number of the camera: no name of a camera has a character that is escaped, or is long enough to be cut.
    public var camera: String { String(text.prefix { $0 != "/" }) }

    /// The name to use when another object already stands under this one: it carries the sealing's own name as well.
    public func besideOther(sealing id: String) -> ObjectName {
        let end = text.lastIndex(of: ".") ?? text.endIndex
        return ObjectName(recorded: text[..<end] + "." + id.prefix(12) + text[end...]) ?? self
    }

    /// The name.
    public var description: String { text }

    /// Reads the name.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let name = ObjectName(recorded: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an object name")
        }
        self = name
    }

    /// Writes the name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    /// `yyyy/mm/dd`, UTC.
    private static func day(of date: Instant) -> String {
        let civil = date.civilDate
        return [civil.year, civil.month, civil.day].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: "/")
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            || [45, 46, 95].contains(byte)
    }

    private static func escape(_ name: some Sequence<UInt8>) -> String {
        var text = ""
        for (index, byte) in name.enumerated() {
            let isLeadingDot = index == 0 && byte == UInt8(ascii: ".")
            text += isUnreserved(byte) && !isLeadingDot ? String(UnicodeScalar(byte)) : "~" + Hex.encode([byte])
        }
        guard text.utf8.count > 120 else { return text.isEmpty ? "~" : text }
        return text.prefix(96) + "~~" + Hex.encode(fingerprint(text))
    }

    /// FNV-1a, 64 bit: keeps cut names apart; not a security property (the content's SHA-256 follows in the name).
    private static func fingerprint(_ text: String) -> [UInt8] {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return (0..<8).map { UInt8(truncatingIfNeeded: hash >> (56 - 8 * UInt64($0))) }
    }
}
