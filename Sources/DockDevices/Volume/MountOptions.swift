import DockCore
import DockSystem
import Glibc

/// How a camera's file system is mounted.
struct MountOptions {
    let kind: FileSystemFacts.Kind
    let access: CameraMount.Access

    init(_ kind: FileSystemFacts.Kind, _ access: CameraMount.Access) {
        self.kind = kind
        self.access = access
    }

    /// Options that the file system must take (kernel documentation, `filesystems/vfat.rst`; `fs/exfat/super.c`;
    /// `admin-guide/ext4.rst`).
    var required: [String] {
        // FAT has no owners: everything is this process's own, and nobody else's.
        let owner = ["uid=\(getuid())", "gid=\(getgid())", "fmask=0177", "dmask=0077"]
        // A damaged file system must not be written to, but other cameras go on.
        let errors = "errors=remount-ro"
        switch kind {
        case .vfat:
            // Names come back as they are: long ones as UTF-8 (with `iocharset=utf8` instead, names would be compared with
            // case), short ones in the case that their flags say (`mixed` shows them so, and writes a long name where a short
            // one would not keep it). Times are taken as they stand, not shifted by the dock's zone.
            return owner + [
                "codepage=437", "iocharset=ascii", "utf8=1", "shortname=mixed", "tz=UTC", errors,
            ]
        case .exfat:
            return owner + ["iocharset=utf8", errors]
        case .ext4:
            // A journal that was not closed is not replayed: that would write.
            return access == .readOnly ? ["noload", errors] : [errors]
        }
    }

    /// Options that are left out where the kernel does not know them yet.
    var optional: [String] {
        // Since Linux 5.18. Without it, a name that ends in a dot is listed, but cannot be opened.
        kind == .exfat ? ["keep_last_dots"] : []
    }

    private var flags: UInt {
        // MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_NOATIME, MS_RDONLY.
        2 | 4 | 8 | 1024 | (access == .readOnly ? 1 : 0)
    }

    /// Calls mount(2).
    func mount(_ node: String, on folder: String) throws(Errno) {
        do {
            try mount(node, on: folder, required + optional)
        } catch  where error.code == EINVAL && !optional.isEmpty {
            try mount(node, on: folder, required)
        }
    }

    private func mount(_ node: String, on folder: String, _ options: [String]) throws(Errno) {
        try retrying { Glibc.mount(node, folder, kind.rawValue, flags, options.joined(separator: ",")) }
    }

    /// In what a mount is not as was asked; nil if it is.
    func difference(_ found: MountEntry?, device: DeviceNumber, at folder: String) -> String? {
        guard let found, found.mount.point == folder else { return "nothing is mounted there" }
        var wanted: Set = ["nosuid", "nodev", "noexec", "noatime", access == .readOnly ? "ro" : "rw"]
        wanted.subtract(found.options)
        if found.device != device.description { return "device \(found.device) is mounted, not \(device)" }
        if found.mount.type != kind.rawValue || found.root != "/" {
            return "\(found.mount.type) is mounted from \(found.root), not \(kind.rawValue) from /"
        }
        if !wanted.isEmpty { return "it is mounted without " + wanted.sorted().joined(separator: ", ") }
        var below: Set = [access == .readOnly ? "ro" : "rw"]
        if kind == .ext4 && access == .readOnly { below.insert("norecovery") }
        below.subtract(found.superblock)
        return below.isEmpty ? nil : "the kernel did not mount it " + below.sorted().joined(separator: ", ")
    }
}
