import DockCore
import DockSystem
import Glibc

/// A mounted camera (or a folder that stands for one). Everything on it is reached through its root, by way of the kernel's
/// own guard (openat2(2)): no symbolic link is followed, no other mount is entered, no device or pipe is opened.
public final class Volume: Sendable {
    /// Where it is mounted: absolute, without links.
    public let path: String

    let root: Descriptor
    private let rootIdentity: FileIdentity
    private let keepsInodeNumbers: Bool
    /// The kernel's record of the block device below, if there is one: it goes as soon as the plug is pulled.
    private let deviceRecord: String?

    /// Opens the volume mounted at `path`. Fails with ``DockError/Code/notFound`` if there is no folder.
    public init(_ path: String) throws(DockError) {
        do {
            self.path = try Volume.canonical(path)
            root = try Descriptor.open(self.path, flags: O_RDONLY | O_DIRECTORY)
            rootIdentity = try root.status().identity
            keepsInodeNumbers = try root.fileSystem().keepsInodeNumbers
        } catch {
            throw error.error(
                "cannot open the camera's volume", at: path,
                next: "name the folder where the camera is mounted, and dock it again")
        }
        let device = rootIdentity.device
        let record = "/sys/dev/block/\(Volume.major(device)):\(Volume.minor(device))/size"
        deviceRecord = access(record, F_OK) == 0 ? record : nil
    }

    /// Whether the volume that was opened is still there.
    ///
    /// A pulled vfat lists as an empty folder and answers `fstat` from memory, all without an error; so this asks three
    /// witnesses: the file system itself (statvfs), the mount point (is it still this root?), and the block device (does
    /// the kernel still know it, with a medium in it?).
    public func isPresent() -> Bool {
        do {
            let here = try root.status().identity
            let there = try FileStatus.of(path).identity
            _ = try root.fileSystem()
            return Volume.isSame(here, rootIdentity) && Volume.isSame(there, rootIdentity) && hasMedium
        } catch {
            return false
        }
    }

    /// Which file in which state, as far as this file system can tell: where inode numbers do not last, they are 0.
    func identity(_ status: FileStatus) -> FileIdentity {
        var identity = status.identity
        if !keepsInodeNumbers { identity.inode = 0 }
        return identity
    }

    /// Whether a file lies on this file system, not on one that is mounted below.
    func isOwn(_ status: FileStatus) -> Bool { status.identity.device == rootIdentity.device }

    /// Opens a regular file for reading. Anything else is refused before it is opened.
    public func openFile(_ path: CameraPath) throws(DockError) -> Descriptor {
        let named = try attempt("cannot open a file of the camera", at: path) { () throws(Errno) in
            try Descriptor.openBeneath(path.bytes, under: root.number, flags: Descriptor.pathOnly).status()
        }
        try check(named, at: path)
        let opened = try attempt("cannot open a file of the camera", at: path) { () throws(Errno) in
            try Descriptor.openBeneath(path.bytes, under: root.number, flags: O_RDONLY)
        }
        try check(try status(of: opened, at: path), at: path)
        return opened
    }

    /// Lets go of the volume, so that it can be unmounted: from now on it counts as gone, and nothing on it can be opened.
    public func letGo() throws(DockError) {
        do throws(Errno) {
            let nothing = try Descriptor.open("/proc/self/fdinfo", flags: O_RDONLY | O_DIRECTORY)
            try retrying { dup2(nothing.number, root.number) }
            try retrying { fcntl(root.number, F_SETFD, FD_CLOEXEC) }
        } catch {
            throw error.error("cannot let go of the camera's volume", at: path, next: "report this")
        }
    }

    /// What fstat(2) says of an open file of the camera.
    func status(of file: borrowing Descriptor, at path: CameraPath) throws(DockError) -> FileStatus {
        do { return try file.status() } catch { throw failure(error, "cannot read a file of the camera", at: path) }
    }

    /// Runs system calls on a file of the camera; what fails reads as an error for people.
    func attempt<Value: ~Copyable>(
        _ what: String, at path: CameraPath, _ body: () throws(Errno) -> Value
    ) throws(DockError) -> Value {
        do { return try body() } catch { throw failure(error, what, at: path) }
    }

    /// Opens the folder at a path that was checked before; nil is the root.
    func openFolder(_ path: ArraySlice<UInt8>?) throws(Errno) -> Descriptor {
        try Descriptor.openBeneath(path ?? [UInt8(ascii: ".")], under: root.number, flags: O_RDONLY | O_DIRECTORY)
    }

    /// A system call's failure as an error for people; if the camera is gone, it says that instead.
    func failure(_ error: Errno, _ what: String, at path: CameraPath) -> DockError {
        if error.meansGone || !isPresent() { return gone(what, at: path) }
        let place = "\(self.path)/\(path)"
        switch error.code {
        case ELOOP:
            return DockError(
                .refused, what, at: place, because: "a symbolic link stands there, and links are never followed",
                next: "inspect the camera; nothing outside its volume is touched")
        case EXDEV:
            return DockError(
                .refused, what, at: place, because: "another file system is mounted there",
                next: "unmount what is mounted below the camera's volume")
        default:
            return error.error(
                what, at: place, next: "the file stays on the camera; dock it again, then inspect its card")
        }
    }

    /// The error for a camera that is no longer there.
    func gone(_ what: String, at path: CameraPath? = nil) -> DockError {
        DockError(
            .disconnected, what, at: self.path + (path.map { "/\($0)" } ?? ""),
            because: "the camera is no longer there",
            next: "dock it again; nothing is erased without a receipt", isPassing: true)
    }

    private func check(_ status: FileStatus, at path: CameraPath) throws(DockError) {
        guard status.kind == .file else {
            throw DockError(
                .refused, "cannot open a file of the camera", at: "\(self.path)/\(path)",
                because: "it is a \(status.kind.rawValue), not a regular file",
                next: "inspect the camera; only regular files are read")
        }
        guard isOwn(status) else { throw failure(Errno(EXDEV), "cannot open a file of the camera", at: path) }
    }

    private var hasMedium: Bool {
        guard let deviceRecord else { return true }
        do {
            let record = try Descriptor.open(deviceRecord, flags: O_RDONLY)
            var text = [UInt8](repeating: 0, count: 24)
            let count = try text.withUnsafeMutableBytes { buffer throws(Errno) in try record.readFully(into: buffer) }
            return text.prefix(count).first != UInt8(ascii: "0")
        } catch {
            return false
        }
    }

    private static func isSame(_ left: FileIdentity, _ right: FileIdentity) -> Bool {
        left.device == right.device && left.inode == right.inode
    }

    private static func canonical(_ path: String) throws(Errno) -> String {
        guard let resolved = realpath(path, nil) else { throw Errno.current }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// As makedev(3) has it.
    private static func major(_ device: UInt64) -> UInt64 { (device >> 8 & 0xfff) | (device >> 32 & ~0xfff) }
    private static func minor(_ device: UInt64) -> UInt64 { (device & 0xff) | (device >> 12 & ~0xff & 0xffff_ffff) }
}

extension Errno {
    /// Whether the device or the server behind the file system is gone.
    var meansGone: Bool { [ENODEV, ENXIO, ENOTCONN, ESHUTDOWN].contains(code) }

    /// Whether these bytes cannot be had from the medium, though others may be.
    var meansUnreadable: Bool {
        [EIO, ENODATA, EMEDIUMTYPE, EREMOTEIO, EBADMSG, EILSEQ, ETIMEDOUT, EUCLEAN].contains(code)
    }
}
