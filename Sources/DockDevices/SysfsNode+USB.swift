import DockCore
import DockSystem

extension SysfsNode {
    /// Whether it is a USB device (and not an interface of one, or anything else).
    var isUSBDevice: Bool { has("bDeviceClass") && has("idVendor") }

    /// Whether it is a hub, or a root hub.
    func isHub() throws(Errno) -> Bool { try number("bDeviceClass", radix: 16) == UInt8(9) }

    /// The USB device that it is or is below, through all directories that may be gone by now; nil if there is none.
    func usbDevice() -> SysfsNode? {
        var node: SysfsNode? = self
        while let current = node, !current.isUSBDevice { node = current.parent }
        return node
    }

    /// Where a USB device is plugged in. The same as udev's builtin `path_id` makes of it (systemd, udev-builtin-path_id.c),
    /// whether udev runs or not.
    func portPath() throws(Errno) -> PortPath {
        try portPath(ports: name.split(separator: "-", maxSplits: 1).dropFirst().first.map(String.init) ?? "0")
    }

    /// Where a port of this hub is, whether something is plugged in there or not.
    func portPath(port number: Int) throws(Errno) -> PortPath {
        let above = name.split(separator: "-", maxSplits: 1).dropFirst().first
        return try portPath(ports: above.map { "\($0).\(number)" } ?? "\(number)")
    }

    private func portPath(ports: String) throws(Errno) -> PortPath {
        let text = try controllerPath() + "-usb-0:" + ports
        // A controller may have any name; a port path has few characters.
        let fitting = text.map { character in
            character.isASCII && (character.isLetter || character.isNumber || ":._-".contains(character))
                ? character : "_"
        }
        return PortPath(String(fitting.suffix(200))) ?? PortPath.unknown
    }

    /// The part of the path before the ports: what the USB controller is plugged into. Of a row of devices of one subsystem
    /// only the lowest counts.
    private func controllerPath() throws(Errno) -> String {
        var parts: [String] = []
        var skipped: String? = "usb"
        var node = parent
        while let current = node {
            node = current.parent
            // Directories between devices are not devices.
            guard current.has("uevent") else { continue }
            let subsystem = try current.subsystem()
            guard subsystem != skipped || subsystem == nil else { continue }
            skipped = subsystem
            if let subsystem, ["pci", "platform", "amba", "acpi", "xen"].contains(subsystem) {
                parts.append("\(subsystem)-\(current.name)")
            }
        }
        return parts.isEmpty ? "unknown" : parts.reversed().joined(separator: "-")
    }
}

extension PortPath {
    /// Where nothing can be said.
    fileprivate static let unknown = PortPath("unknown")!
}
