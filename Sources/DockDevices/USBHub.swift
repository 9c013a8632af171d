import CLinux
import DockSystem
import Glibc

/// Owns an open hub (`/dev/bus/usb/…`), to ask it what sysfs does not tell (USB 2.0, 11.24; USB 3.2, 10.16).
struct USBHub: ~Copyable {
    /// How a hub says that it switches the power of its ports (`wHubCharacteristics`).
    enum Switching: Equatable {
        /// Each by itself.
        case single
        /// All together.
        case ganged
        /// Not at all.
        case impossible
    }

    private let node: Descriptor
    private let isSuperSpeed: Bool

    /// Opens the hub that a directory of sysfs stands for; nil if there is no way to it (no node, no rights): then it cannot be
    /// asked, which says nothing about its ports.
    static func open(_ hub: SysfsNode) throws(Errno) -> USBHub? {
        guard let bus: Int = try hub.number("busnum"), let device: Int = try hub.number("devnum") else { return nil }
        let digits = { (number: Int) in String(repeating: "0", count: max(0, 3 - String(number).count)) + String(number)
        }
        let isSuperSpeed = try hub.number("speed") ?? 0 >= 5000
        do {
            return USBHub(
                node: try Descriptor.open("/dev/bus/usb/\(digits(bus))/\(digits(device))", flags: O_RDWR),
                isSuperSpeed: isSuperSpeed)
        } catch  where [ENOENT, ENODEV, ENXIO, EACCES, EPERM, EROFS].contains(error.code) {
            return nil
        }
    }

    /// What it says of the power of its ports; nil if it does not answer.
    func switching() throws(Errno) -> Switching? {
        let type: UInt16 = isSuperSpeed ? 0x2a : 0x29
        guard let bytes = try ask(type: 0xa0, request: 6, value: type << 8, index: 0, count: 12), bytes.count >= 5
        else {
            return nil
        }
        switch bytes[3] & 3 {
        case 0: return .ganged
        case 1: return .single
        default: return .impossible
        }
    }

    /// Whether its port sees a device on its data lines, whatever the kernel made of that; nil if it does not answer.
    func seesDevice(at port: Int) throws(Errno) -> Bool? {
        guard let index = UInt16(exactly: port),
            let bytes = try ask(type: 0xa3, request: 0, value: 0, index: index, count: 4), bytes.count == 4
        else { return nil }
        return bytes[0] & 1 == 1
    }

    /// A request to the hub as a class device; nil if it, or a driver that does not know the request, refuses.
    private func ask(type: UInt8, request: UInt8, value: UInt16, index: UInt16, count: UInt16) throws(Errno) -> [UInt8]?
    {
        var bytes = [UInt8](repeating: 0, count: Int(count))
        let result: Result<Int32, Errno> = bytes.withUnsafeMutableBytes { buffer in
            var transfer = usbdevfs_ctrltransfer(
                bRequestType: type, bRequest: request, wValue: value, wIndex: index, wLength: count, timeout: 2000,
                data: buffer.baseAddress)
            return Result { () throws(Errno) in try retrying { bodydock_usb_request(node.number, &transfer) } }
        }
        do {
            return try Array(bytes.prefix(Int(result.get())))
        } catch  where [EPIPE, ENOTTY, EINVAL, EPROTO, EIO, EOVERFLOW, ETIMEDOUT, EILSEQ].contains(error.code) {
            return nil
        }
    }
}
