import DockCore
import DockSystem
import Glibc

/// Commands to a whole disk.
public enum SCSIDisk {
    /// Tells a disk that it will be unplugged: writes out what it keeps in its own memory (SYNCHRONIZE CACHE) and lets go of its
    /// medium (START STOP UNIT with LoEj; SBC-3, 5.25). Many cameras then show that they may be taken. The USB device stays; its
    /// disk is without a medium until it is plugged in again, and the kernel and udev are made to notice. Nothing may be
    /// mounted.
    /// - Parameters:
    ///   - name: the kernel's name of the disk (`sda`).
    ///   - seconds: how long each command may take.
    /// - Returns: whether the medium is gone. Some disks say that they let go of it, and keep it.
    /// - Throws: ``DockError/Code/refused`` if the disk refuses, ``DockError/Code/io`` if it fails to write or does not answer,
    ///   ``DockError/Code/disconnected`` if it is gone, ``DockError/Code/notFound`` if the kernel offers no way to it.
    public static func eject(_ name: String, timeout seconds: Double = 30) throws(DockError) -> Bool {
        let device = try open(name)
        let isGone = try eject(name) { command throws(Errno) in try device.send(command, timeout: seconds) }
        // What goes past the block layer is not seen there before somebody opens the disk. That fails without a medium.
        do { _ = try Descriptor.open("/dev/" + name, flags: O_RDONLY | O_NONBLOCK) } catch {}
        return isGone
    }

    /// The conversation, whoever carries it.
    static func eject(_ name: String, send: ([UInt8]) throws(Errno) -> SCSIReply) throws(DockError) -> Bool {
        switch try ask(name, synchronizeCache, send) {
        case .good: break
        // A disk without a memory of its own does not know the command; one without a medium has nothing to write.
        case .check(let sense) where sense.key == 5 || sense.isWithoutMedium: break
        case let reply: throw failure(reply, name, "write out what it keeps in its memory")
        }
        switch try ask(name, stopAndEject, send) {
        case .good: break
        case .check(let sense) where sense.isWithoutMedium: return true
        case let reply: throw failure(reply, name, "let go of its medium")
        }
        switch try ask(name, testUnitReady, send) {
        case .check(let sense): return sense.isWithoutMedium
        case .good, .lost: return false
        }
    }

    private static let testUnitReady: [UInt8] = [0, 0, 0, 0, 0, 0]
    private static let stopAndEject: [UInt8] = [0x1b, 0, 0, 0, 0x02, 0]
    private static let synchronizeCache: [UInt8] = [0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0]

    /// Sends a command; a disk that only wants to be heard first (unit attention: it was reset, its medium changed) is asked
    /// again.
    private static func ask(
        _ name: String, _ command: [UInt8], _ send: ([UInt8]) throws(Errno) -> SCSIReply
    ) throws(DockError) -> SCSIReply {
        do {
            var reply = try send(command)
            for _ in 0..<4 {
                guard case .check(let sense) = reply, sense.key == 6 else { break }
                reply = try send(command)
            }
            // Recovered errors were recovered.
            if case .check(let sense) = reply, sense.key <= 1 { return .good }
            return reply
        } catch {
            throw failure(error, name)
        }
    }

    private static func open(_ name: String) throws(DockError) -> SCSIDevice {
        let path = try genericNode(of: name)
        do { return try SCSIDevice(path) } catch { throw failure(error, name) }
    }

    /// The way past the block layer: the disk's own node does not let this command through while it is open.
    private static func genericNode(of name: String) throws(DockError) -> String {
        do throws(Errno) {
            guard (1...32).contains(name.utf8.count), name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
            else {
                throw Errno(EINVAL)
            }
            guard let disk = try Sysfs.target(of: "/block/" + name).flatMap({ SysfsNode($0) }) else {
                throw Errno(ENODEV)
            }
            let generic = try disk.child("device/scsi_generic")?.names().first { $0.hasPrefix("sg") }
            if let generic { return "/dev/" + generic }
        } catch {
            throw failure(error, name)
        }
        throw DockError(
            .notFound, what, at: name, because: "the kernel offers no generic node for this disk",
            next: "load the module sg")
    }

    private static let what = "cannot eject a disk"

    private static func failure(_ error: Errno, _ name: String) -> DockError {
        error.error(
            what, at: DeviceText.clean(name) ?? "", next: "plug the device in again, or check the rights of the service"
        )
    }

    private static func failure(_ reply: SCSIReply, _ name: String, _ step: String) -> DockError {
        switch reply {
        case .good, .lost:
            DockError(
                .io, what, at: name, because: "no answer while trying to \(step): \(reply)",
                next: "reset the device, or plug it in again", isPassing: true)
        case .check(let sense):
            DockError(
                [5, 7].contains(sense.key) ? .refused : .io, what, at: name,
                because: "the disk refuses to \(step): \(sense)",
                next: sense.isLocked ? "unmount it first" : "plug the device in again", isPassing: sense.isLocked)
        }
    }
}
