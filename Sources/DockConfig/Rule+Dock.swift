import DockCore

extension Rule where Value == PortPath {
    /// A socket of the dock. What could be a path but would never be a port's is refused as well: a bay that no camera ever
    /// appears in is noticed too late.
    static var port: Rule {
        Rule(explaining: "a USB port as udev's ID_PATH names it, such as pci-0000:00:14.0-usb-0:3.2") { text in
            guard let path = PortPath(text) else { return .failure(Objection(why: nil)) }
            guard let port = PortPath(idPath: text) else {
                return .failure(Objection(why: "it does not lead over USB"))
            }
            guard port == path else {
                return .failure(Objection(why: "it goes on behind the port, which is \(quoted(port.text))"))
            }
            return .success(port)
        }
    }
}

extension Rule where Value == USBModel {
    /// Vendor and product of a USB device.
    static var usbModel: Rule {
        Rule("a USB vendor and product as lsusb shows them, such as 46f4:0001") { USBModel($0) }
    }
}

extension Rule where Value == String {
    /// The serial number of a USB device: a string descriptor holds at most 126 UTF-16 units (USB 2.0, 9.6.7).
    static var usbSerial: Rule {
        Rule("1 to 126 printable characters") { text in
            (1...126).contains(text.utf16.count) && text.unicodeScalars.allSatisfy { isPrintable($0) } ? text : nil
        }
    }

    /// Names a ledger (``Checkpoint/isOrigin(_:)``).
    static var origin: Rule {
        Rule("a name such as example.org/bodycams/stadhuis-1: 1 to 200 of A-Z a-z 0-9 . _ - : and '/' between them") {
            Checkpoint.isOrigin($0) ? $0 : nil
        }
    }

    /// The name of a kernel LED; the kernel keeps 63 characters of it.
    static var led: Rule {
        Rule("the name of a light in /sys/class/leds: 1 to 63 of A-Z a-z 0-9 : . _ -") { text in
            guard (1...63).contains(text.utf8.count), text != ".", text != "..",
                text.utf8.allSatisfy({
                    (48...58).contains($0) || (65...90).contains($0) || (97...122).contains($0)
                        || [45, 46, 95].contains($0)
                })
            else { return nil }
            return text
        }
    }

    /// The folder of the control socket. A socket's name has room for 107 bytes (`sun_path`, unix(7)).
    static var runtimeFolder: Rule {
        let name = AgentSettings(runtime: "").socket
        let longest = 107 - name.utf8.count
        return Rule(explaining: "\(absolutePath.allowed), at most \(longest) bytes") { text in
            absolutePath.read(text).flatMap { path in
                if path == "/" { return .failure(Objection(why: "the root is no folder of its own")) }
                return path.utf8.count <= longest
                    ? .success(path)
                    : .failure(Objection(why: "with '\(name)' it is too long for the name of a socket"))
            }
        }
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
