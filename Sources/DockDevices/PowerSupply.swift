import DockCore
import DockSystem

/// Batteries that the kernel knows (`/sys/class/power_supply`; sysfs-class-power in the kernel's documentation).
public enum PowerSupply {
    /// A battery at one moment.
    public struct Battery: Hashable, Sendable {
        /// What happens to it.
        public enum Status: String, Sendable, Codable {
            /// It is being charged.
            case charging = "Charging"
            /// It supplies its device.
            case discharging = "Discharging"
            /// It is connected, and neither.
            case notCharging = "Not charging"
            /// It is full.
            case full = "Full"
            /// The kernel does not know, or says something else.
            case unknown = "Unknown"
        }

        /// The kernel's name of it.
        public let name: String
        /// How full it is, 0 to 100.
        public let percent: Int
        /// What happens to it.
        public let status: Status
    }

    /// The battery of the device at a path below `/sys` (``DeviceFacts/path``); nil if none is known.
    public static func battery(below path: String) throws(DockError) -> Battery? {
        guard let device = SysfsNode(path) else { return nil }
        return try battery { node, _ in node.isWithin(device) }
    }

    /// The battery with a name; nil if there is none.
    public static func battery(named name: String) throws(DockError) -> Battery? {
        try battery { _, found in found == name }
    }

    private static func battery(_ isRight: (SysfsNode, String) -> Bool) throws(DockError) -> Battery? {
        do {
            for node in try Sysfs.devices(in: "/class/power_supply") where isRight(node, node.name) {
                guard try node.text("type") == "Battery", let percent: Int = try node.number("capacity") else {
                    continue
                }
                let status = try node.text("status").flatMap { Battery.Status(rawValue: $0) } ?? .unknown
                return Battery(name: node.name, percent: min(max(percent, 0), 100), status: status)
            }
            return nil
        } catch {
            throw error.error(
                "cannot look at a battery", at: "/sys/class/power_supply", next: "check that the service may read /sys")
        }
    }
}
