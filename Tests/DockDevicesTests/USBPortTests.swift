import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockDevices

@Suite("Sockets and their power")
struct USBPortTests {
    static let camera = MockUSB.hubPath + "/2-15.3"
    static let port = MockUSB.hubPath + "/2-15:1.0/2-15-port3"

    /// A hub with three ports: a camera in the third, whose other half is port 1 of the root hub of bus 3.
    static func dock(hasSwitch: Bool = true, otherHasSwitch: Bool = true) -> [ProbeCommand] {
        var attributes: [String: String] = [:]
        for number in 1...3 {
            attributes["2-15-port\(number)/connect_type"] = "hotplug"
            if hasSwitch { attributes["2-15-port\(number)/disable"] = "0" }
        }
        let peer = MockUSB.controller + "/usb3"
        var camera = MockUSB(path: camera)
        camera.links["port"] = "../2-15:1.0/2-15-port3"
        return [.add("P: \(MockUSB.controller)\nE: SUBSYSTEM=pci\nA: x=1\n")] + MockUSB.hub(MockUSB.root)
            + MockUSB.hub(
                peer,
                attributes: hasSwitch && otherHasSwitch ? ["usb3-port1/disable": "0"] : ["usb3-port1/connect_type": "x"]
            )
            + MockUSB.hub(
                MockUSB.hubPath, attributes: attributes,
                links: [
                    "2-15-port3/device": "../../2-15.3", "2-15-port3/peer": "../../../../usb3/3-0:1.0/usb3-port1",
                ])
            + camera.commands
    }

    static let back = dock().last!

    static func run(_ commands: [ProbeCommand], hasSwitch: Bool = true) throws -> [ProbeAnswer] {
        try MockMachine.run(dock(hasSwitch: hasSwitch) + commands).suffix(commands.count)
    }

    static func off(program: String? = nil, meanwhile: [Int: [ProbeCommand]] = [:]) -> ProbeCommand {
        .power("2-15", 3, on: false, program: program, meanwhile: meanwhile)
    }

    static func on(meanwhile: [Int: [ProbeCommand]] = [:]) -> ProbeCommand {
        .power("2-15", 3, on: true, program: nil, meanwhile: meanwhile)
    }

    @Test func portsAreFoundByDeviceByHubAndByPath() throws {
        let full = "2-15 3 \(Self.port) pci-0000:00:05.0-usb-0:15.3 \(Self.camera) switch"
        let peer = "3 1 \(MockUSB.controller)/usb3/3-0:1.0/usb3-port1 pci-0000:00:05.0-usb-0:1 empty switch"
        let answers = try Self.run([
            .portOf(Self.camera), .port("2-15", 3), .port("3", 1), .portsAt(PortPath("pci-0000:00:05.0-usb-0:15.3")!),
            .portsAt(PortPath("pci-0000:00:05.0-usb-0:15.2")!), .portOf(MockUSB.root), .port("2-15", 4),
            .port("usb3", 1),
            .port("../2-15", 3), .portsAt(PortPath("pci-0000:00:06.0-usb-0:15.3")!), .device(Self.camera),
        ])
        #expect(answers.prefix(4) == [.text(full), .text(full), .text(peer), .messages([full])])
        guard case .messages(let second) = answers[4], case .devices(let seen) = answers[10] else {
            throw RigFailure("\(answers)")
        }
        #expect(second.first?.hasSuffix("15.2 empty switch") == true)
        #expect(answers[5...8].allSatisfy { $0 == .nothing } && answers[9] == .messages([]))
        #expect(seen.first?.facts.peer?.text == "pci-0000:00:05.0-usb-0:1")
    }

    @Test func aDeviceThatLeavesAndStaysAwayIsSwitchedOff() throws {
        let answers = try Self.run([
            Self.off(meanwhile: [2: [.remove(Self.camera)]]), .read(Self.port, "disable"),
            .read(MockUSB.controller + "/usb3/3-0:1.0/usb3-port1", "disable"), Self.off(),
            Self.on(meanwhile: [3: [Self.back]]), .read(Self.port, "disable"),
        ])
        #expect(answers == ["switched", "1", "1", "unobserved", "switched", "0"].map(ProbeAnswer.text))
    }

    @Test func aHubThatOnlySaysSoIsFoundOut() throws {
        // The device stays; or it is gone, and back a moment later.
        #expect(try Self.run([Self.off()]) == [.text("ignoredByHub")])
        let returns: [Int: [ProbeCommand]] = [1: [.remove(Self.camera)], 7: [Self.back]]
        #expect(try Self.run([Self.off(meanwhile: returns)]) == [.text("ignoredByHub")])
        let late: [Int: [ProbeCommand]] = [5: [.remove(Self.camera)], 30: [Self.back]]
        #expect(try Self.run([Self.off(meanwhile: late)]) == [.text("switched")])
    }

    @Test func switchedOnButNothingComes() throws {
        let empty: ProbeCommand = .power("2-15", 2, on: true, program: nil, meanwhile: [:])
        // The kernel's attribute says what the hub says.
        let stays: [Int: [ProbeCommand]] = [1: [.set(MockUSB.hubPath + "/2-15:1.0", "2-15-port2/disable", "1")]]
        let answers = try Self.run([empty, .power("2-15", 2, on: true, program: nil, meanwhile: stays)])
        #expect(answers == [.text("unobserved"), .text("ignoredByHub")])
    }

    @Test func offAndOnAgain() throws {
        let meanwhile: [Int: [ProbeCommand]] = [1: [.remove(Self.camera)], 13: [Self.back]]
        #expect(try Self.run([.cycle("2-15", 3, meanwhile: meanwhile)]) == [.text("switched")])
        let answers = try Self.run([.cycle("2-15", 3, meanwhile: [:]), .read(Self.port, "disable")])
        #expect(answers == [.text("ignoredByHub"), .text("0")])
    }

    @Test func aKernelWithoutSwitch() throws {
        let answers = try Self.run([Self.off(), .port("2-15", 3)], hasSwitch: false)
        guard case .text(let why) = answers[0], case .text(let port) = answers[1] else {
            throw RigFailure("\(answers)")
        }
        #expect(why.hasPrefix("notSupported") && why.contains("Linux 6.0") && port.hasSuffix("no switch"))
    }

    @Test func aSocketThatIsSwitchedByHalfIsPutBack() throws {
        let dock = Self.dock(otherHasSwitch: false)
        let answers = try MockMachine.run(dock + [Self.off(), .read(Self.port, "disable")]).suffix(2)
        guard case .text(let why) = answers.first else { throw RigFailure("\(answers)") }
        #expect(why.hasPrefix("notSupported") && answers.last == .text("0"))
    }

    @Test func aHubThatCannotBeAskedIsWatched() throws {
        // Its node is there, and answers no request.
        var dock = Self.dock()
        dock.append(.set(MockUSB.hubPath, "busnum", "2"))
        dock.append(.set(MockUSB.hubPath, "devnum", "3"))
        dock.append(.add("P: /devices/virtual/usb-node\nN: bus/usb/002/003\nE: SUBSYSTEM=misc\nA: x=1\n"))
        let answers = try MockMachine.run(dock + [.port("2-15", 3), Self.off()]).suffix(2)
        guard case .text(let port) = answers.first else { throw RigFailure("\(answers)") }
        #expect(port.hasSuffix(" switch") && answers.last == .text("ignoredByHub"))
    }

    @Test func aPortThatIsGone() throws {
        let answers = try Self.run([.remove(MockUSB.hubPath), Self.off(), .port("2-15", 3), .portOf(Self.camera)])
        #expect(answers.dropFirst() == [.nothing, .nothing, .nothing])
    }

    @Test func uhubctlIsGivenTheLocationAndNotBelieved() throws {
        let folder = try TemporaryFolder()
        let program = try folder.write(
            "#!/bin/sh\necho \"$@\" >> \(folder.path)/calls\necho 'New status for hub 2-15: off'\n".utf8, to: "uhubctl")
        chmod(program, 0o755)
        #expect(try Self.run([Self.off(program: program)]) == [.text("ignoredByHub")])
        let leaves: [Int: [ProbeCommand]] = [1: [.remove(Self.camera)]]
        #expect(try Self.run([Self.off(program: program, meanwhile: leaves)]) == [.text("switched")])
        let calls = try String(contentsOfFile: folder.at("calls"), encoding: .utf8)
        #expect(calls == "-l 2-15 -p 3 -a off\n-l 2-15 -p 3 -a off\n")
    }

    @Test func uhubctlThatRefusesOrIsMissing() throws {
        let folder = try TemporaryFolder()
        let program = try folder.write(
            "#!/bin/sh\necho 'No compatible devices\u{1b}[31m' >&2; exit 1\n".utf8, to: "uhubctl")
        chmod(program, 0o755)
        let answers = try Self.run([Self.off(program: program), Self.off(program: folder.at("none"))])
        guard case .text(let refused) = answers[0], case .text(let missing) = answers[1] else {
            throw RigFailure("\(answers)")
        }
        #expect(refused.hasPrefix("notSupported") && refused.contains("No compatible devices\u{fffd}[31m"))
        #expect(missing.contains("not installed"))
    }
}

@Suite("Orders to a device")
struct USBDeviceTests {
    @Test func aResetIsAuthorisationTakenAndGiven() throws {
        let place = DeviceScannerTests.place
        let answers = try MockMachine.run(
            MockUSB.dock + DeviceScannerTests.camera().commands + [
                .reset(place), .read(place, "authorized"), .remove(place + "/2-15.3:1.0"), .reset(place),
                .reset(MockUSB.hubPath), .reset(place + "/gone"), .reset("/etc/passwd"),
            ]
        ).suffix(7)
        #expect(Array(answers.prefix(4)) == [.text("true"), .text("1"), .done, .text("false")])
        let codes = answers.dropFirst(4).map { if case .failure(let code, _) = $0 { code } else { "\($0)" } }
        #expect(codes == ["refused", "disconnected", "disconnected"])
    }
}
