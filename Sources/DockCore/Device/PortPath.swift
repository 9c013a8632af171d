/// Where a USB device is plugged in, as udev's `ID_PATH` names it up to the device: `pci-0000:00:14.0-usb-0:3.2`. It stays the
/// same as long as nobody moves a cable, whatever is plugged in.
public struct PortPath: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The path: 1 to 200 of `A-Z a-z 0-9 : . _ -`.
    public let text: String

    /// Takes a path as a configuration names it; nil if it can be none. `usbv2-` and `usbv3-`, by which udev tells the
    /// halves of a port apart since systemd 255, mean the same place.
    public init?(_ text: some StringProtocol) {
        guard (1...200).contains(text.utf8.count),
            text.utf8.allSatisfy({
                (48...58).contains($0) || (65...90).contains($0) || (97...122).contains($0)
                    || [45, 46, 95].contains($0)
            })
        else { return nil }
        self.text = PortPath.unversioned(String(text))
    }

    /// The port of a device from the `ID_PATH` of one of its interfaces or disks
    /// (`pci-0000:00:05.0-usb-0:15.3:1.0-scsi-0:0:0:0`); nil if it does not lead over USB.
    public init?(idPath: some StringProtocol) {
        let path = PortPath.unversioned(String(idPath))
        // Behind the last "-usb-": bus ':' ports, and then for an interface ':' configuration '.' interface.
        guard let marker = path.ranges(of: "-usb-").last else { return nil }
        let tail = path[marker.upperBound...].split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard tail.count >= 2, !tail[0].isEmpty, !tail[1].isEmpty else { return nil }
        let ports = tail[1].prefix { $0 != "-" }
        self.init(path[..<marker.upperBound] + tail[0] + ":" + ports)
    }

    /// The path.
    public var description: String { text }

    /// Reads the text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let path = PortPath(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a port path")
        }
        self = path
    }

    /// Writes the text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    private static func unversioned(_ text: String) -> String {
        text.replacing("-usbv2-", with: "-usb-").replacing("-usbv3-", with: "-usb-")
    }
}
