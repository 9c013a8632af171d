import DockTestSupport
import Foundation
import Testing

@testable import DockDevices

@Suite("Lamps")
struct LightTests {
    static let place = "/devices/platform/leds/leds/dock:green:bay1"

    static func run(_ commands: [ProbeCommand], attributes: [String]) throws -> [ProbeAnswer] {
        let text = (["P: " + place, "E: SUBSYSTEM=leds"] + attributes.map { "A: \($0)\\n" }).joined(separator: "\n")
        return try MockMachine.run([.add(text + "\n")] + commands).suffix(commands.count)
    }

    @Test func onOffAndBlinking() throws {
        let attributes = ["brightness=0", "max_brightness=15", "trigger=[none] timer", "delay_on=500", "delay_off=500"]
        let name = "dock:green:bay1"
        let state = ["brightness", "trigger", "delay_on", "delay_off"].map { ProbeCommand.read(Self.place, $0) }
        let answers = try Self.run(
            [.light(name, on: 1, off: nil)] + state + [.light(name, on: 100, off: 900)] + state
                + [.light(name, on: nil, off: nil)] + state + [.light(name, on: -1, off: .max)] + state,
            attributes: attributes)
        #expect(
            answers == [
                .done, .text("15"), .text("none"), .text("500\n"), .text("500\n"),
                .done, .text("15"), .text("timer"), .text("100"), .text("900"),
                .done, .text("0"), .text("none"), .text("100"), .text("900"),
                .done, .text("15"), .text("timer"), .text("1"), .text("60000"),
            ])
    }

    @Test func aLampWithoutTriggersCanBeSteadyOnly() throws {
        let answers = try Self.run(
            [
                .light("dock:green:bay1", on: 1, off: nil), .read(Self.place, "brightness"),
                .light("dock:green:bay1", on: 5, off: 5),
            ], attributes: ["brightness=0", "max_brightness=1"])
        #expect(Array(answers.prefix(2)) == [.done, .text("1")])
        guard case .failure(let code, let text) = answers[2] else { throw RigFailure("\(answers)") }
        #expect(code == "notFound" && text.contains("ledtrig-timer"))
    }

    @Test(arguments: [
        ("nothing", "notFound"), ("", "malformed"), ("..", "malformed"), (".", "malformed"),
        ("../leds/dock:green:bay1", "malformed"), ("a b", "malformed"), ("a\nb", "malformed"), ("a\u{0}b", "malformed"),
        (String(repeating: "x", count: 5000), "malformed"),
    ])
    func namesThatAreNone(_ name: String, _ expected: String) throws {
        let answers = try Self.run([.light(name, on: nil, off: nil)], attributes: ["brightness=0"])
        guard case .failure(let code, let text) = answers[0] else { throw RigFailure("\(answers)") }
        #expect(code == expected && !text.contains("\n"))
    }
}

@Suite("Batteries")
struct PowerSupplyTests {
    static func supply(_ path: String, _ attributes: [String]) -> ProbeCommand {
        .add(
            (["P: " + path, "E: SUBSYSTEM=power_supply"] + attributes.map { "A: \($0)\\n" }).joined(separator: "\n")
                + "\n")
    }

    @Test func theBatteryOfADeviceAndByName() throws {
        let place = DeviceScannerTests.place
        let interface = place + "/2-15.3:1.0"
        let answers = try MockMachine.run(
            MockUSB.dock + DeviceScannerTests.camera().commands + [
                Self.supply("/devices/LNXSYSTM:00/AC/power_supply/AC", ["type=Mains", "online=1"]),
                Self.supply(
                    "/devices/LNXSYSTM:00/BAT/power_supply/BAT0", ["type=Battery", "capacity=250", "status=Singing"]),
                Self.supply(
                    interface + "/power_supply/cam", ["type=Battery", "capacity=57", "status=Not charging"]),
                Self.supply("/devices/x/power_supply/mute", ["type=Battery", "status=Full"]),
                .battery(below: place, named: nil), .battery(below: nil, named: "BAT0"),
                .battery(below: MockUSB.hubPath + "/2-15.4", named: nil), .battery(below: nil, named: "AC"),
                .battery(below: nil, named: "mute"), .battery(below: nil, named: "../x"),
                .battery(below: "nonsense", named: nil),
            ]
        ).suffix(7)
        #expect(Array(answers.prefix(2)) == [.text("cam 57 Not charging"), .text("BAT0 100 Unknown")])
        #expect(answers.dropFirst(2).allSatisfy { $0 == .nothing })
    }
}
