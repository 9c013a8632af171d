import CUdev
import DockCore
import DockSystem
import Glibc
import Synchronization

/// Hears what udev says of disks, partitions and USB devices (udev_monitor_new_from_netlink(3)), from the moment that it is
/// made: make it first, then look at what is there, so that nothing falls between.
public final class UdevMonitor: Sendable {
    /// Readable (poll(2)) when a message waits; valid as long as this object lives.
    public let descriptor: Int32

    private let monitor: Mutex<Handle>

    /// Starts to listen.
    /// - Parameter bufferBytes: how much the kernel keeps until it is received. Messages have about 1 KiB; 8 cameras that
    ///   come at once make about 150.
    /// - Throws: ``DockError/Code/unreachable`` where udev does not run, as in containers: nothing would ever be heard. Otherwise
    ///   what the kernel says.
    public init(bufferBytes: Int32 = 16 << 20) throws(DockError) {
        do throws(Errno) {
            // libudev looks at the same file, and then listens to nobody without a word.
            guard access("/run/udev/control", F_OK) == 0 else { throw Errno(ECONNREFUSED) }
            let handle = try Handle(bufferBytes: bufferBytes)
            descriptor = udev_monitor_get_fd(handle.monitor)
            monitor = Mutex(handle)
        } catch {
            throw UdevMonitor.failure(error)
        }
    }

    /// The next message; nil if none waits. Never blocks.
    public func receive() throws(DockError) -> UdevMessage? {
        let result = monitor.withLock { handle in Result { () throws(Errno) in try handle.receive() } }
        do { return try result.get() } catch { throw UdevMonitor.failure(error) }
    }

    private static func failure(_ error: Errno) -> DockError {
        error.error(
            "cannot listen to udev", at: "/run/udev/control",
            next: "check that systemd-udevd runs, and that this service may use AF_NETLINK sockets")
    }
}

/// Owns a libudev monitor and its context.
private struct Handle: ~Copyable {
    private let context: UdevContext
    let monitor: OpaquePointer

    init(bufferBytes: Int32) throws(Errno) {
        let context = try UdevContext()
        guard let monitor = udev_monitor_new_from_netlink(context.handle, "udev") else { throw Errno.current }
        do {
            for (subsystem, type) in [("block", "disk"), ("block", "partition"), ("usb", "usb_device")] {
                try Handle.check(udev_monitor_filter_add_match_subsystem_devtype(monitor, subsystem, type))
            }
            // More than the system's limit takes CAP_NET_ADMIN. Without it events may be lost, which is told and made up for.
            let enlarged = udev_monitor_set_receive_buffer_size(monitor, bufferBytes)
            if enlarged != -EPERM { try Handle.check(enlarged) }
            try Handle.check(udev_monitor_enable_receiving(monitor))
        } catch {
            udev_monitor_unref(monitor)
            throw error
        }
        self.context = context
        self.monitor = monitor
    }

    deinit { udev_monitor_unref(monitor) }

    /// libudev answers with a negative errno.
    private static func check(_ code: Int32) throws(Errno) {
        if code < 0 { throw Errno(-code) }
    }

    func receive() throws(Errno) -> UdevMessage? {
        while true {
            errno = 0
            guard let handle = udev_monitor_receive_device(monitor) else {
                let error = Errno.current
                switch error.code {
                case 0, EAGAIN: return nil
                case EINTR: continue
                case ENOBUFS: return .eventsLost
                default: throw error
                }
            }
            let device = UdevDevice(owning: handle)
            // The filter lets nothing else through; what is odd all the same is passed over.
            guard let path = device.path, let kind = device.type.flatMap({ UdevEvent.Kind(rawValue: $0) }) else {
                continue
            }
            let action = device.action.flatMap { UdevEvent.Action(rawValue: $0) } ?? .other
            return .event(UdevEvent(action: action, kind: kind, path: path))
        }
    }
}
