import DockCore
import DockSystem
import Glibc

/// Sealed segments on the dock's disk that are not confirmed everywhere yet. Ciphertext only.
///
/// One folder for each docking, locked (flock(2)) by the process that fills it:
/// ```
/// <spool>/<docking>/<sealing>.partial    being written; worthless after a crash
/// <spool>/<docking>/<sealing>.age        durable; named in the ledger, or worthless
/// ```
public struct Spool: Sendable {
    let path: String
    let keepFree: Int64

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

    /// Where the sealed file of a docking lies, if it is there.
    func find(sealing: String, docking: String) -> String? {
        guard CameraIdentity.isName(sealing), CameraIdentity.isName(docking) else { return nil }
        let file = "\(path)/\(docking)/\(sealing).age"
        return access(file, R_OK) == 0 ? file : nil
    }

    /// Begins the folder of a docking and locks it.
    func begin(docking: String) throws(DockError) -> SpoolSession {
        let folder = "\(path)/\(docking)"
        do {
            try Folder.create(folder)
            try Folder.synchronize(path)
            let lock = try Descriptor.open(folder, flags: O_RDONLY | O_DIRECTORY)
            guard try lock.lock(waiting: false) else { throw Errno(EWOULDBLOCK) }
            return SpoolSession(folder: folder, keepFree: keepFree, lock: lock)
        } catch {
            throw error.error(
                "cannot begin a folder in the spool", at: folder, next: "make the spool writable and run again")
        }
    }

    /// Removes what a crash left behind: partial files, and sealed files that `isPending` does not know. Folders that a
    /// running process has locked are left alone. Returns how many files went.
    /// - Parameter isPending: whether the ledger has this sealing and some vault has not.
    @discardableResult
    func sweep(isPending: (String) throws(DockError) -> Bool) throws(DockError) -> Int {
        var removed = 0
        do {
            let root = try Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY)
            for name in try Folder.names(in: root.number, limit: 100_000) {
                guard try FileStatus.of(name, under: root.number).kind == .folder else { continue }
                let folder = try Descriptor.open(name, under: root.number, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
                guard try folder.lock(waiting: false) else { continue }
                removed += try sweep(folder, isPending)
                // A folder that still holds something stays: ENOTEMPTY is the answer wanted then.
                _ = name.withCPathOrNil { unlinkat(root.number, $0, AT_REMOVEDIR) }
            }
        } catch let error as Errno {
            throw error.error(
                "cannot tidy the spool", at: path, next: "make the spool readable and writable for Bodydock")
        } catch let error as DockError {
            throw error
        } catch {
            throw DockError(
                .io, "cannot tidy the spool", at: path, because: "\(error)", next: "look at the spool's disk")
        }
        return removed
    }

    private func sweep(_ folder: borrowing Descriptor, _ isPending: (String) throws(DockError) -> Bool) throws -> Int {
        var removed = 0
        for name in try Folder.names(in: folder.number, limit: 1_000_000) {
            let text = String(decoding: name, as: UTF8.self)
            if text.hasSuffix(".age"), try isPending(String(text.dropLast(4))) { continue }
            try name.withCPath { pointer throws(Errno) in try retrying { unlinkat(folder.number, pointer, 0) } }
            removed += 1
        }
        return removed
    }
}

extension Array<UInt8> {
    fileprivate func withCPathOrNil(_ body: (UnsafePointer<CChar>) -> Int32) -> Int32 {
        (self + [0]).map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { body($0.baseAddress!) }
    }
}
