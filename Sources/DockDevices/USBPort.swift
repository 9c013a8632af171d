import DockCore
import DockSystem

/// A socket of a USB hub, as the kernel sees it: there whether something is plugged in or not. A USB 3 socket is two of them,
/// which are each other's ``peer()``.
public struct USBPort: Hashable, Sendable {
    /// The hub's name in the kernel, which is also its location for `uhubctl`: `2-1`, or the number of the bus for a root hub.
    public let hub: String
    /// The number of the port on its hub, from 1.
    public let number: Int
    /// Its directory: `…/2-1:1.0/2-1-port3`.
    let node: SysfsNode

    /// Its path below `/sys`.
    public var path: String { node.path }

    /// From the directory of a port, by its name.
    init?(_ node: SysfsNode) {
        guard let marker = node.name.ranges(of: "-port").last, let number = Int(node.name[marker.upperBound...]),
            (1...255).contains(number), !node.name[..<marker.lowerBound].isEmpty
        else { return nil }
        let hub = node.name[..<marker.lowerBound]
        self.hub = hub.hasPrefix("usb") ? String(hub.dropFirst(3)) : String(hub)
        self.number = number
        self.node = node
    }

    /// The port that a USB device is plugged into.
    init?(of device: SysfsNode) throws(Errno) {
        guard let node = try device.link("port") else { return nil }
        self.init(node)
    }

    /// The port that the device at a path below `/sys` (``DeviceFacts/path``) is plugged into; nil if it is gone, or if the
    /// kernel knows no port (virtual devices).
    public static func of(device path: String) throws(DockError) -> USBPort? {
        try failing(at: path) { () throws(Errno) in
            guard let device = SysfsNode(path)?.usbDevice() else { return nil }
            return try USBPort(of: device)
        }
    }

    /// A port by its hub's location (`2-1`, or `2` for the root hub of bus 2) and its number; nil if there is none.
    public static func locate(hub: String, number: Int) throws(DockError) -> USBPort? {
        try all().first { $0.hub == hub && $0.number == number }
    }

    /// The ports with a path, whether something is plugged in or not: of a USB 3 socket usually both halves.
    public static func locate(_ path: PortPath) throws(DockError) -> [USBPort] {
        try failing(at: path.text) { () throws(Errno) in
            var found: [USBPort] = []
            for port in try every() where try port.portPath() == path { found.append(port) }
            return found
        }
    }

    /// All ports of all hubs.
    public static func all() throws(DockError) -> [USBPort] { try failing(at: "/sys/bus/usb/devices", every) }

    /// Where it is, as ``DeviceFacts/port`` of a device that is plugged in there.
    public var location: PortPath? {
        get throws(DockError) { try USBPort.failing(at: path) { () throws(Errno) in try portPath() } }
    }

    /// The path below `/sys` of the device that is plugged in now, hubs too.
    public var device: String? {
        get throws(DockError) { try USBPort.failing(at: path) { () throws(Errno) in try occupant()?.path } }
    }

    private static func every() throws(Errno) -> [USBPort] {
        var ports: [USBPort] = []
        for hub in try Sysfs.devices(in: "/bus/usb/devices") where hub.isUSBDevice {
            guard try hub.isHub() else { continue }
            for interface in try hub.names() where interface.contains(":") {
                guard let interface = hub.child(interface) else { continue }
                ports += try interface.names().compactMap { name in interface.child(name).flatMap { USBPort($0) } }
            }
        }
        return ports.sorted { ($0.node.parent?.path ?? "", $0.number) < ($1.node.parent?.path ?? "", $1.number) }
    }

    /// The other half of the same socket, if the kernel knows it.
    func peer() throws(Errno) -> USBPort? { try node.link("peer").flatMap { USBPort($0) } }

    func occupant() throws(Errno) -> SysfsNode? { try node.link("device") }

    /// Nil if the hub is gone.
    func portPath() throws(Errno) -> PortPath? { try node.parent?.parent?.portPath(port: number) }

    static func failing<Value>(at place: String, _ body: () throws(Errno) -> Value) throws(DockError) -> Value {
        do {
            return try body()
        } catch {
            throw error.error("cannot look at a USB port", at: place, next: "check that the service may read /sys")
        }
    }
}
