import DockCore
import DockTestSupport
import Foundation

/// What the kernel and udev of a real machine said of devices that were plugged in and pulled (`Tests/VirtualDock/recordings`),
/// told again by umockdev.
struct Recording {
    /// A thing to do on the machine.
    struct Step {
        var commands: [ProbeCommand]
        /// What is looked at afterwards, as the agent does; nil if it does not hear of it.
        var heard: String?
        /// What the monitor says; nil if nothing.
        var message: String?
    }

    /// What was there before.
    let base: [ProbeCommand]
    let steps: [Step]

    init(_ name: String) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../VirtualDock/recordings/\(name)").standardizedFileURL
        let read = { (file: String) in
            try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8).components(
                separatedBy: "\n\n")
        }
        var blocks: [String: String] = [:]
        var order: [String] = []
        for block in try read("devices.umockdev") where block.hasPrefix("P: ") {
            let path = String(block.prefix { $0 != "\n" }.dropFirst(3))
            blocks[path] = block + "\n"
            order.append(path)
        }
        let events = try read("events.txt").compactMap(Event.init)
        let plugged = Set(events.filter { $0.action == "add" }.map(\.path))
        base = order.filter { !plugged.contains($0) }.compactMap { blocks[$0].map(ProbeCommand.add) }
        steps = events.filter { blocks[$0.path] != nil }.compactMap { $0.step(blocks[$0.path] ?? "") }
    }

    /// One message of the kernel, or of udev.
    private struct Event {
        let isUdev: Bool
        let action: String
        let path: String
        let properties: [String: String]

        init?(_ text: String) {
            let lines = text.split(separator: "\n")
            guard let title = lines.first, title.hasPrefix("KERNEL[") || title.hasPrefix("UDEV  [") else { return nil }
            isUdev = title.hasPrefix("UDEV")
            properties = Dictionary(
                lines.dropFirst().map { line in
                    let (key, value) = (line.prefix { $0 != "=" }, line.drop { $0 != "=" }.dropFirst())
                    return (String(key), String(value))
                }
            ) { $1 }
            guard let action = properties["ACTION"], let path = properties["DEVPATH"] else { return nil }
            (self.action, self.path) = (action, path)
        }

        /// The kernel makes and removes devices; udev writes its record, and then says so.
        func step(_ block: String) -> Step? {
            switch (isUdev, action) {
            // umockdev says so too.
            case (false, "add"): return Step(commands: [.add(block)], message: message)
            case (false, "remove"): return Step(commands: [.remove(path)])
            // The kernel has removed it by now, and umockdev says nothing of what is not there.
            case (true, "remove"), (true, "unbind"): return Step(commands: [forget].compactMap { $0 }, heard: heard)
            case (true, _):
                return Step(
                    commands: [record, .event(path: path, action: action)].compactMap { $0 }, heard: heard,
                    message: message)
            default: return nil
            }
        }

        /// Whether the agent's monitor asks for it.
        private var heard: String? { kind == nil ? nil : path }

        private var message: String? { kind.map { "\(action) \($0) \(path)" } }

        private var kind: String? {
            switch properties["DEVTYPE"] {
            case "usb_device": "usbDevice"
            case "disk": "disk"
            case "partition": "partition"
            default: nil
            }
        }

        private var number: String? {
            guard properties["SUBSYSTEM"] == "block", let major = properties["MAJOR"], let minor = properties["MINOR"]
            else { return nil }
            return "b\(major):\(minor)"
        }

        private var forget: ProbeCommand? { action == "remove" ? number.map { .forget($0) } : nil }

        private var record: ProbeCommand? {
            number.map { number in
                let links = (properties["DEVLINKS"] ?? "").split(separator: " ").map { "S:" + $0.dropFirst(5) }
                let values = properties.filter { $0.key.hasPrefix("ID_") }.map { "E:\($0.key)=\($0.value)" }
                return .record(
                    number, (["I:1"] + links.sorted() + values.sorted() + ["V:1"]).joined(separator: "\n") + "\n")
            }
        }
    }
}
