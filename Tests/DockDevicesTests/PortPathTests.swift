import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockDevices

@Suite("Port paths")
struct SysfsPortPathTests {
    /// Controllers as they stand on real machines: their devices from the outside in, with subsystems, and the path.
    static let controllers: [([(String, String)], String)] = [
        ([("pci0000:00", ""), ("0000:00:05.0", "pci")], "pci-0000:00:05.0-usb-0:"),
        (
            [("pci0000:00", ""), ("0000:00:1c.4", "pci"), ("0000:02:00.0", "pci"), ("0000:03:02.0", "pci")],
            "pci-0000:03:02.0-usb-0:"
        ),
        (
            [
                ("platform", ""), ("scb", "platform"), ("fd500000.pcie", "platform"), ("pci0000:00", ""),
                ("0000:00:00.0", "pci"), ("0000:01:00.0", "pci"),
            ], "platform-fd500000.pcie-pci-0000:01:00.0-usb-0:"
        ),
        (
            [("platform", ""), ("soc", "platform"), ("fe9c0000.xhci", "platform"), ("xhci-hcd.1.auto", "platform")],
            "platform-xhci-hcd.1.auto-usb-0:"
        ),
        ([("platform", ""), ("dummy_hcd.0", "platform")], "platform-dummy_hcd.0-usb-0:"),
    ]

    @Test(arguments: 0..<5, ["3-2", "3-1.4.2"])
    func isWhatUdevMakesOfIt(_ number: Int, _ name: String) throws {
        let (devices, expected) = Self.controllers[number]
        var path = "/devices"
        var commands: [ProbeCommand] = []
        for (name, subsystem) in devices {
            path += "/" + name
            if !subsystem.isEmpty { commands.append(.add("P: \(path)\nE: SUBSYSTEM=\(subsystem)\nA: x=1\n")) }
        }
        path += "/usb3"
        commands += MockUSB.hub(path)
        if name.contains(".") {
            path += "/3-1"
            commands += MockUSB.hub(path)
            path += "/3-1.4"
            commands += MockUSB.hub(path)
        }
        path += "/" + name
        let disk = MockDisk()
        let camera = MockUSB(path: path, disks: [disk])
        commands += camera.commands
        guard case .devices(let seen) = try MockMachine.run(commands + [.devices]).last else {
            throw RigFailure("no answer")
        }
        let found = try #require(seen.first?.facts)
        #expect(found.port.text == expected + name.dropFirst(2))

        // The same machine, and udev's own opinion.
        let folder = try TemporaryFolder()
        let description = commands.compactMap { if case .add(let text) = $0 { text } else { nil } }.joined(
            separator: "\n")
        let file = try folder.write(description.utf8, to: "machine.umockdev")
        let udev = try Tool.run(
            "umockdev-run", ["--device", file, "--", "udevadm", "test-builtin", "path_id", "/sys/class/block/sda"])
        let idPath = udev.text.split(separator: "\n").first { $0.hasPrefix("ID_PATH=") }?.dropFirst(8)
        #expect(PortPath(idPath: try #require(idPath, "\(udev.text) \(udev.errors)")) == found.port)
    }

    @Test func oddControllersHaveAPathToo() throws {
        let path = "/devices/platform/soc@0 ü/usb3"
        let commands =
            [ProbeCommand.add("P: /devices/platform/soc@0 ü\nE: SUBSYSTEM=platform\nA: x=1\n")] + MockUSB.hub(path)
            + MockUSB(path: path + "/3-2").commands + MockUSB(path: "/devices/odd/usb4/4-1").commands
        guard case .devices(let seen) = try MockMachine.run(commands + [.devices]).last else {
            throw RigFailure("no answer")
        }
        #expect(Set(seen.map(\.facts.port.text)) == ["platform-soc_0__-usb-0:2", "unknown-usb-0:1"])
    }
}
