import DockCore
import DockSystem
import Glibc

/// What `/proc/thread-self/mountinfo` (proc_pid_mountinfo(5)) says of one mount.
struct MountEntry: Equatable {
    /// The kernel's number of the mount.
    let id: Int
    /// Number of the device, as `major:minor`.
    let device: String
    /// Which folder of the file system is seen there.
    let root: String
    /// Options of this mount (`ro`, `nosuid`, …).
    let options: Set<String>
    /// Options of the file system below it.
    let superblock: Set<String>
    /// Where, of which type, from what.
    let mount: Mount

    /// Parses a line; nil if it is none.
    init?(_ line: some StringProtocol) {
        let fields = line.split(separator: " ", omittingEmptySubsequences: false)
        guard let mount = Mount(line), let id = Int(fields[0]), let dash = fields[6...].firstIndex(of: "-"),
            dash + 3 < fields.count
        else { return nil }
        self.id = id
        self.mount = mount
        device = String(fields[2])
        root = String(fields[3])
        options = Set(fields[5].split { $0 == "," }.map { String($0) })
        superblock = Set(fields[dash + 3].split { $0 == "," }.map { String($0) })
    }
}

/// The mounts that the calling thread sees. A thread's own table, not the process's: both are the same unless somebody gave
/// the thread a namespace of its own.
enum MountTable {
    /// All mounts, oldest first.
    static func all() throws(Errno) -> [MountEntry] {
        try KernelFile.text(of: "/proc/thread-self/mountinfo").split(whereSeparator: \.isNewline).compactMap {
            MountEntry($0)
        }
    }

    /// The mount that an open folder lies on.
    static func holding(_ folder: borrowing Descriptor) throws(Errno) -> MountEntry? {
        let lines = try KernelFile.text(of: "/proc/thread-self/fdinfo/\(folder.number)").split(
            whereSeparator: \.isNewline)
        guard let line = lines.first(where: { $0.hasPrefix("mnt_id:") }),
            let id = line.split(whereSeparator: \.isWhitespace).last.flatMap({ Int($0) })
        else { return nil }
        return try all().first { $0.id == id }
    }

    /// Where a block device is mounted, as far as the calling thread sees. What cannot be found out is left out: this serves
    /// messages only.
    static func places(of node: String) -> [String] {
        do {
            var raw = stat()
            try node.withCPath { pointer throws(Errno) in try retrying { stat(pointer, &raw) } }
            let device = DeviceNumber(UInt64(raw.st_rdev)).description
            return try all().filter { $0.device == device }.map(\.mount.point)
        } catch {
            return []
        }
    }
}
