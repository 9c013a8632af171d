import DockCore
import DockSystem
import Glibc
import Synchronization

/// Sealed segments on the dock's disk that are not confirmed everywhere yet: ciphertext only, and checkpoints of the ledger with their
/// time-stamps, which have nothing to hide.
///
/// One folder for each docking, locked (flock(2)) by the process that fills it:
/// ```
/// <spool>/<docking>/<sealing>.partial    being written; worthless after a crash
/// <spool>/<docking>/<sealing>.age        durable; named in the ledger, or worthless
/// <spool>/<docking>/<sealing>.record     the same, of a record that is not sealed
/// ```
public struct Spool: Sendable {
    let path: String
    let keepFree: Int64
    /// What all dockings of this process have promised and under way.
    let traffic = SpoolTraffic()

    /// The spool at its configured place; the folder is made if it is missing.
    public init(_ settings: Configuration.Spool) throws(DockError) {
        path = settings.path
        keepFree = settings.keepFree
        do {
            try Folder.create(path)
        } catch {
            throw error.error(
                "cannot use the spool", at: path, next: "make the folder writable for Bodydock, or set spool.path")
        }
    }

    /// Bytes that are free on its disk; nil if that cannot be told.
    var freeBytes: Int64? {
        var status = statvfs()
        return statvfs(path, &status) == 0 ? Int64(status.f_bavail) * Int64(status.f_frsize) : nil
    }

    private static let suffixes = [".age", ".record"]

    /// Where the sealed file of a docking lies, if it is there.
    func find(sealing: String, docking: String) -> String? {
        guard CameraIdentity.isName(sealing), CameraIdentity.isName(docking) else { return nil }
        return Spool.suffixes.map { "\(path)/\(docking)/\(sealing)\($0)" }.first { access($0, R_OK) == 0 }
    }

    /// Begins the folder of a docking and locks it. Whoever delivers from it is waited for. A sweep in another process may lock or
    /// remove the folder between its making and its locking: then it is made again.
    /// - Parameters:
    ///   - waits: is told when this, or later a segment, begins and ends to wait.
    ///   - shouldStop: whether to give up waiting here; then an error is thrown that passes.
    func begin(
        docking: String, waits: (@Sendable (SpoolWait?) -> Void)? = nil, shouldStop: () -> Bool = { false }
    ) throws(DockError) -> SpoolSession {
        let folder = "\(path)/\(docking)"
        traffic.want(docking, 1)
        defer { traffic.want(docking, -1) }
        var isWaiting = false
        defer { if isWaiting { waits?(nil) } }
        do throws(Errno) {
            while !shouldStop() {
                try Folder.create(folder)
                if let lock = try lockIfFree(folder) {
                    try Folder.synchronize(path)
                    return SpoolSession(folder: folder, keepFree: keepFree, lock: lock, traffic: traffic, waits: waits)
                }
                if !isWaiting { waits?(.delivery) }
                isWaiting = true
                usleep(100_000)
            }
        } catch {
            throw error.error(
                "cannot begin a folder in the spool", at: folder, next: "make the spool writable and run again")
        }
        throw DockError(
            .io, "stopped waiting for the spool", at: folder, because: "the docking was broken off",
            next: "run again: what is not delivered yet is still on the camera or in the spool", isPassing: true)
    }

    /// Begins the folder of a docking and locks it, unless somebody works on it or waits for it.
    func beginIfFree(docking: String) throws(DockError) -> SpoolSession? {
        guard !traffic.isWanted(docking) else { return nil }
        let folder = "\(path)/\(docking)"
        do throws(Errno) {
            try Folder.create(folder)
            guard let lock = try lockIfFree(folder) else { return nil }
            try Folder.synchronize(path)
            return SpoolSession(folder: folder, keepFree: keepFree, lock: lock, traffic: traffic, waits: nil)
        } catch {
            throw error.error(
                "cannot begin a folder in the spool", at: folder, next: "make the spool writable and run again")
        }
    }

    /// Locks the folder of a docking that nobody works on; nil if it is locked, if its docking waits for it, or if it is not there.
    func claim(docking: String) throws(DockError) -> SpoolClaim? {
        guard CameraIdentity.isName(docking), !traffic.isWanted(docking) else { return nil }
        do throws(Errno) {
            let folder = try Descriptor.open("\(path)/\(docking)", flags: O_RDONLY | O_DIRECTORY)
            return try folder.lock(waiting: false) ? SpoolClaim(folder) : nil
        } catch  where error.code == ENOENT {
            return nil
        } catch {
            throw error.error("cannot look into the spool", at: path, next: "make the spool readable for Bodydock")
        }
    }

    /// Removes a sealed file that every vault has, and its folder if that was the last.
    func remove(_ file: String, docking: String) throws(DockError) {
        do throws(Errno) {
            try file.withCPath { pointer throws(Errno) in try retrying { unlink(pointer) } }
        } catch  where error.code == ENOENT {
        } catch {
            throw error.error("cannot remove a delivered segment from the spool", at: file, next: "remove it by hand")
        }
        // Fails as long as something is in it.
        _ = rmdir("\(path)/\(docking)")
    }

    /// Nil if somebody has it locked, or removed it.
    private func lockIfFree(_ folder: String) throws(Errno) -> Descriptor? {
        do throws(Errno) {
            let lock = try Descriptor.open(folder, flags: O_RDONLY | O_DIRECTORY)
            guard try lock.lock(waiting: false),
                try FileStatus.of(folder).identity.inode == lock.status().identity.inode
            else { return nil }
            return lock
        } catch let error where error.code == ENOENT {
            return nil
        }
    }

    /// Removes what a crash left behind: partial files, and sealed files that `isPending` does not know. Folders that a
    /// running process has locked are left alone, and so is what the spool did not make.
    /// - Parameter isPending: whether the ledger has this sealing and some vault has not.
    func sweep(isPending: (String) throws(DockError) -> Bool) throws(DockError) {
        let root = try attempt { () throws(Errno) in try Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY) }
        for name in try attempt({ () throws(Errno) in try Folder.names(in: root.number, limit: 100_000) }) {
            try sweep(name, under: root.number, isPending)
        }
    }

    private func sweep(
        _ name: [UInt8], under root: Int32, _ isPending: (String) throws(DockError) -> Bool
    ) throws(DockError) {
        guard CameraIdentity.isName(String(decoding: name, as: UTF8.self)),
            try attempt({ () throws(Errno) in try FileStatus.of(name, under: root).kind == .folder })
        else { return }
        let folder = try attempt { () throws(Errno) in
            try Descriptor.open(name, under: root, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        }
        guard try attempt({ () throws(Errno) in try folder.lock(waiting: false) }) else { return }
        var isEmpty = true
        for file in try attempt({ () throws(Errno) in try Folder.names(in: folder.number, limit: 1_000_000) }) {
            let text = String(decoding: file, as: UTF8.self)
            let kind = try attempt { () throws(Errno) in try FileStatus.of(file, under: folder.number).kind }
            let suffix = Spool.suffixes.first { text.hasSuffix($0) }
            if kind != .file || !(suffix != nil || text.hasSuffix(".partial")) {
                isEmpty = false
            } else if let suffix, try isPending(String(text.dropLast(suffix.count))) {
                isEmpty = false
            } else {
                try attempt { () throws(Errno) in try remove(file, under: folder.number, flags: 0) }
            }
        }
        if isEmpty { try attempt { () throws(Errno) in try remove(name, under: root, flags: AT_REMOVEDIR) } }
    }

    private func remove(_ name: [UInt8], under folder: Int32, flags: Int32) throws(Errno) {
        try name.withCPath { pointer throws(Errno) in try retrying { unlinkat(folder, pointer, flags) } }
    }

    private func attempt<Value: ~Copyable>(_ step: () throws(Errno) -> Value) throws(DockError) -> Value {
        do throws(Errno) {
            return try step()
        } catch {
            throw error.error(
                "cannot tidy the spool", at: path, next: "make the spool readable and writable for Bodydock")
        }
    }
}

/// The folder of a docking in the spool, locked as long as this lives.
final class SpoolClaim: Sendable {
    private let lock: Descriptor

    init(_ lock: consuming Descriptor) { self.lock = lock }
}
