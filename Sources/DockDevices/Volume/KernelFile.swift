import DockSystem
import Glibc

/// Small files: those that the kernel makes up in `/proc` and `/sys`, and notes of our own.
enum KernelFile {
    private static let most = 64 << 20

    /// The whole text.
    static func text(of path: String) throws(Errno) -> String { String(decoding: try bytes(of: path), as: UTF8.self) }

    /// All bytes. `EFBIG` beyond 64 MiB.
    static func bytes(of path: String) throws(Errno) -> [UInt8] {
        try read(Descriptor.open(path, flags: O_RDONLY))
    }

    /// Writes the text by one call, as attributes of `/sys` want it; a file that is missing is made if `isOwn`.
    static func write(_ text: String, to path: String, isOwn: Bool = false) throws(Errno) {
        let file = try Descriptor.open(path, flags: O_WRONLY | (isOwn ? O_CREAT | O_TRUNC : 0))
        let number = file.number
        let bytes = Array(text.utf8)
        let count = try retrying { bytes.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) } }
        guard count == bytes.count else { throw Errno(ENOSPC) }
    }

    private static func read(_ file: borrowing Descriptor) throws(Errno) -> [UInt8] {
        let number = file.number
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = try retrying { piece.withUnsafeMutableBytes { Glibc.read(number, $0.baseAddress, $0.count) } }
            if count == 0 { return bytes }
            bytes += piece.prefix(count)
            if bytes.count > most { throw Errno(EFBIG) }
        }
    }
}
