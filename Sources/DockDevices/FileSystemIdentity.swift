import DockCore
import DockSystem
import Glibc

/// What is known of the file system that holds a folder. What nobody says is nil: where udev does not run (containers),
/// label and UUID are not known.
public struct FileSystemIdentity: Sendable, Equatable {
    /// Its label (udev's `ID_FS_LABEL`).
    public let label: String?
    /// Its UUID or volume serial number (udev's `ID_FS_UUID`).
    public let uuid: String?
    /// Its type as it is mounted (`vfat`, `exfat`, `tmpfs`, …).
    public let type: String?
    /// Node of the block device below it, such as `/dev/sda1`.
    public let deviceNode: String?
    /// Where it is mounted.
    public let mountPoint: String?
    /// Whether it is mounted read-only.
    public let isReadOnly: Bool

    /// Of the file system that holds `path`. Fails with ``DockError/Code/notFound`` if there is no such folder.
    public static func of(_ path: String) throws(DockError) -> FileSystemIdentity {
        do {
            let folder = try Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY)
            let isReadOnly = try folder.fileSystem().isReadOnly
            let mount = try Mount.holding(folder)
            let context = try UdevContext()
            let number = try blockNumber(of: try folder.status().identity.device, source: mount?.source)
            guard let number, let device = UdevDevice(context, block: number) else {
                return FileSystemIdentity(
                    label: nil, uuid: nil, type: mount?.type, deviceNode: nil, mountPoint: mount?.point,
                    isReadOnly: isReadOnly)
            }
            return FileSystemIdentity(
                label: device.property("ID_FS_LABEL"), uuid: device.property("ID_FS_UUID"),
                type: mount?.type ?? device.property("ID_FS_TYPE"), deviceNode: device.node, mountPoint: mount?.point,
                isReadOnly: isReadOnly)
        } catch {
            throw error.error(
                "cannot find out which file system this is", at: path,
                next: "name the folder where the camera is mounted")
        }
    }

    /// The block device's number. Some file systems (btrfs) report a number of their own; then the mount's source names it.
    private static func blockNumber(of device: UInt64, source: String?) throws(Errno) -> UInt64? {
        let isAnonymous = device >> 8 & 0xfff == 0 && device >> 44 == 0
        guard isAnonymous else { return device }
        guard let source, source.hasPrefix("/dev/") else { return nil }
        var raw = stat()
        do {
            try source.withCPath { pointer throws(Errno) in try retrying { stat(pointer, &raw) } }
        } catch let error where error.code == ENOENT {
            return nil
        }
        return raw.st_mode & S_IFMT == S_IFBLK ? UInt64(raw.st_rdev) : nil
    }
}
