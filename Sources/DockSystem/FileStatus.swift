import DockCore
import Glibc

/// What stat(2) says of a file.
public struct FileStatus: Sendable, Equatable {
    /// What a name stands for.
    public enum Kind: String, Sendable {
        /// A regular file.
        case file
        /// A folder.
        case folder
        /// A symbolic link.
        case link
        /// A device, socket, pipe or something unknown.
        case special
    }

    /// What it is.
    public let kind: Kind
    /// Which file in which state.
    public let identity: FileIdentity
    /// Permission bits.
    public let permissions: mode_t
    /// Owner.
    public let owner: uid_t
    /// Number of names.
    public let links: UInt64

    /// From the C structure.
    public init(_ raw: stat) {
        switch raw.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .folder
        case S_IFLNK: kind = .link
        default: kind = .special
        }
        let modified = Int64(raw.st_mtim.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        identity = FileIdentity(
            device: UInt64(raw.st_dev), inode: UInt64(raw.st_ino), size: Int64(raw.st_size),
            modified: modified.overflow
                ? Int64(raw.st_mtim.tv_sec) : modified.partialValue &+ Int64(raw.st_mtim.tv_nsec))
        permissions = raw.st_mode & 0o7777
        owner = raw.st_uid
        links = UInt64(raw.st_nlink)
    }

    /// Of `path`, relative to `folder` if one is given. Links are not followed.
    public static func of(_ path: borrowing some PathBytes, under folder: Int32 = AT_FDCWD) throws(Errno) -> FileStatus
    {
        var raw = Glibc.stat()
        try path.withCPath { pointer throws(Errno) in
            try retrying { fstatat(folder, pointer, &raw, AT_SYMLINK_NOFOLLOW) }
        }
        return FileStatus(raw)
    }
}
