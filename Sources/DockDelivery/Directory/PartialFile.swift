import CLinux
import DockCore
import DockSystem
import Glibc

/// A copy in the making: `.bodydock-<sealing>.partial` in the folder of its final name. It goes away with this value, unless
/// it has appeared under its final name.
///
/// Whoever works on a partial file holds its lock (flock(2)), and only the holder removes its name. So a stale one of a run
/// that was cut off is replaced, and two runs that deliver the same sealing at once wait for each other. A stale one is never
/// written to: where names appear by hard link, it may be the finished object.
struct PartialFile: ~Copyable {
    private let file: Descriptor
    private let folder: VaultFolder
    private let name: String
    private let place: String

    /// Begins an empty copy of `sealing` in `folder`.
    init(of sealing: String, in folder: VaultFolder) throws(DockError) {
        name = ".bodydock-\(sealing).partial"
        place = folder.place + "/" + name
        self.folder = folder
        do { file = try PartialFile.create(name, in: folder.handle.number) } catch {
            throw error.error(PartialFile.what, at: place, next: PartialFile.next)
        }
    }

    deinit {
        // A partial file that cannot be removed is replaced when the sealing is delivered again.
        if PartialFile.isStill(file, at: name, in: folder.handle.number) {
            PartialFile.remove(name, in: folder.handle.number)
        }
    }

    private static let what = "cannot copy a sealed segment into a vault"
    static let next = "check the vault's disk, its space and its permissions"

    private static func create(_ name: String, in folder: Int32) throws(Errno) -> Descriptor {
        for _ in 0..<1000 {
            var isNew = true
            var file: Descriptor
            do {
                file = try Descriptor.open(
                    name, under: folder, flags: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o640)
            } catch let error where error.code == EEXIST {
                isNew = false
                do { file = try openStale(name, in: folder) } catch let error where error.code == ENOENT { continue }
            }
            _ = try file.lock(waiting: true)
            guard isStill(file, at: name, in: folder) else { continue }
            if isNew { return file }
            remove(name, in: folder)
        }
        throw Errno(EAGAIN)
    }

    /// Opens what stands there, to lock it. For writing, because NFS locks nothing else; one that was about to get its name
    /// is read-only already. A symbolic link is nobody's work in progress, and is refused.
    static func openStale(_ name: String, in folder: Int32) throws(Errno) -> Descriptor {
        do {
            return try Descriptor.open(name, under: folder, flags: O_RDWR | O_NOFOLLOW | O_NONBLOCK)
        } catch let error where error.code == EACCES {
            return try Descriptor.open(name, under: folder, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        }
    }

    /// Whether `name` is still a name of the open file.
    static func isStill(_ file: borrowing Descriptor, at name: String, in folder: Int32) -> Bool {
        do {
            let (here, there) = (try file.status().identity, try FileStatus.of(name, under: folder).identity)
            return here.inode == there.inode && here.device == there.device
        } catch {
            return false
        }
    }

    private static func remove(_ name: String, in folder: Int32) { _ = unlinkat(folder, name, 0) }

    /// Copies the whole spool file, and forces it to the disk, readable for owner and group only (0440).
    func fill(from spool: borrowing SpoolFile, path: String, progress: (Int64) -> Void) throws(DockError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { buffer.deallocate() }
        spool.file.willReadSequentially()
        var offset: Int64 = 0
        while true {
            let count: Int
            do { count = try spool.file.readFully(into: buffer, at: offset) } catch {
                throw error.error("cannot read a sealed segment", at: path, next: "check the dock's disk")
            }
            if count == 0 { break }
            do { try file.writeAll(UnsafeRawBufferPointer(rebasing: buffer[..<count])) } catch {
                throw error.error(PartialFile.what, at: place, next: PartialFile.next)
            }
            offset += Int64(count)
            progress(Int64(count))
        }
        guard offset == spool.ends.bytes else {
            throw DockError(
                .corrupt, "cannot read a sealed segment", at: path,
                because: "it changed from \(spool.ends.bytes) to \(offset) bytes while it was copied",
                next: "nothing may write to the spool: check the dock's disk")
        }
        do {
            try retrying { fchmod(file.number, 0o440) }
            try file.synchronize()
        } catch {
            throw error.error(PartialFile.what, at: place, next: PartialFile.next)
        }
    }

    /// Gives the file its final name. Nothing is replaced: false if something stands there.
    func appear(as final: String) throws(DockError) -> Bool {
        let folder = folder.handle.number
        do {
            do {
                try retrying { bodydock_renameat2(folder, name, folder, final, 1) }
            } catch let error where error.code == EINVAL || error.code == ENOSYS {
                // No rename without replacing there (NFS): a hard link does not replace either.
                try retrying { linkat(folder, name, folder, final, 0) }
                PartialFile.remove(name, in: folder)
            }
            return true
        } catch let error where error.code == EEXIST {
            return false
        } catch {
            throw error.error(
                "cannot name an object", at: self.folder.place + "/" + final,
                next: "the vault's file system must know hard links or renameat2 without replacing")
        }
    }
}
