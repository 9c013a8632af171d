import DockCore

/// The descriptors of a USB device as sysfs shows them (`descriptors`): its own, then each configuration with all that belongs
/// to it (USB 2.0, 9.6). They are the device's own bytes: anything may stand there.
struct USBDescriptors {
    /// An interface in its first alternate setting.
    struct Interface: Hashable {
        /// `bConfigurationValue` of its configuration.
        let configuration: UInt8
        /// `bInterfaceNumber`.
        let number: UInt8
        /// Its class.
        let interface: USBInterface
    }

    /// More than the kernel takes from a device: 8 configurations of 64 KiB.
    static let limit = 18 + 8 * 65_536

    /// In the order in which they stand.
    private(set) var interfaces: [Interface] = []

    /// Reads as much as makes sense.
    init(_ bytes: [UInt8]) {
        var start = 18
        while start + 9 <= bytes.count, bytes[start] >= 9, bytes[start + 1] == 2 {
            let total = Int(bytes[start + 2]) | Int(bytes[start + 3]) << 8
            guard total >= 9 else { return }
            let end = min(start + total, bytes.count)
            read(bytes[start..<end], configuration: bytes[start + 5])
            start = end
        }
    }

    private mutating func read(_ bytes: ArraySlice<UInt8>, configuration: UInt8) {
        var rest = bytes
        while let length = rest.first.map(Int.init), length >= 2, length <= rest.count {
            let descriptor = Array(rest.prefix(length))
            rest = rest.dropFirst(length)
            guard descriptor[1] == 4, length >= 9, descriptor[3] == 0 else { continue }
            interfaces.append(
                Interface(
                    configuration: configuration, number: descriptor[2],
                    interface: USBInterface(kind: descriptor[5], subclass: descriptor[6], proto: descriptor[7])))
        }
    }
}
