import DockSystem
import Glibc

/// One line of `/proc/self/mountinfo` (proc_pid_mountinfo(5)).
struct Mount: Equatable {
    /// Where it is mounted.
    let point: String
    /// The file system's type.
    let type: String
    /// What is mounted: a device node, or a word of the file system's own.
    let source: String

    /// The mount that an open folder lies on; nil if the kernel does not show it (another mount namespace).
    static func holding(_ folder: borrowing Descriptor) throws(Errno) -> Mount? {
        guard let id = value(of: "mnt_id:", in: try text(of: "/proc/self/fdinfo/\(folder.number)")) else { return nil }
        let line = try text(of: "/proc/self/mountinfo").split(separator: "\n").first { $0.hasPrefix(id + " ") }
        return line.flatMap(Mount.init)
    }

    /// Parses a line; nil if it is none.
    init?(_ line: some StringProtocol) {
        let fields = line.split(separator: " ", omittingEmptySubsequences: false)
        // Optional fields of any number stand between the sixth and a lone "-".
        guard fields.count >= 10, let dash = fields[6...].firstIndex(of: "-"), dash + 2 < fields.count else {
            return nil
        }
        point = Mount.unescape(fields[4])
        type = String(fields[dash + 1])
        source = Mount.unescape(fields[dash + 2])
    }

    /// Blank, tab, newline and backslash stand as `\` and three octal digits.
    private static func unescape(_ field: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func value(of key: String, in text: String) -> String? {
        let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
        return line.map { String($0.dropFirst(key.count).drop(while: \.isWhitespace)) }
    }

    private static func text(of path: String) throws(Errno) -> String {
        let file = try Descriptor.open(path, flags: O_RDONLY)
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = try file.read(&piece)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece.prefix(count)
        }
    }
}

extension Descriptor {
    fileprivate func read(_ piece: inout [UInt8]) throws(Errno) -> Int {
        let count = piece.count
        return try retrying { Glibc.read(number, &piece, count) }
    }
}
