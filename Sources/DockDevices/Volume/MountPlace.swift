import DockCore
import DockSystem
import Glibc

/// A folder that a camera is mounted on.
struct MountPlace {
    /// Absolute, without links.
    let path: String
    private let node: BlockNode

    /// Makes the folder if it is missing (0700). Nothing may be mounted on it.
    init(_ folder: String, for node: BlockNode) throws(DockError) {
        self.node = node
        do throws(Errno) {
            try Folder.create(folder, mode: 0o700)
            guard let path = try MountPlace.canonical(folder) else { throw Errno(ENOENT) }
            self.path = path
            guard try !MountTable.all().contains(where: { $0.mount.point == path }) else { throw Errno(EBUSY) }
        } catch  where error.code == EBUSY {
            throw DockError(
                .conflict, "cannot mount a camera", at: folder, because: "something is mounted there already",
                next: "unmount it, or start the agent again")
        } catch {
            throw error.error("cannot mount a camera", at: folder, next: "name a folder that can be made and written")
        }
    }

    /// Mounts the device, and verifies that.
    func mount(
        _ device: borrowing OpenNode, _ kind: FileSystemFacts.Kind, _ access: CameraMount.Access
    ) throws(DockError) -> Descriptor {
        let options = MountOptions(kind, access)
        do {
            try options.mount(node.path, on: path)
        } catch {
            throw failure(error, kind, access)
        }
        do {
            let root = try Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY)
            let difference = options.difference(
                try MountTable.holding(root), device: DeviceNumber(device.number), at: path)
            if difference == nil { return root }
            throw DockError(
                .conflict, "cannot mount a camera", at: path, because: difference ?? "",
                next: "keep other programs from mounting cameras, and dock it again")
        } catch let error as DockError {
            abandon()
            throw error
        } catch {
            abandon()
            throw DockError(.io, "cannot mount a camera", at: path, because: "\(error)", next: "dock the camera again")
        }
    }

    /// Takes away a mount that is not what was asked for. If even that fails, the error that led here is the one to tell.
    private func abandon() {
        do { _ = try MountPlace.leave(path, patience: 0) } catch {}
    }

    /// Unmounts; what is still busy after `patience` seconds is detached.
    static func leave(_ path: String, patience: Double) throws(Errno) -> CameraMount.Departure {
        // In steps of 20 ms. Programs that look at new mounts (file managers, virus scanners) let go after moments.
        var steps = Int((max(0, min(patience, 3600)) / 0.02).rounded(.up))
        while true {
            do {
                try retrying { umount2(path, noFollow) }
                return .unmounted
            } catch  where error.code == EBUSY {
                if steps == 0 { break }
                steps -= 1
                usleep(20_000)
            }
        }
        try retrying { umount2(path, noFollow | detach) }
        return .detached
    }

    /// A folder's path without links; nil if there is none.
    static func canonical(_ folder: String) throws(Errno) -> String? {
        guard let resolved = realpath(folder, nil) else {
            if errno == ENOENT { return nil }
            throw Errno.current
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private func failure(_ error: Errno, _ kind: FileSystemFacts.Kind, _ access: CameraMount.Access) -> DockError {
        let what = "cannot mount a camera"
        switch error.code {
        case EINVAL, EUCLEAN, EBADMSG:
            return DockError(
                .malformed, what, at: node.path, because: "the kernel finds no whole \(kind.rawValue) on it (\(error))",
                next: "the card stays as it is; look at the kernel's messages, and copy the card before any repair")
        case ENODEV:
            return DockError(
                .refused, what, at: node.path, because: "this kernel cannot read \(kind.rawValue)",
                next: "install the kernel's module for it")
        case EACCES where access == .readWrite, EROFS where access == .readWrite:
            return DockError(
                .refused, what, at: node.path, because: "it is write-protected (\(error))",
                next: "look at the card's lock; after a crash, plug the camera in again")
        default:
            return node.failure(error, what)
        }
    }
}

/// umount2(2): a symbolic link in place of the folder is not followed.
private let noFollow = Int32(8)
/// umount2(2): MNT_DETACH.
private let detach = Int32(2)
