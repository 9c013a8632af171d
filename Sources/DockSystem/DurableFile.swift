import Glibc

/// A file of the dock's own disk that a power cut leaves whole, as it was before, or not there.
public enum DurableFile {
    /// Writes beside the file, forces it to the disk, gives it its name, and forces that to the disk too. What stands under the name is
    /// replaced. One writer for each name at a time.
    public static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o640) throws(Errno) {
        let draft = path + ".partial"
        let file = try Descriptor.open(draft, flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: mode)
        let written: Result<Void, Errno> = bytes.withUnsafeBytes { buffer in
            Result { () throws(Errno) in try file.writeAll(buffer) }
        }
        try written.get()
        try file.synchronize()
        try draft.withCPath { from throws(Errno) in
            try path.withCPath { to throws(Errno) in try retrying { rename(from, to) } }
        }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        try Folder.synchronize(folder.isEmpty ? "/" : folder)
    }

    /// Reads a regular file of at most `most` bytes; fails with `EFBIG` if it is larger, `EINVAL` if it is none. A pipe does not keep
    /// anybody waiting, and links are not followed.
    public static func read(_ path: String, most: Int) throws(Errno) -> [UInt8] {
        let file = try Descriptor.open(path, flags: O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
        return try read(file, most: most).bytes
    }

    /// As ``read(_:most:)``, of an open file, and which file it was.
    public static func read(_ file: borrowing Descriptor, most: Int) throws(Errno) -> (
        bytes: [UInt8], status: FileStatus
    ) {
        let status = try file.status()
        guard status.kind == .file else { throw Errno(EINVAL) }
        guard status.identity.size <= Int64(most) else { throw Errno(EFBIG) }
        var bytes = [UInt8](repeating: 0, count: min(most, Int(status.identity.size) + 65_536) + 1)
        let count: Result<Int, Errno> = bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(Errno) in try file.readFully(into: buffer) }
        }
        let length = try count.get()
        guard length < bytes.count else { throw Errno(EFBIG) }
        return (Array(bytes.prefix(length)), status)
    }
}
