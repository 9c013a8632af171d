import CLinux
import DockCore
import DockSystem
import Glibc

/// The kernel's own refusal of every write to a device (BLKROSET), for as long as it is mounted for reading only.
///
/// It outlives the process, so a note beside the mount's folder says that it is ours to lift: never one that somebody else set.
struct WriteBlock: Sendable {
    private let note: String
    private let number: UInt64

    private static let suffix = ".write-block"

    /// Sets it; nil if the device is write-protected as it is.
    init?(_ device: borrowing OpenNode, beside folder: String) throws(DockError) {
        note = folder + WriteBlock.suffix
        number = device.number
        do throws(Errno) {
            var isSet: Int32 = 0
            try device.descriptor.call { bodydock_block_is_read_only($0, &isSet) }
            if isSet != 0 { return nil }
            // First the note, then the act: what a crash leaves can be found.
            try KernelFile.write(
                "\(DeviceNumber(number)) \(try WriteBlock.appearance(device.descriptor))\n", to: note, isOwn: true)
            try device.descriptor.call { bodydock_block_set_read_only($0, 1) }
        } catch {
            throw error.error(
                "cannot protect a camera from writes", at: note,
                next: "give the service CAP_SYS_ADMIN and a folder to write")
        }
    }

    /// Lifts it. If the device is gone there is nothing to lift; what else fails leaves the note, for the next sweep.
    func lift() {
        do { try WriteBlock.lift(note) } catch {}
    }

    /// Lifts what notes below `folder` tell of.
    static func sweep(below folder: String) throws(Errno) {
        for name in try KernelFile.names(in: folder) where name.hasSuffix(suffix) { try lift("\(folder)/\(name)") }
    }

    private static func lift(_ note: String) throws(Errno) {
        let words = try KernelFile.text(of: note).split(whereSeparator: \.isWhitespace)
        if words.count == 3, let device = try open(number: words[0]),
            try appearance(device) == "\(words[1]) \(words[2])"
        {
            try device.call { bodydock_block_set_read_only($0, 0) }
        }
        try note.withCPath { pointer throws(Errno) in try retrying { unlink(pointer) } }
    }

    /// The device with this `major:minor`; nil if the kernel has none now.
    private static func open(number: Substring) throws(Errno) -> Descriptor? {
        do throws(Errno) {
            let lines = try KernelFile.text(of: "/sys/dev/block/\(number)/uevent").split(whereSeparator: \.isNewline)
            guard let name = lines.first(where: { $0.hasPrefix("DEVNAME=") })?.dropFirst(8) else { return nil }
            return try Descriptor.open("/dev/\(name)", flags: O_RDONLY)
        } catch  where [ENOENT, ENXIO, ENODEV, ENOMEDIUM].contains(error.code) {
            return nil
        }
    }

    /// The kernel's start and the disk's number in it: together they never come back.
    private static func appearance(_ device: borrowing Descriptor) throws(Errno) -> String {
        let start = try KernelFile.text(of: "/proc/sys/kernel/random/boot_id").prefix { $0 != "\n" }
        var sequence: UInt64 = 0
        do throws(Errno) {
            try device.call { bodydock_block_sequence($0, &sequence) }
        } catch  where error.code == ENOTTY || error.code == EINVAL {
            sequence = 0  // Before Linux 5.15: the start alone.
        }
        return "\(start) \(sequence)"
    }
}
