import DockCore
import DockSystem

/// Looks at the USB devices that are plugged in now, by sysfs and by udev's database. A look takes a few milliseconds, does
/// not wait for devices, and sees each at one moment: what the next ``UdevEvent`` changes is seen by the next look.
public struct DeviceScanner: Sendable {
    /// Where each look begins anew.
    public init() {}

    /// The USB device that is, or is above, the device at a path below `/sys` (with or without that), as a ``UdevEvent`` has
    /// it. Nil if it is gone, and for hubs and what is no USB device.
    /// - Throws: ``DockError`` if the kernel refuses to show what is there, never for what a device says.
    public func device(at path: String) throws(DockError) -> DeviceFacts? {
        do {
            guard let node = SysfsNode(path)?.usbDevice(), try !node.isHub() else { return nil }
            return try facts(of: node, blocks: try Sysfs.devices(in: "/class/block"))
        } catch {
            throw DeviceScanner.failure(error, path)
        }
    }

    /// All USB devices except hubs, in the order of their paths; at most 4,096.
    public func all() throws(DockError) -> [DeviceFacts] {
        do {
            let blocks = try Sysfs.devices(in: "/class/block")
            var found: [DeviceFacts] = []
            for node in try Sysfs.devices(in: "/bus/usb/devices").sorted(by: { $0.path < $1.path }) {
                guard found.count < 4096, node.isUSBDevice, try !node.isHub() else { continue }
                if let facts = try facts(of: node, blocks: blocks) { found.append(facts) }
            }
            return found
        } catch {
            throw DeviceScanner.failure(error, "/sys/bus/usb/devices")
        }
    }

    private static func failure(_ error: Errno, _ path: String) -> DockError {
        error.error("cannot look at USB devices", at: path, next: "check that the service may read /sys and /run/udev")
    }

    /// Nil if it went away meanwhile.
    private func facts(of node: SysfsNode, blocks: [SysfsNode]) throws(Errno) -> DeviceFacts? {
        guard let vendor: UInt16 = try node.number("idVendor", radix: 16),
            let product: UInt16 = try node.number("idProduct", radix: 16)
        else { return nil }
        let facts = DeviceFacts(
            path: node.path, port: try node.portPath(), peer: try USBPort(of: node)?.peer()?.portPath(),
            usb: USBIdentity(
                model: USBModel(vendor: vendor, product: product), serial: try text("serial", of: node),
                manufacturer: try text("manufacturer", of: node), product: try text("product", of: node)),
            interfaces: try interfaces(of: node), disks: try disks(of: node, among: blocks))
        return node.isUSBDevice ? facts : nil
    }

    /// USB strings have at most 126 UTF-16 units.
    private func text(_ attribute: String, of node: SysfsNode) throws(Errno) -> String? {
        try node.text(attribute).flatMap { DeviceText.clean($0) }
    }

    /// What the kernel has set up, and what the device's descriptors announce beyond that: at first nothing is set up yet, and
    /// nothing ever is while the device is not authorised.
    private func interfaces(of node: SysfsNode) throws(Errno) -> [USBInterface] {
        var known: [(number: UInt8, interface: USBInterface)] = []
        for name in try node.names() where name.hasPrefix(node.name + ":") && known.count < 256 {
            guard let child = node.child(name), let number: UInt8 = try child.number("bInterfaceNumber", radix: 16),
                let kind: UInt8 = try child.number("bInterfaceClass", radix: 16),
                let subclass: UInt8 = try child.number("bInterfaceSubClass", radix: 16),
                let proto: UInt8 = try child.number("bInterfaceProtocol", radix: 16)
            else { continue }
            known.append((number, USBInterface(kind: kind, subclass: subclass, proto: proto)))
        }
        let isSetUp = Set(known.map(\.number))
        let active: UInt8? = try node.number("bConfigurationValue")
        let announced = USBDescriptors(try node.bytes("descriptors", limit: USBDescriptors.limit) ?? []).interfaces
        var more = Set<USBDescriptors.Interface>()
        for entry in announced where !isSetUp.contains(entry.number) && known.count < 256 {
            guard active == nil || entry.configuration == active, more.insert(entry).inserted else { continue }
            known.append((entry.number, entry.interface))
        }
        return known.sorted { $0.number < $1.number }.map(\.interface)
    }
}
