import DockTestSupport
import Foundation

/// A USB device in the words of umockdev-record(1), with what the kernel and udev say of a real one.
struct MockUSB {
    /// Where its controller is.
    static let controller = "/devices/pci0000:00/0000:00:05.0"
    /// Root hub of bus 2.
    static let root = controller + "/usb2"
    /// A hub with eight ports at the root hub's port 15.
    static let hubPath = root + "/2-15"

    var path: String
    var attributes = [
        "idVendor": "46f4", "idProduct": "0001", "bDeviceClass": "00", "bConfigurationValue": "1", "authorized": "1",
        "serial": "CAM-0001", "manufacturer": "Example", "product": "Body Camera",
    ]
    /// Attributes of any bytes.
    var bytes: [String: [UInt8]] = [:]
    var links: [String: String] = [:]
    /// Class, subclass, protocol.
    var interfaces: [(UInt8, UInt8, UInt8)] = [(8, 6, 0x50)]
    var disks: [MockDisk] = []

    var name: String { String(path.split(separator: "/").last!) }

    /// Everything that must be done to have it.
    var commands: [ProbeCommand] {
        let blocks = disks.flatMap { $0.blocks(below: path + "/" + name + ":1.0") }
        let parts = blocks.map(\.text) + interfaceTexts + [text]
        return [.add(parts.joined(separator: "\n"))] + blocks.compactMap(\.record)
    }

    private var text: String {
        var lines = ["P: " + path, "E: SUBSYSTEM=usb", "E: DEVTYPE=usb_device"]
        lines += attributes.sorted { $0.key < $1.key }.map { "A: \($0.key)=\($0.value)\\n" }
        lines += bytes.map { "H: \($0.key)=" + $0.value.map { String(format: "%02X", $0) }.joined() }
        lines += links.map { "L: \($0.key)=\($0.value)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private var interfaceTexts: [String] {
        interfaces.enumerated().map { number, kind in
            let hex = { (value: UInt8) in String(format: "%02x", value) }
            return """
                P: \(path)/\(name):1.\(number)
                E: SUBSYSTEM=usb
                E: DEVTYPE=usb_interface
                A: bInterfaceNumber=\(hex(UInt8(number)))\\n
                A: bInterfaceClass=\(hex(kind.0))\\n
                A: bInterfaceSubClass=\(hex(kind.1))\\n
                A: bInterfaceProtocol=\(hex(kind.2))\\n

                """
        }
    }

    /// A hub, or a root hub, whose ports are directories of its first interface.
    /// - Parameter attributes: of the interface, such as `2-15-port3/disable`.
    static func hub(_ path: String, attributes: [String: String] = [:], links: [String: String] = [:]) -> [ProbeCommand]
    {
        let name = String(path.split(separator: "/").last!)
        let isRoot = name.hasPrefix("usb")
        var hub = MockUSB(path: path)
        hub.attributes = [
            "idVendor": "1d6b", "idProduct": "0002", "bDeviceClass": "09", "bConfigurationValue": "1",
            "authorized": "1",
        ]
        hub.interfaces = []
        var lines = [
            "P: \(path)/" + (isRoot ? "\(name.dropFirst(3))-0:1.0" : name + ":1.0"), "E: SUBSYSTEM=usb",
            "E: DEVTYPE=usb_interface", "A: bInterfaceNumber=00\\n", "A: bInterfaceClass=09\\n",
            "A: bInterfaceSubClass=00\\n", "A: bInterfaceProtocol=00\\n",
        ]
        lines += attributes.sorted { $0.key < $1.key }.map { "A: \($0.key)=\($0.value)\\n" }
        lines += links.sorted { $0.key < $1.key }.map { "L: \($0.key)=\($0.value)" }
        return [.add(lines.joined(separator: "\n") + "\n")] + hub.commands
    }

    /// The PCI controller with its root hub and a hub at port 15.
    static var dock: [ProbeCommand] {
        [.add("P: \(controller)\nE: SUBSYSTEM=pci\nE: PCI_SLOT_NAME=0000:00:05.0\nA: vendor=0x1b36\\n\n")]
            + hub(root) + hub(hubPath)
    }
}

/// A disk of a USB device, as SCSI and block devices.
struct MockDisk {
    var name = "sda"
    var unit = 0
    var sequence = 12
    var blocks = 131_072
    var isReadOnly = false
    var type = 0
    /// What udev says of its file system; nil if it has not come to it yet.
    var properties: [String: String]? = [:]
    /// The sequence number in udev's record.
    var recordedSequence: Int?
    var partitions: [Partition] = []

    struct Partition {
        var number: Int
        var blocks = 126_976
        var properties: [String: String]? = [:]
    }

    static let vfat = [
        "ID_FS_TYPE": "vfat", "ID_FS_LABEL": "BODYCAM", "ID_FS_LABEL_ENC": "BODYCAM", "ID_FS_UUID": "4E21-0000",
    ]

    typealias Block = (text: String, record: ProbeCommand?)

    /// The SCSI devices, the disk and its partitions, below an interface.
    func blocks(below interface: String) -> [Block] {
        let minor = 16 * Int(name.utf8.last! - UInt8(ascii: "a"))
        let host = 7 + minor / 16
        let scsi = "\(interface)/host\(host)/target\(host):0:0/\(host):0:0:\(unit)"
        let disk = "\(scsi)/block/\(name)"
        let parts = partitions.map { part in
            block(
                "\(disk)/\(name)\(part.number)", "partition", minor + part.number, part.properties,
                ["partition": "\(part.number)", "size": "\(part.blocks)", "ro": isReadOnly ? "1" : "0"], [])
        }
        let whole = block(
            disk, "disk", minor, properties,
            ["size": "\(blocks)", "ro": isReadOnly ? "1" : "0", "diskseq": "\(sequence)"],
            ["L: device=../../../\(host):0:0:\(unit)"])
        let scsiText = """
            P: \(scsi)
            E: SUBSYSTEM=scsi
            E: DEVTYPE=scsi_device
            A: type=\(type)\\n

            P: \(interface)/host\(host)/target\(host):0:0
            E: SUBSYSTEM=scsi
            E: DEVTYPE=scsi_target

            P: \(interface)/host\(host)
            E: SUBSYSTEM=scsi
            E: DEVTYPE=scsi_host

            """
        // Partitions get their directories before the disk, as in a recording.
        return parts + [whole, (scsiText, nil)]
    }

    private func block(
        _ path: String, _ type: String, _ minor: Int, _ properties: [String: String]?, _ attributes: [String: String],
        _ more: [String]
    ) -> Block {
        let node = path.split(separator: "/").last!
        var lines = [
            "P: " + path, "N: " + node, "E: SUBSYSTEM=block", "E: DEVTYPE=" + type, "E: DEVNAME=/dev/" + node,
            "E: MAJOR=8", "E: MINOR=\(minor)", "A: dev=8:\(minor)\\n",
        ]
        lines += attributes.sorted { $0.key < $1.key }.map { "A: \($0.key)=\($0.value)\\n" } + more
        let record = properties.map { properties in
            var record = ["I:1"] + properties.map { "E:\($0.key)=\($0.value)" }
            if type == "disk" { record.append("S:disk/by-diskseq/\(recordedSequence ?? sequence)") }
            return ProbeCommand.record("b8:\(minor)", record.joined(separator: "\n") + "\nV:1\n")
        }
        return (lines.joined(separator: "\n") + "\n", record)
    }
}
