import CLinux
import DockCore
import DockSystem
import Glibc

/// Which block device is meant. A name is not enough for that: when a camera is pulled and another one plugged in, the other
/// one may get the same name, and the same number. So whoever opens it by this value gets the disk that was seen, or an error.
public struct BlockNode: Hashable, Sendable, CustomStringConvertible {
    /// Its node, such as `/dev/sda1`.
    public let path: String
    /// Its device number, as in `st_rdev`; nil if any will do.
    public let number: UInt64?
    /// The kernel's number for this appearance of the disk (``DiskFacts/sequence``); nil if any will do.
    public let sequence: UInt64?

    /// Takes all values. A sequence of 0 means that the kernel has none.
    public init(_ path: String, number: UInt64? = nil, sequence: UInt64? = nil) {
        self.path = path
        self.number = number
        self.sequence = sequence == 0 ? nil : sequence
    }

    /// A volume of a disk, as udev showed them.
    public init(_ volume: VolumeFacts, of disk: DiskFacts) {
        self.init(volume.node, number: volume.number, sequence: disk.sequence)
    }

    /// Its path.
    public var description: String { path }

    /// Opens it. As long as the descriptor is open, no other disk can get its name or number.
    /// - Parameters:
    ///   - flags: of open(2).
    ///   - what: what is being done, as "cannot …".
    /// - Throws: ``DockError/Code/disconnected`` if another device stands there now, ``DockError/Code/refused`` if it is no
    ///   block device, ``DockError/Code/conflict`` if `O_EXCL` finds it in use, or what open(2) says.
    func open(_ flags: Int32, _ what: String) throws(DockError) -> OpenNode {
        do {
            // A pipe or terminal is not opened: that may wait for ever.
            guard try status().isBlockDevice else { throw notABlockDevice(what) }
            let opened = try patiently(flags)
            let found = try NodeStatus(of: opened)
            guard found.isBlockDevice else { throw notABlockDevice(what) }
            try check(found.number, opened, what)
            return OpenNode(descriptor: opened, number: found.number)
        } catch let error as DockError {
            throw error
        } catch let error as Errno {
            throw failure(error, what)
        } catch {
            throw DockError(.io, what, at: path, because: "\(error)", next: "dock the camera again")
        }
    }

    /// Others may have it for themselves for a moment (a program that looks what is new); a mount stays.
    private func patiently(_ flags: Int32) throws(Errno) -> Descriptor {
        var steps = flags & O_EXCL == 0 ? 0 : 50
        while true {
            do {
                return try Descriptor.open(path, flags: flags | O_NOCTTY)
            } catch  where error.code == EBUSY && steps > 0 && MountTable.places(of: path).isEmpty {
                steps -= 1
                usleep(20_000)
            }
        }
    }

    private func status() throws(Errno) -> NodeStatus {
        var raw = stat()
        try path.withCPath { pointer throws(Errno) in try retrying { stat(pointer, &raw) } }
        return NodeStatus(raw)
    }

    private func check(_ found: UInt64, _ opened: borrowing Descriptor, _ what: String) throws(DockError) {
        if let number, number != found { throw another(what) }
        guard let sequence else { return }
        var current: UInt64 = 0
        guard bodydock_block_sequence(opened.number, &current) == 0, current == sequence else { throw another(what) }
    }

    private func another(_ what: String) -> DockError {
        DockError(
            .disconnected, what, at: path, because: "another device has taken this name since it was looked at",
            next: "dock the camera again; nothing was done to the other device")
    }

    private func notABlockDevice(_ what: String) -> DockError {
        DockError(.refused, what, at: path, because: "it is not a block device", next: "name a disk or a partition")
    }

    /// A system call's failure on this device as an error for people.
    func failure(_ error: Errno, _ what: String) -> DockError {
        switch error.code {
        case EBUSY:
            let points = MountTable.places(of: path)
            return DockError(
                .conflict, what, at: path,
                because: points.isEmpty
                    ? "it is in use by another program, or mounted out of sight" : "it is mounted at \(points[0])",
                next: "keep other programs from mounting cameras, and dock it again")
        case EROFS, EACCES, EPERM:
            return DockError(
                .refused, what, at: path, because: "it is write-protected, or this process may not do that (\(error))",
                next: "look at the card's lock and at the service's rights; after a crash, plug the camera in again")
        case ENOENT, ENXIO, ENODEV, ENOMEDIUM:
            return DockError(
                .disconnected, what, at: path, because: "it is no longer there, or has no medium (\(error))",
                next: "dock the camera again", isPassing: true)
        default:
            return error.error(what, at: path, next: "dock the camera again, then inspect its card")
        }
    }
}

/// Owns an open block device.
struct OpenNode: ~Copyable, Sendable {
    let descriptor: Descriptor
    /// Its number, as in `st_rdev`.
    let number: UInt64
}

/// What stat(2) says of a device.
private struct NodeStatus {
    let isBlockDevice: Bool
    let number: UInt64

    init(_ raw: stat) {
        isBlockDevice = raw.st_mode & S_IFMT == S_IFBLK
        number = UInt64(raw.st_rdev)
    }

    init(of opened: borrowing Descriptor) throws(Errno) {
        var raw = stat()
        try retrying { fstat(opened.number, &raw) }
        self.init(raw)
    }
}

/// A device number, as makedev(3) has it.
struct DeviceNumber: Hashable, CustomStringConvertible {
    let value: UInt64

    init(_ value: UInt64) { self.value = value }

    var description: String {
        "\((value >> 8 & 0xfff) | (value >> 32 & ~0xfff)):\((value & 0xff) | (value >> 12 & ~0xff & 0xffff_ffff))"
    }

    /// The kernel's record of it.
    var sysfs: String { "/sys/dev/block/\(description)" }
}
