/// What the kernel and udev know of one plugged-in USB device, taken at one moment.
public struct DeviceFacts: Hashable, Sendable {
    /// The kernel's path of the device below `/sys` (`/devices/pci…/usb2/2-1/2-1.3`): its name as long as it stays plugged in.
    public var path: String
    /// Where it is plugged in.
    public var port: PortPath
    /// The other half (USB 2 or 3) of the same socket, if the kernel knows it.
    public var peer: PortPath?
    /// Who made it.
    public var usb: USBIdentity
    /// Every interface that it offers.
    public var interfaces: [USBInterface]
    /// Its disks, in the order of their names; empty until the kernel has found them.
    public var disks: [DiskFacts]

    /// Takes all values.
    public init(
        path: String, port: PortPath, peer: PortPath? = nil, usb: USBIdentity, interfaces: [USBInterface],
        disks: [DiskFacts]
    ) {
        self.path = path
        self.port = port
        self.peer = peer
        self.usb = usb
        self.interfaces = interfaces
        self.disks = disks
    }
}

/// Vendor and product of a USB device: `46f4:0001`.
public struct USBModel: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The maker's number.
    public let vendor: UInt16
    /// The maker's number of the product.
    public let product: UInt16

    /// Takes both numbers.
    public init(vendor: UInt16, product: UInt16) {
        self.vendor = vendor
        self.product = product
    }

    /// From four and four hexadecimal digits with a colon between them; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 4 && $0.allSatisfy(\.isHexDigit) }),
            let vendor = UInt16(parts[0], radix: 16), let product = UInt16(parts[1], radix: 16)
        else { return nil }
        self.init(vendor: vendor, product: product)
    }

    /// Four and four hexadecimal digits with a colon between them.
    public var description: String {
        [vendor, product].map { number in
            let digits = String(number, radix: 16)
            return String(repeating: "0", count: 4 - digits.count) + digits
        }.joined(separator: ":")
    }

    /// Reads the text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let model = USBModel(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not vendor:product")
        }
        self = model
    }

    /// Writes the text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// What a USB device says of itself. Anybody can make a device that says the same.
public struct USBIdentity: Hashable, Sendable, Codable {
    /// Vendor and product.
    public var model: USBModel
    /// Serial number (`iSerialNumber`); many devices have none, some makers give all the same.
    public var serial: String?
    /// The maker's name, as the device gives it.
    public var manufacturer: String?
    /// The product's name, as the device gives it.
    public var product: String?

    /// Takes all values.
    public init(model: USBModel, serial: String? = nil, manufacturer: String? = nil, product: String? = nil) {
        self.model = model
        self.serial = serial
        self.manufacturer = manufacturer
        self.product = product
    }
}

/// The class of one interface of a USB device (USB 2.0, 9.6.5).
public struct USBInterface: Hashable, Sendable, Codable, CustomStringConvertible {
    /// `bInterfaceClass`.
    public var kind: UInt8
    /// `bInterfaceSubClass`.
    public var subclass: UInt8
    /// `bInterfaceProtocol`.
    public var proto: UInt8

    /// Takes the three numbers.
    public init(kind: UInt8, subclass: UInt8, proto: UInt8) {
        self.kind = kind
        self.subclass = subclass
        self.proto = proto
    }

    /// Whether it is mass storage: bulk-only (0x50) or UAS (0x62) of class 8.
    public var isMassStorage: Bool { kind == 8 && [0x50, 0x62].contains(proto) }

    /// For people: a common name, or the number of the class.
    public var description: String {
        switch kind {
        case 1: "audio"
        case 2, 10: "communications"
        case 3: "keyboard or other input"
        case 6: "still image"
        case 7: "printer"
        case 8: "mass storage"
        case 9: "hub"
        case 14: "video"
        case 224: "wireless"
        default: "class \(kind)"
        }
    }
}

/// A disk of a USB device.
public struct DiskFacts: Hashable, Sendable {
    /// The kernel's name (`sda`).
    public var name: String
    /// The kernel's number for this appearance of a disk with this medium (sysfs `diskseq`): never used twice until the next
    /// boot. 0 where the kernel has none (before Linux 5.15).
    public var sequence: UInt64
    /// Size in bytes; 0 without a medium.
    public var bytes: Int64
    /// Whether the device refuses writes.
    public var isReadOnly: Bool
    /// The file system on the disk itself, if it has no partition table.
    public var whole: VolumeFacts
    /// Its partitions, in order.
    public var partitions: [VolumeFacts]
    /// Whether udev has finished with the disk (and its partitions): what it says of file systems can be believed.
    public var isSettled: Bool

    /// Takes all values.
    public init(
        name: String, sequence: UInt64, bytes: Int64, isReadOnly: Bool, whole: VolumeFacts, partitions: [VolumeFacts],
        isSettled: Bool
    ) {
        self.name = name
        self.sequence = sequence
        self.bytes = bytes
        self.isReadOnly = isReadOnly
        self.whole = whole
        self.partitions = partitions
        self.isSettled = isSettled
    }
}

/// A block device that may hold a file system: a partition, or a whole disk.
public struct VolumeFacts: Hashable, Sendable {
    /// Its node (`/dev/sda1`).
    public var node: String
    /// Its device number, as in `st_rdev`.
    public var number: UInt64
    /// Size in bytes.
    public var bytes: Int64
    /// Type of its file system as udev sees it (`ID_FS_TYPE`); nil if it sees none.
    public var type: String?
    /// Label of its file system (`ID_FS_LABEL`).
    public var label: String?
    /// UUID or serial number of its file system (`ID_FS_UUID`).
    public var uuid: String?

    /// Takes all values.
    public init(
        node: String, number: UInt64, bytes: Int64, type: String? = nil, label: String? = nil, uuid: String? = nil
    ) {
        self.node = node
        self.number = number
        self.bytes = bytes
        self.type = type
        self.label = label
        self.uuid = uuid
    }
}
