import DockCore
import DockSystem
import Glibc

/// A folder of a directory vault, held open. Below the root every step is taken from an open folder and follows no symbolic
/// link, so that nothing planted in the vault leads a write out of it.
final class VaultFolder: Sendable {
    let handle: Descriptor
    /// Its path, for messages.
    let place: String

    private init(_ handle: consuming Descriptor, _ place: String) {
        self.handle = handle
        self.place = place
    }

    /// Opens the vault's root. It is never made: where a disk or share is not mounted, there must not be a new, empty folder
    /// on the dock's own disk that takes the footage.
    /// - Parameter mustBeMounted: refuse a folder that lies on the same file system as the folder above it.
    static func root(_ path: String, mustBeMounted: Bool) throws(DockError) -> VaultFolder {
        let what = "cannot open a vault"
        let folder: VaultFolder
        let isMounted: Bool
        do throws(Errno) {
            folder = VaultFolder(try Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY), path)
            isMounted = try folder.isMountPoint()
        } catch let error where error.code == ENOENT {
            throw DockError(
                .unreachable, what, at: path, because: "the folder does not exist",
                next: "mount the vault's disk or share there, or make the folder if it is meant to be new",
                isPassing: true)
        } catch {
            throw error.error(what, at: path, next: "the vault's path must be a folder that the agent can open")
        }
        guard isMounted || !mustBeMounted else {
            throw DockError(
                .unreachable, what, at: path,
                because: "nothing is mounted there, and the configuration says that it must be",
                next: "mount the vault's disk or share there, then run again", isPassing: true)
        }
        return folder
    }

    private func isMountPoint() throws(Errno) -> Bool {
        let above = try FileStatus.of("..", under: handle.number).identity.device
        return try handle.status().identity.device != above
    }

    /// Opens the folder `name` in this one; makes it (0750) if that is asked for.
    /// - Returns: nil if it is not there and was not to be made.
    func child(_ name: Substring, creating: Bool) throws(DockError) -> VaultFolder? {
        let name = String(name)
        let place = place + "/" + name
        let what = "cannot open a folder of a vault"
        do {
            if creating { try make(name) }
            let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
            return VaultFolder(try Descriptor.open(name, under: handle.number, flags: flags), place)
        } catch let error where error.code == ENOENT && !creating {
            return nil
        } catch let error where error.code == ENOTDIR || error.code == ELOOP {
            throw DockError(
                .conflict, what, at: place, because: "it is not a folder (symbolic links in a vault are not followed)",
                next: "find out who put it there, and remove it")
        } catch {
            throw error.error(what, at: place, next: "check the vault's disk and permissions")
        }
    }

    private func make(_ name: String) throws(Errno) {
        do {
            try name.withCPath { path throws(Errno) in try retrying { mkdirat(handle.number, path, 0o750) } }
        } catch let error where error.code == EEXIST {
            // Somebody else made it; opening it says whether it is a folder.
        }
    }

    /// Opens the file `name` for reading; nil if nothing stands there. What is no regular file is a ``DockError/Code/conflict``.
    func file(_ name: String) throws(DockError) -> Descriptor? {
        let what = "cannot look at an object"
        do {
            let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK
            let file = try Descriptor.open(name, under: handle.number, flags: flags)
            if try file.status().kind == .file { return file }
        } catch let error where error.code == ENOENT {
            return nil
        } catch let error where error.code == ELOOP || error.code == ENXIO {
            // A symbolic link, or a socket or pipe: no object of ours.
        } catch {
            throw error.error(what, at: place + "/" + name, next: "check the vault's disk and permissions")
        }
        throw DockError(
            .conflict, what, at: place + "/" + name, because: "it is not a regular file",
            next: "find out who put it there")
    }

    /// Forces the names in it to the disk.
    func synchronize() throws(DockError) {
        do { try handle.synchronize() } catch {
            throw error.error("cannot force a folder to the disk", at: place, next: "check the vault's disk")
        }
    }
}
