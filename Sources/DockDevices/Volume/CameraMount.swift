import CLinux
import DockCore
import DockSystem
import Glibc
import Synchronization

/// A camera's file system, mounted in this process's view. It is unmounted when the last one who holds it lets go; who wants
/// to know whether everything reached the medium calls ``unmount(patience:)``.
///
/// Nothing on it can be run, is a device, or gives rights (`MS_NOEXEC`, `MS_NODEV`, `MS_NOSUID`), and reading does not write
/// (`MS_NOATIME`).
public final class CameraMount: Sendable {
    /// What the mount allows.
    public enum Access: Sendable {
        /// Nothing is written, not even by the file system itself.
        case readOnly
        /// Files can be removed and written.
        case readWrite
    }

    /// How a mount went away.
    public enum Departure: Sendable, Equatable {
        /// Nothing holds the device any more.
        case unmounted
        /// It is out of sight, but somebody still had a file of it open: the device stays in use until that is closed.
        case detached
    }

    /// Where it is mounted: absolute, without links.
    public let folder: String
    /// What is mounted.
    public let node: BlockNode
    /// What it allows.
    public let access: Access

    private struct State: ~Copyable {
        /// Keeps count of write errors since the mount (syncfs(2)); nil once unmounted.
        var root: Descriptor?
        var block: WriteBlock?
        var departure = Departure.unmounted
    }
    private let state: Mutex<State>

    /// Mounts `node` on `folder` (made for this process's user alone if it is missing), and looks whether that is what was
    /// asked for: the same device, with every flag on.
    /// - Parameters:
    ///   - node: which device; another one that has taken its name is not mounted.
    ///   - kind: its file system. Nothing is guessed: the kernel must find that one on it.
    ///   - folder: where; nothing may be mounted there.
    ///   - access: what is allowed. A write-protected card fails to mount for writing.
    /// - Throws: ``DockError/Code/conflict`` if it is mounted already or in use, or something else is mounted on the folder;
    ///   ``DockError/Code/malformed`` if the file system is not whole; ``DockError/Code/refused`` if the kernel does not know the
    ///   file system, the card is write-protected, or this process may not mount; ``DockError/Code/disconnected`` if it is gone.
    public init(
        node: BlockNode, kind: FileSystemFacts.Kind, at folder: String, access: Access
    ) throws(DockError) {
        let place = try MountPlace(folder, for: node)
        // Held until it is mounted, so that no other device gets its name meanwhile.
        let device = try node.open(O_RDONLY, "cannot mount a camera")
        // Somebody else's mount of the same device would be shared, with that one's options.
        _ = try node.open(O_RDONLY | O_EXCL, "cannot mount a camera")
        // ext4 alone writes to what is mounted read-only: it clears away orphaned inodes, and notes errors that it meets.
        let block = kind == .ext4 && access == .readOnly ? try WriteBlock(device, beside: place.path) : nil
        let root: Descriptor
        do {
            root = try place.mount(device, kind, access)
        } catch {
            block?.lift()
            throw error
        }
        self.folder = place.path
        self.node = node
        self.access = access
        state = Mutex(State(root: root, block: block))
    }

    /// Forces what was written to the medium (if it was mounted for writing), and takes the mount away. A second call answers as
    /// the first.
    /// - Parameter patience: seconds to wait for others that still have a file of it open.
    /// - Throws: what the sync answered: then what was written cannot be trusted to be on the medium. The mount is gone all the
    ///   same. ``DockError/Code/refused`` if the kernel does not take it away.
    @discardableResult
    public func unmount(patience: Double = 5) throws(DockError) -> Departure {
        try state.withLock { state throws(DockError) in
            guard let root = state.root.take() else { return state.departure }
            var failure: DockError?
            if access == .readWrite {
                do throws(Errno) {
                    try root.synchronizeFileSystem()
                } catch {
                    failure = node.failure(error, "cannot force what was written to the camera to its medium")
                }
            }
            // An open descriptor would keep the mount busy.
            close(root)
            do throws(Errno) {
                state.departure = try MountPlace.leave(folder, patience: patience)
            } catch {
                throw error.error("cannot unmount a camera", at: folder, next: "unmount it by hand, or plug it out")
            }
            if state.departure == .unmounted { state.block?.lift() }
            state.block = nil
            if let failure { throw failure }
            return state.departure
        }
    }

    deinit {
        // Who wants to know how it went has called unmount.
        do { _ = try unmount(patience: 1) } catch {}
    }

    private func close(_ descriptor: consuming Descriptor) {}

    /// Takes away what an agent that was killed left below `folder`: mounts that the calling thread sees, newest first, and
    /// write blocks on devices.
    /// - Returns: the places that were mounted.
    @discardableResult
    public static func sweep(below folder: String) throws(DockError) -> [String] {
        do throws(Errno) {
            guard let path = try MountPlace.canonical(folder) else { return [] }
            let left = try MountTable.all().map(\.mount.point).filter { $0.hasPrefix(path + "/") }
            for point in left.reversed() { _ = try MountPlace.leave(point, patience: 0) }
            try WriteBlock.sweep(below: path)
            return left
        } catch {
            throw error.error(
                "cannot take away the mounts of an earlier run", at: folder, next: "unmount what is mounted below it")
        }
    }
}
