/// How a camera's medium is emptied. Each is followed by a new file system and a look at what is left.
public enum EraseMethod: String, Sendable, Equatable, Codable, CaseIterable {
    /// The files are deleted. Their bytes stay where they are until something else is written there.
    case delete
    /// The device is told that no block is needed any more (UNMAP), where it takes that.
    case discard
    /// Every block that the device shows is written with zeros, and read back.
    case overwrite
}

/// What was reached, in the words of NIST SP 800-88 Rev. 1 (2.5). Flash media keep spare cells that USB cannot reach, so more
/// than Clear is never claimed.
public enum SanitizationLevel: String, Sendable, Equatable, Codable {
    /// No sanitisation: somebody with the right tools may recover what was there.
    case none
    /// Clear: every user-addressable block was overwritten, and read back.
    case clear = "Clear"
}

/// The file system of a volume: what a new one must have in common with it.
public struct FileSystemFacts: Hashable, Sendable, Codable {
    /// The types that cameras use and that are read here.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// FAT12, FAT16 or FAT32.
        case vfat
        /// exFAT.
        case exfat
        /// ext4 (and ext2, ext3, which the kernel reads as ext4).
        case ext4
    }

    /// Its type.
    public var kind: Kind
    /// Its label; nil if it has none.
    public var label: String?
    /// Its UUID or volume serial number, as udev writes it (`4E21-0000`, or 36 characters).
    public var uuid: String?
    /// Size of a cluster or block in bytes.
    public var clusterBytes: Int
    /// Width of FAT entries: 12, 16 or 32; nil for other types.
    public var fatBits: Int?
    /// Whether it was not unmounted properly, or carries errors. It is never repaired here.
    public var isDirty: Bool

    /// Takes all values.
    public init(kind: Kind, label: String?, uuid: String?, clusterBytes: Int, fatBits: Int?, isDirty: Bool) {
        self.kind = kind
        self.label = label
        self.uuid = uuid
        self.clusterBytes = clusterBytes
        self.fatBits = fatBits
        self.isDirty = isDirty
    }
}

/// The medium that a camera keeps its footage on.
public struct Medium: Hashable, Sendable, Codable {
    /// What its USB device says of itself.
    public var usb: USBIdentity
    /// Size of the volume in bytes.
    public var bytes: Int64
    /// Its file system.
    public var fileSystem: FileSystemFacts

    /// Takes all values.
    public init(usb: USBIdentity, bytes: Int64, fileSystem: FileSystemFacts) {
        self.usb = usb
        self.bytes = bytes
        self.fileSystem = fileSystem
    }
}
