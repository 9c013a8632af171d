import DockCore
import DockSystem
import Glibc

/// Tells systemd how the service is (sd_notify(3)): datagrams to the socket that `NOTIFY_SOCKET` names. Without one, nothing.
final class SystemdNotifier {
    private let socket: Int32
    private let address: UnixAddress?
    private let interval: Double?
    private var lastWatchdog = Instant(milliseconds: 0)

    init() {
        address = getenv("NOTIFY_SOCKET").map { String(cString: $0) }.flatMap { UnixAddress($0) }
        socket = address == nil ? -1 : Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // systemd gives the time after which it acts; half of that is what sd_watchdog_enabled(3) advises.
        let micro = getenv("WATCHDOG_USEC").flatMap { Double(String(cString: $0)) }
        interval = address == nil ? nil : micro.map { $0 / 2_000_000 }
    }

    deinit { if socket >= 0 { close(socket) } }

    /// All has started.
    func ready() { tell("READY=1\nSTATUS=waiting for cameras") }
    /// The service ends.
    func stopping() { tell("STOPPING=1") }

    /// Says that the agent's thread still runs, if that is due.
    func watchdog() {
        guard let interval, Uptime.now().seconds(since: lastWatchdog) >= interval * 0.9 else { return }
        lastWatchdog = Uptime.now()
        tell("WATCHDOG=1")
    }

    /// When ``watchdog()`` is due next; nil if systemd does not watch.
    func nextWatchdog(after now: Instant) -> Instant? { interval.map { max(now, lastWatchdog.adding(seconds: $0)) } }

    private func tell(_ text: String) {
        guard let address, socket >= 0 else { return }
        // Nobody can be told if this fails; systemd then acts as if nothing was said.
        _ = address.with { pointer, length in
            sendto(socket, text, text.utf8.count, Int32(MSG_NOSIGNAL), pointer, length)
        }
    }
}

/// The address of a Unix socket (unix(7)); a name that begins with `@` is an abstract one.
struct UnixAddress: Sendable {
    private let name: [UInt8]

    /// Nil if the name does not fit.
    init?(_ path: String) {
        var name = Array(path.utf8)
        if name.first == UInt8(ascii: "@") { name[0] = 0 }
        guard (1...107).contains(name.count) else { return nil }
        self.name = name
    }

    /// Calls `body` with the address and its length.
    func with<Value>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Value) -> Value {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        // An abstract name has no end but its length; a path ends with a zero.
        let length = MemoryLayout<sa_family_t>.size + name.count + (name.first == 0 ? 0 : 1)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(length)) }
        }
    }
}
