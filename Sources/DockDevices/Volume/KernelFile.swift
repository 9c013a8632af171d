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
        let bytes = Array(text.utf8)
        let count = try file.call { number in bytes.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) } }
        guard count == bytes.count else { throw Errno(ENOSPC) }
    }

    /// The names in a folder; none if there is no such folder.
    static func names(in path: String) throws(Errno) -> [String] {
        do throws(Errno) {
            let folder = try Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY)
            return try names(in: folder)
        } catch  where error.code == ENOENT {
            return []
        }
    }

    private static func names(in folder: borrowing Descriptor) throws(Errno) -> [String] {
        try Folder.names(in: folder.number, limit: 65_536).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func read(_ file: borrowing Descriptor) throws(Errno) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = try file.call { number in
                piece.withUnsafeMutableBytes { Glibc.read(number, $0.baseAddress, $0.count) }
            }
            if count == 0 { return bytes }
            bytes += piece.prefix(count)
            if bytes.count > most { throw Errno(EFBIG) }
        }
    }
}

extension Descriptor {
    /// Runs a system call on it, again after a signal. A descriptor closes after its last use: whoever takes its number to call
    /// with later finds it closed, or another file behind it. Here it stays open until the call is over.
    @discardableResult
    borrowing func call<Value: SignedInteger>(_ body: (Int32) -> Value) throws(Errno) -> Value {
        try retrying { body(number) }
    }
}
