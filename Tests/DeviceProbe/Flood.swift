import DockTestSupport
import Foundation

/// Sends messages as systemd-udevd does, to everybody who listens to udev in this network namespace.
enum Flood {
    private static let netlinkKernelEvents: Int32 = 15
    private static let udevGroup: UInt32 = 2

    static func send(_ count: Int) throws {
        let socket = Glibc.socket(
            AF_NETLINK, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), netlinkKernelEvents)
        guard socket >= 0 else { throw RigFailure("netlink socket: errno \(errno)") }
        defer { close(socket) }
        // struct sockaddr_nl: family, padding, port, groups.
        var address: [UInt32] = [UInt32(AF_NETLINK), 0, udevGroup]
        for number in 0..<count {
            let bytes = message(number)
            let sent = address.withUnsafeMutableBytes { place in
                sendto(
                    socket, bytes, bytes.count, 0, place.baseAddress!.assumingMemoryBound(to: sockaddr.self),
                    socklen_t(place.count))
            }
            // ENOBUFS here says that a listener lost it.
            guard sent == bytes.count || errno == ENOBUFS else { throw RigFailure("netlink: errno \(errno)") }
        }
    }

    /// systemd, src/libsystemd/sd-device/device-monitor.c, `monitor_netlink_header`.
    private static func message(_ number: Int) -> [UInt8] {
        let path = "/devices/flood/\(number)"
        let properties = [
            "ACTION=change", "DEVPATH=" + path, "SUBSYSTEM=block", "DEVTYPE=disk", "SEQNUM=\(number + 1)",
        ]
        let body = properties.map { $0 + "\u{0}" }.joined().utf8
        let header: [UInt32] = [
            UInt32(0xfeed_cafe).bigEndian, 40, 40, UInt32(body.count), murmur("block").bigEndian,
            murmur("disk").bigEndian, 0, 0,
        ]
        var bytes = Array("libudev\u{0}".utf8)
        for word in header { withUnsafeBytes(of: word) { bytes += $0 } }
        return bytes + body
    }

    /// MurmurHash2, by which the kernel's filter of a listener knows a subsystem.
    private static func murmur(_ text: String) -> UInt32 {
        let factor: UInt32 = 0x5bd1_e995
        var bytes = Array(text.utf8)[...]
        var hash = UInt32(bytes.count)
        while bytes.count >= 4 {
            var word = bytes.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) } &* factor
            word ^= word >> 24
            hash = hash &* factor ^ word &* factor
            bytes = bytes.dropFirst(4)
        }
        if !bytes.isEmpty {
            hash ^= bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            hash = hash &* factor
        }
        hash ^= hash >> 13
        hash = hash &* factor
        return hash ^ hash >> 15
    }
}
