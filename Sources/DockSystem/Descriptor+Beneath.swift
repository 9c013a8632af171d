import CLinux
import DockCore
import Glibc

extension Descriptor {
    /// open(2)'s `O_PATH`: names a file without opening it, so that devices and pipes are not touched.
    public static var pathOnly: Int32 { bodydock_O_PATH }
    /// open(2)'s `O_DIRECT`: reads come from the device, past the page cache, where the file system can do that.
    public static var direct: Int32 { bodydock_O_DIRECT }

    /// Opens `path` below `folder`, by one openat2(2) that follows no symbolic link on the whole way (`ELOOP`), enters no
    /// other mount (`EXDEV`) and never waits for a pipe's other end. Needs Linux 5.6 (`ENOSYS`).
    public static func openBeneath(
        _ path: borrowing some PathBytes, under folder: Int32, flags: Int32
    ) throws(Errno) -> Descriptor {
        // A path alone never waits, and openat2 refuses flags that mean nothing.
        let flags = flags | O_CLOEXEC | O_NOFOLLOW | (flags & pathOnly == 0 ? O_NONBLOCK : 0)
        var result: Int32 = -1
        try path.withCPath { pointer throws(Errno) in
            result = try retrying { bodydock_open_beneath(folder, pointer, flags) }
        }
        return Descriptor(owning: result)
    }

    /// Forces everything that was written to the file system below to its device (syncfs(2)).
    public func synchronizeFileSystem() throws(Errno) { try retrying { bodydock_syncfs(number) } }

    /// What the file system below says of itself now.
    public func fileSystem() throws(Errno) -> FileSystemStatus {
        let type = try retrying { bodydock_file_system_type(number) }
        var raw = statvfs()
        try retrying { fstatvfs(number, &raw) }
        return FileSystemStatus(
            type: type, isReadOnly: raw.f_flag & UInt(ST_RDONLY) != 0,
            freeBytes: Int64(raw.f_bavail) * Int64(raw.f_frsize))
    }
}

/// What statfs(2) and statvfs(3) say of a file system.
public struct FileSystemStatus: Sendable, Equatable {
    /// The `f_type` of statfs(2).
    public let type: Int64
    /// Whether it is mounted read-only.
    public let isReadOnly: Bool
    /// Bytes that may still be written by somebody who is not root.
    public let freeBytes: Int64

    /// Whether a file keeps its inode number. FAT and exFAT have none on disk: the kernel makes one up each time that it
    /// loads a file anew, which it does whenever memory is short; FUSE programs may do the same.
    public var keepsInodeNumbers: Bool {
        let madeUp: [Int64] = [0x4d44, 0x2011_bab0, 0x6573_5546]  // MSDOS_, EXFAT_, FUSE_SUPER_MAGIC
        return !madeUp.contains(type)
    }
}
