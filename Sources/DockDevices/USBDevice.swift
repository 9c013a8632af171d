import DockCore
import DockSystem
import Glibc

/// Orders to one USB device that need no power switch. Each blocks until the kernel has done it; that can take half a minute if
/// the device hangs in the middle of a command.
public enum USBDevice {
    /// Starts a device anew (`authorized` 0, then 1): its drivers let go of it, its disks vanish, and everything is set up
    /// again. Helps if a camera's mass storage hangs; its firmware is not restarted.
    /// - Parameters:
    ///   - path: of the device below `/sys` (``DeviceFacts/path``).
    ///   - seconds: how long it may take until its interfaces are there again.
    ///   - wait: sleeps for so many seconds.
    /// - Returns: whether its interfaces are there again.
    public static func reset(
        at path: String, within seconds: Double = 10, wait: (Double) -> Void = USBPort.sleep
    ) throws(DockError) -> Bool {
        try setAuthorized(false, at: path)
        wait(0.5)
        try setAuthorized(true, at: path)
        let node = try device(at: path)
        var waited = 0.0
        while try !isSetUp(node) {
            guard waited < seconds else { return false }
            wait(0.1)
            waited += 0.1
        }
        return true
    }

    /// Lets the kernel use a device, or takes it out of use: then it has no drivers and no disks, but stays on the bus
    /// (`authorized`).
    public static func setAuthorized(_ isAuthorized: Bool, at path: String) throws(DockError) {
        try write(isAuthorized ? "1" : "0", "authorized", to: device(at: path))
    }

    /// Takes a device off the bus, as if it were unplugged (`remove`). It comes back only by its plug, or by its port's power.
    public static func remove(at path: String) throws(DockError) {
        try write("1", "remove", to: device(at: path))
    }

    /// Refuses hubs: what is behind them would go too.
    private static func device(at path: String) throws(DockError) -> SysfsNode {
        do throws(Errno) {
            guard let node = SysfsNode(path), node.isUSBDevice else { throw Errno(ENODEV) }
            guard try !node.isHub() else { throw Errno(EPERM) }
            return node
        } catch {
            throw failure(error, path)
        }
    }

    private static func isSetUp(_ node: SysfsNode) throws(DockError) -> Bool {
        do throws(Errno) {
            guard node.exists else { throw Errno(ENODEV) }
            return try node.names().contains { $0.hasPrefix(node.name + ":") }
        } catch {
            throw failure(error, node.path)
        }
    }

    private static func write(_ value: String, _ attribute: String, to node: SysfsNode) throws(DockError) {
        do { try node.write(value, to: attribute) } catch { throw failure(error, node.path + "/" + attribute) }
    }

    private static func failure(_ error: Errno, _ place: String) -> DockError {
        error.error(
            "cannot control a USB device", at: place, next: "unplug it, or check that the service may write there")
    }
}
