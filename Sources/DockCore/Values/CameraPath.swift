/// The path of a file on a camera's volume, relative to its root. It is bytes, as Linux has it, not text; it cannot
/// leave the volume: no leading `/`, no `.` or `..`, no empty part, no NUL.
public struct CameraPath: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// Longest path that is accepted, in bytes (Linux PATH_MAX less its NUL).
    public static let longest = 4095
    /// Longest single name that is accepted, in bytes (Linux NAME_MAX).
    public static let longestName = 255

    /// The raw bytes, parts separated by `/`.
    public let bytes: [UInt8]

    /// Checks and takes `bytes`. Throws ``DockError/Code/malformed`` with the reason.
    public init(_ bytes: some Collection<UInt8>) throws(DockError) {
        let bytes = Array(bytes)
        if let reason = CameraPath.objection(to: bytes) {
            throw DockError(
                .malformed, "cannot use a path named by the camera", at: CameraPath.escape(bytes.prefix(200)),
                because: reason,
                next: "inspect the camera; nothing outside its volume is touched")
        }
        self.bytes = bytes
    }

    /// Checks and takes text, as UTF-8.
    public init(_ text: String) throws(DockError) { try self.init(Array(text.utf8)) }

    private static func objection(to bytes: [UInt8]) -> String? {
        if bytes.isEmpty { return "the path is empty" }
        if bytes.count > longest { return "the path is \(bytes.count) bytes long; at most \(longest) are accepted" }
        if bytes.contains(0) { return "the path contains a NUL byte" }
        for part in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            if part.isEmpty { return "the path is absolute or has an empty part" }
            if part.elementsEqual([46]) || part.elementsEqual([46, 46]) { return "the path has a '.' or '..' part" }
            if part.count > longestName {
                return "a name is \(part.count) bytes long; at most \(longestName) are accepted"
            }
        }
        return nil
    }

    /// The names along the path, outermost first.
    public var components: [ArraySlice<UInt8>] { bytes.split(separator: UInt8(ascii: "/")) }

    /// The last name.
    public var name: ArraySlice<UInt8> {
        bytes[((bytes.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)...]
    }

    /// The path with `suffix` appended to its name (`A.MP4` to `A.MP4.sha256`).
    public func appending(suffix: String) throws(DockError) -> CameraPath { try CameraPath(bytes + Array(suffix.utf8)) }

    /// Orders by bytes.
    public static func < (left: CameraPath, right: CameraPath) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    /// Readable and reversible: valid UTF-8 as it is; control characters, `%` and bytes that are not UTF-8 as `%XX`.
    public var description: String { CameraPath.escape(bytes) }

    /// Looking up the category is dear, and of ASCII it is known.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? scalar.value < 0x20 || scalar.value == 0x7f : scalar.properties.generalCategory == .control
    }

    /// Any bytes in the form of ``description``.
    public static func escape(_ bytes: some Collection<UInt8>) -> String {
        if let text = String(validating: Array(bytes), as: UTF8.self),
            !text.unicodeScalars.contains(where: { $0 == "%" || isControl($0) })
        {
            return text
        }
        return bytes.map { byte in
            (0x21...0x7e).contains(byte) && byte != 0x25 ? String(UnicodeScalar(byte)) : "%" + Hex.encode([byte])
        }.joined()
    }

    /// Reads the form of ``description``.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = Array(try container.decode(String.self).utf8)
        var bytes: [UInt8] = []
        var index = 0
        while index < text.count {
            if text[index] == 0x25 {
                guard index + 2 < text.count,
                    let byte = Hex.decode(String(decoding: text[(index + 1)...(index + 2)], as: UTF8.self))?.first
                else {
                    throw DecodingError.dataCorruptedError(in: container, debugDescription: "'%' without two digits")
                }
                bytes.append(byte)
                index += 3
            } else {
                bytes.append(text[index])
                index += 1
            }
        }
        self = try CameraPath(bytes)
    }

    /// Writes ``description``.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
