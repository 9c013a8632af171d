import CLinux
import DockCore
import DockSystem
import Glibc

/// A file that takes its name only when all of it is on the disk, and never takes the name of another. Until then it has no
/// name at all (O_TMPFILE of open(2)), so that even a crash leaves nothing; where the file system cannot do that, it has a
/// hidden name beside the final one, which is removed when this value goes.
struct NewFile: ~Copyable {
    private let path: String
    private let what: String
    private let name: String
    private let folder: Descriptor
    private let file: Descriptor
    private var hiddenName: String?

    /// Begins a file that will appear at `path`, with the permission bits `mode` less the umask. Fails at once if something
    /// is there already.
    /// - Parameter unnamed: whether to try without a name first.
    init(at path: String, mode: mode_t, what: String, unnamed: Bool = true) throws(DockError) {
        let end = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let (parent, name) = (path[..<end].isEmpty ? "." : String(path[..<end]), String(path[end...]))
        let folder = try attempt(what, at: path, next: "make the folder first") { () throws(Errno) in
            guard !name.isEmpty, name != ".", name != ".." else { throw Errno(EISDIR) }
            return try Descriptor.open(parent, flags: O_RDONLY | O_DIRECTORY)
        }
        guard
            try attempt(
                what, at: path, next: "check the folder", { () throws(Errno) in try NewFile.isFree(name, folder) })
        else {
            throw NewFile.taken(what, path)
        }
        var hiddenName: String?
        let random = try Hex.encode(Randomness.bytes(8))
        file = try attempt(what, at: path, next: "check that the folder can be written to") { () throws(Errno) in
            if unnamed {
                do throws(Errno) {
                    return try NewFile.openUnnamed(folder, mode)
                } catch {
                    guard NewFile.isUnsupported(error) else { throw error }
                }
            }
            let temporary = ".bodydock-\(random).part"
            hiddenName = temporary
            return try Descriptor.open(temporary, under: folder.number, flags: O_WRONLY | O_CREAT | O_EXCL, mode: mode)
        }
        (self.path, self.what, self.name, self.hiddenName) = (path, what, name, hiddenName)
        self.folder = folder
    }

    deinit {
        // The error, if any, is that of a file system that is failing anyway; the caller has its own error to tell.
        if let hiddenName { _ = unlinkat(folder.number, hiddenName, 0) }
    }

    /// Adds bytes at the end.
    func write(_ bytes: UnsafeRawBufferPointer) throws(DockError) {
        try attempt(what, at: path, next: "make room, or check the disk, and run again") { () throws(Errno) in
            try file.writeAll(bytes)
        }
    }

    /// Forces the content to the disk, then gives the file its name, then forces the name to the disk.
    mutating func appear() throws(DockError) {
        do {
            try file.synchronize()
            try takeName()
            try folder.synchronize()
        } catch  where error.code == EEXIST {
            throw NewFile.taken(what, path)
        } catch {
            throw error.error(what, at: path, next: "check the disk and run again")
        }
    }

    private mutating func takeName() throws(Errno) {
        guard let hiddenName else {
            let own = "/proc/self/fd/\(file.number)"
            try retrying { linkat(AT_FDCWD, own, folder.number, name, AT_SYMLINK_FOLLOW) }
            return
        }
        do {
            // 1 is RENAME_NOREPLACE.
            try retrying { bodydock_renameat2(folder.number, hiddenName, folder.number, name, 1) }
            self.hiddenName = nil
        } catch  where error.code == EINVAL || error.code == ENOSYS {
            // No such rename here (NFS): a second name, of which the hidden one goes with this value.
            try retrying { linkat(folder.number, hiddenName, folder.number, name, 0) }
        }
    }

    /// Writes all of a new file.
    static func write(_ content: [UInt8], to path: String, mode: mode_t, what: String) throws(DockError) {
        var file = try NewFile(at: path, mode: mode, what: what)
        let result: Result<Void, DockError> = content.withUnsafeBytes { bytes in
            Result { () throws(DockError) in try file.write(bytes) }
        }
        try result.get()
        try file.appear()
    }

    private static func isFree(_ name: String, _ folder: borrowing Descriptor) throws(Errno) -> Bool {
        do {
            _ = try FileStatus.of(name, under: folder.number)
            return false
        } catch  where error.code == ENOENT {
            return true
        }
    }

    private static func openUnnamed(_ folder: borrowing Descriptor, _ mode: mode_t) throws(Errno) -> Descriptor {
        // Only through /proc can such a file get its name later.
        guard access("/proc/self/fd", X_OK) == 0 else { throw Errno(EOPNOTSUPP) }
        // O_TMPFILE is a macro that Swift does not import (asm-generic/fcntl.h).
        return try Descriptor.open(".", under: folder.number, flags: O_WRONLY | O_DIRECTORY | 0o20000000, mode: mode)
    }

    private static func isUnsupported(_ error: Errno) -> Bool {
        [EOPNOTSUPP, EISDIR, EINVAL, ENOSYS].contains(error.code)
    }

    private static func taken(_ what: String, _ path: String) -> DockError {
        DockError(
            .conflict, what, at: path, because: "something is there already; it is left as it is",
            next: "give another name, or move that away")
    }
}
