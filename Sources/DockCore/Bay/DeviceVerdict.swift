/// What a plugged-in device is, as far as can be told before anything on it is read.
public enum DeviceVerdict: Sendable, Equatable {
    /// Not known yet: what is waited for, in a few words.
    case notYet(String)
    /// It is not let in, and nothing on it is touched: why, in a sentence.
    case refused(String)
    /// It may be a camera, with this volume on this disk.
    case volume(VolumeFacts, on: DiskFacts)
}

extension DeviceFacts {
    /// Judges the device. Mass storage and nothing else, one disk with a medium, one file system of a known type, and one of the
    /// USB models that are let in, if there is such a list.
    public func verdict(_ settings: DockingSettings) -> DeviceVerdict {
        let others = interfaces.filter { !$0.isMassStorage }
        let storage = interfaces.count - others.count
        if let other = others.first(where: { $0.kind == 3 }) ?? others.first, storage > 0 || other.kind == 3 {
            let what = storage > 0 ? "it offers \(other) beside mass storage" : "it is a \(other) device"
            return .refused("\(what): no camera does, and it is not mounted")
        }
        if !settings.usbModels.isEmpty, !settings.usbModels.contains(usb.model) {
            return .refused("its USB model \(usb.model) is not among docking.usb_models")
        }
        guard storage > 0 else { return .notYet("it shows no disk yet") }
        guard !disks.isEmpty, disks.allSatisfy(\.isSettled) else {
            return .notYet("the kernel is looking for its disk")
        }
        let media = disks.filter { $0.bytes > 0 }
        guard let disk = media.first else { return .notYet("it has no medium in it") }
        guard media.count == 1 else {
            return .refused("it shows \(media.count) disks at once: which of them holds footage is not known")
        }
        return DeviceFacts.verdict(disk)
    }

    private static func verdict(_ disk: DiskFacts) -> DeviceVerdict {
        let typed = disk.partitions.filter { $0.type != nil }
        guard typed.count <= 1 else {
            return .refused("its disk has \(typed.count) file systems: which of them holds footage is not known")
        }
        // A lone partition (or disk) in which udev sees nothing may be one whose erase was interrupted.
        let lone = disk.partitions.count == 1 ? disk.partitions.first : disk.partitions.isEmpty ? disk.whole : nil
        guard let volume = typed.first ?? lone else {
            return .refused("its disk has \(disk.partitions.count) partitions without a file system")
        }
        if let type = volume.type, FileSystemFacts.Kind(type: type) == nil {
            return .refused("its file system is \(type.prefix(32)), which no known camera uses")
        }
        return .volume(volume, on: disk)
    }
}

extension FileSystemFacts.Kind {
    /// From a type as the kernel and udev name it; nil for types that are not read here.
    public init?(type: String) {
        switch type {
        case "vfat", "msdos": self = .vfat
        case "exfat": self = .exfat
        case "ext2", "ext3", "ext4": self = .ext4
        default: return nil
        }
    }
}
