import DockCore
import Testing

@testable import DockConfig

/// Bays, dockings, cameras, erase, charging and the agent's folder.
@Suite struct DockSectionTests {
    typealias Slip = ConfigurationFileTests.Slip

    private static func read(_ text: String) -> Result<Configuration, ConfigurationMistakes> {
        Fixture.read((Fixture.minimal + "\n" + text).utf8)
    }

    @Test func whatIsLeftOutHasTheDefaultsOfItsValues() throws {
        let configuration = try Self.read("").get()
        #expect(configuration.bays == [] && configuration.cameras == [])
        #expect(configuration.docking == DockingSettings() && configuration.erase == ErasePolicy())
        #expect(configuration.charging == ChargingSettings() && configuration.agent == AgentSettings())
        #expect(
            try Self.read("docking: {}\nerase:\ncharging: {}\nagent: {}\nbays: []\ncameras: []").get() == configuration)
    }

    @Test func everyKeyIsRead() throws {
        let text = """
            bays:
              - name: A1
                port: pci-0000:00:14.0-usb-0:3.2
                lights: {busy: 'dock:red:1', ready: 'dock:red:1', attention: led0}
              - {name: B_2, port: [platform-xhci-hcd.0.auto-usb-0:1, pci-0000:00:14.0-usbv3-0:9.1.4]}
            docking:
              at_once: 64
              come_back: 10min
              stall_after: 5s
              retry_after: 1h
              usb_models: [46f4:0001, "0781:55AB"]
              only_registered: true
            cameras:
              - {serial: A, usb: 0781:55ab, usb_serial: "Ä 1/2", wearer: "004711", needed_at: 07:05}
              - {serial: B, public_key: \(String(repeating: "0a", count: 32)), needed_at: "00:00"}
              - serial: C
            erase: {quick: discard, deep: discard, window: 22:30-00:00}
            charging: {power: port, at_once: 1, power_cycles: 0}
            agent: {runtime: /run/dock/}
            """
        let configuration = try Self.read(text).get()
        let ports = try [
            "pci-0000:00:14.0-usb-0:3.2", "platform-xhci-hcd.0.auto-usb-0:1", "pci-0000:00:14.0-usb-0:9.1.4",
        ]
        .map { try #require(PortPath($0)) }
        #expect(
            configuration.bays == [
                BaySettings(
                    name: "A1", ports: [ports[0]],
                    lights: BayLights(busy: "dock:red:1", ready: "dock:red:1", attention: "led0")),
                BaySettings(name: "B_2", ports: [ports[1], ports[2]]),
            ])
        let models = [USBModel(vendor: 0x46f4, product: 1), USBModel(vendor: 0x781, product: 0x55ab)]
        #expect(
            configuration.docking
                == DockingSettings(
                    atOnce: 64, comeBack: 600, stallAfter: 5, retryAfter: 3600, usbModels: models, onlyRegistered: true)
        )
        #expect(
            configuration.cameras == [
                RegisteredCamera(serial: "A", usb: models[1], usbSerial: "Ä 1/2", wearer: "004711", neededAt: 425),
                RegisteredCamera(serial: "B", publicKey: [UInt8](repeating: 10, count: 32), neededAt: 0),
                RegisteredCamera(serial: "C"),
            ], "in the order of the file")
        #expect(
            configuration.erase
                == ErasePolicy(quick: .discard, deep: .discard, window: DailyWindow(from: 1350, until: 0)))
        #expect(configuration.charging == ChargingSettings(power: .port, atOnce: 1, powerCycles: 0))
        #expect(configuration.agent.socket == "/run/dock/control.socket")
    }

    @Test func wordsStandForNoNumberAndNoErase() throws {
        #expect(try Self.read("erase: {deep: never}").get().erase.deep == nil)
        #expect(try Self.read("erase: {quick: overwrite}").get().erase.deep == .overwrite)
        #expect(try Self.read("charging: {at_once: all}").get().charging.atOnce == nil)
        #expect(try Self.read("charging: {power: uhubctl, at_once: all}").get().charging.atOnce == nil)
        #expect(try Self.read("charging: {power: none, power_cycles: 5}").get().charging.powerCycles == 5)
    }

    static let port = "a USB port as udev's ID_PATH names it, such as pci-0000:00:14.0-usb-0:3.2"
    static let led = "the name of a light in /sys/class/leds: 1 to 63 of A-Z a-z 0-9 : . _ -"
    static let model = "a USB vendor and product as lsusb shows them, such as 46f4:0001"
    static let duration = "a duration with its unit, such as '30s', '1h 30m' or '28d'"
    static let time = "a time of day by the dock's clock, '00:00' to '23:59'"
    static let window = "a stretch of the day by the dock's clock such as '01:00-05:00'; it may go over midnight"
    static let usb = "pci-0000:00:14.0-usb-0:"

    /// A line behind the smallest file, and exactly what is said about it.
    @Test(arguments: [
        // Bays.
        ("bays: {name: A}", ["10:7: 'bays' is a mapping; allowed: a list of '- key: value' items"]),
        ("bays: [A]", ["10:8: 'bays' is 'A'; allowed: keys with values"]),
        (
            "bays: [{}]",
            [
                "10:8: 'bays.name' is missing; allowed: \(ConfigurationFileTests.name)",
                "10:8: 'bays.port' is missing; allowed: \(port)",
            ]
        ),
        (
            "bays: [{name: A 1, port: \(usb)1}]",
            ["10:15: 'bays.name' is 'A 1'; allowed: \(ConfigurationFileTests.name)"]
        ),
        (
            "bays: [{name: A, port: []}]",
            ["10:24: 'bays.port' is an empty list; allowed: a list such as [a, b] of: \(port)"]
        ),
        ("bays: [{name: A, port: {}}]", ["10:24: 'bays.port' is a mapping; allowed: \(port)"]),
        ("bays: [{name: A, port: 'a/b'}]", ["10:24: 'bays.port' is 'a/b'; allowed: \(port)"]),
        (
            "bays: [{name: A, port: [1-3.2]}]",
            ["10:25: 'bays.port' is '1-3.2': it does not lead over USB; allowed: \(port)"]
        ),
        (
            "bays: [{name: A, port: '\(usb)3.2:1.0-scsi-0:0:0:0'}]",
            [
                "10:24: 'bays.port' is '\(usb)3.2:1.0-scsi-0:0:0:0': it goes on behind the port, which is '\(usb)3.2'; "
                    + "allowed: \(port)"
            ]
        ),
        (
            "bays: [{name: A, port: [\(usb)1, \(usb)1]}]",
            ["10:51: 'bays.port' has '\(usb)1' twice; allowed: once"]
        ),
        (
            "bays: [{name: A, port: \(usb)1}, {name: a, port: \(usb)2}]",
            ["10:58: a second bay is named 'A'; allowed: a name of its own, whatever its case"]
        ),
        (
            "bays: [{name: A, port: \(usb)1}, {name: B, port: [\(usb)2, \(usb)1]}]",
            ["10:94: the port '\(usb)1' belongs to the bay 'A' already; allowed: one bay for each port"]
        ),
        (
            "bays: [{port: \(usb)1}, {name: B, port: \(usb)1}]",
            [
                "10:8: 'bays.name' is missing; allowed: \(ConfigurationFileTests.name)",
                "10:58: the port '\(usb)1' belongs to the bay in line 10 already; allowed: one bay for each port",
            ]
        ),
        (
            "bays: [{name: A, port: \(usb)1, lights: {bussy: x}}]",
            ["10:59: unknown key 'bussy' in 'bays.lights'; did you mean 'busy'? allowed: busy, ready, attention"]
        ),
        (
            "bays: [{name: A, port: \(usb)1, lights: {busy: a b, ready: '..', attention: ''}}]",
            [
                "10:65: 'bays.lights.busy' is 'a b'; allowed: \(led)",
                "10:77: 'bays.lights.ready' is '..'; allowed: \(led)",
                "10:94: 'bays.lights.attention' is ''; allowed: \(led)",
            ]
        ),
        (
            "bays: [{name: A, port: \(usb)1, lights: {busy: x}}, {name: B, port: \(usb)2, lights: {ready: x}}]",
            ["10:128: the light 'x' belongs to the bay 'A' already; allowed: a light shows one bay"]
        ),
        // Dockings.
        ("docking: {at_once: 0}", ["10:20: 'docking.at_once' is '0'; allowed: a whole number, 1 to 64"]),
        ("docking: {at_once: 65}", ["10:20: 'docking.at_once' is '65'; allowed: a whole number, 1 to 64"]),
        ("docking: {at_once: all}", ["10:20: 'docking.at_once' is 'all'; allowed: a whole number, 1 to 64"]),
        ("docking: {come_back: 15}", ["10:22: 'docking.come_back' is '15'; allowed: \(duration), 1s to 10min"]),
        ("docking: {come_back: 999ms}", ["10:22: 'docking.come_back' is '999ms'; allowed: \(duration), 1s to 10min"]),
        ("docking: {come_back: 601s}", ["10:22: 'docking.come_back' is '601s'; allowed: \(duration), 1s to 10min"]),
        ("docking: {stall_after: 4s}", ["10:24: 'docking.stall_after' is '4s'; allowed: \(duration), 5s to 1h"]),
        ("docking: {stall_after: 61min}", ["10:24: 'docking.stall_after' is '61min'; allowed: \(duration), 5s to 1h"]),
        ("docking: {retry_after: 0s}", ["10:24: 'docking.retry_after' is '0s'; allowed: \(duration), 1s to 1h"]),
        ("docking: {retry_after: 2h}", ["10:24: 'docking.retry_after' is '2h'; allowed: \(duration), 1s to 1h"]),
        (
            "docking: {usb_models: 46f4:0001}",
            ["10:23: 'docking.usb_models' is '46f4:0001'; allowed: a list such as [a, b] of: \(model)"]
        ),
        (
            "docking: {usb_models: [46f4:1, 0x46f4, '46f40001']}",
            [
                "10:24: 'docking.usb_models' is '46f4:1'; allowed: \(model)",
                "10:32: 'docking.usb_models' is '0x46f4'; allowed: \(model)",
                "10:40: 'docking.usb_models' is '46f40001'; allowed: \(model)",
            ]
        ),
        (
            "docking: {usb_models: ['46f4:000a', '46F4:000A']}",
            ["10:37: 'docking.usb_models' has '46F4:000A' twice; allowed: once"]
        ),
        (
            "docking: {only_registered: true}",
            [
                "10:28: 'docking.only_registered' lets no camera in, because none is listed; allowed: false, or the cameras in "
                    + "'cameras'"
            ]
        ),
        ("docking: {only_registered: yes}", ["10:28: 'docking.only_registered' is 'yes'; allowed: true, false"]),
        (
            "docking: {only_registered: true}\ncameras: [{serial: A, usb: x}]",
            ["11:28: 'cameras.usb' is 'x'; allowed: \(model)"]
        ),
        (
            "docking: {at-once: 1}",
            [
                "10:11: unknown key 'at-once' in 'docking'; did you mean 'at_once'? allowed: at_once, come_back, stall_after, "
                    + "retry_after, usb_models, only_registered"
            ]
        ),
        // Cameras.
        (
            "cameras: [{public_key: AAAA}]",
            [
                "10:11: 'cameras.serial' is missing; allowed: \(ConfigurationFileTests.name)",
                "10:24: 'cameras.public_key' is 'AAAA'; allowed: an Ed25519 public key: 'ssh-ed25519 AAAA…', 64 hexadecimal "
                    + "digits, or 32 bytes in Base64",
            ]
        ),
        (
            "cameras: [{serial: A}, {serial: a, wearer: 1}]",
            ["10:33: the camera 'A' stands here twice; allowed: once"]
        ),
        (
            "cameras: [{serial: A, usb_serial: ''}]",
            ["10:35: 'cameras.usb_serial' is ''; allowed: 1 to 126 printable characters"]
        ),
        (
            #"cameras: [{serial: A, usb_serial: "a\tb"}]"#,
            [#"10:35: 'cameras.usb_serial' is 'a\u{9}b'; allowed: 1 to 126 printable characters"#]
        ),
        (
            "cameras: [{serial: A, wearer: Jo Doe}]",
            ["10:31: 'cameras.wearer' is 'Jo Doe'; allowed: \(ConfigurationFileTests.name)"]
        ),
        ("cameras: [{serial: A, needed_at: 7:30}]", ["10:34: 'cameras.needed_at' is '7:30'; allowed: \(time)"]),
        ("cameras: [{serial: A, needed_at: '24:00'}]", ["10:34: 'cameras.needed_at' is '24:00'; allowed: \(time)"]),
        (
            "docking: {usb_models: ['46f4:0001', '46f4:0002']}\ncameras: [{serial: A, usb: '46f4:0003'}]",
            ["11:28: 'docking.usb_models' does not let '46f4:0003' in; allowed: one of its models"]
        ),
        // Erase.
        ("erase: {quick: never}", ["10:16: 'erase.quick' is 'never'; allowed: delete, discard, overwrite"]),
        (
            "erase: {deep: delete}",
            [
                "10:15: 'erase.deep' is 'delete': the bytes would stay on the medium, which a deep erase is there to prevent; "
                    + "allowed: discard, overwrite, never"
            ]
        ),
        ("erase: {deep: zero}", ["10:15: 'erase.deep' is 'zero'; allowed: discard, overwrite, never"]),
        ("erase: {window: 1:00-5:00}", ["10:17: 'erase.window' is '1:00-5:00'; allowed: \(window)"]),
        ("erase: {window: '01:00'}", ["10:17: 'erase.window' is '01:00'; allowed: \(window)"]),
        // Charging.
        ("charging: {power: usb}", ["10:19: 'charging.power' is 'usb'; allowed: none, port, uhubctl"]),
        (
            "charging: {at_once: 4}",
            [
                "10:21: 'charging.at_once' needs ports whose power can be switched; allowed: all, or another 'charging.power' than "
                    + "none"
            ]
        ),
        ("charging: {at_once: 4, power: usb}", ["10:31: 'charging.power' is 'usb'; allowed: none, port, uhubctl"]),
        (
            "charging: {power: port, at_once: 257}",
            ["10:34: 'charging.at_once' is '257'; allowed: all, or a whole number, 1 to 256"]
        ),
        (
            "charging: {power: port, at_once: 0, power_cycles: 6}",
            [
                "10:34: 'charging.at_once' is '0'; allowed: all, or a whole number, 1 to 256",
                "10:51: 'charging.power_cycles' is '6'; allowed: a whole number, 0 to 5",
            ]
        ),
        ("charging: {power_cycles: -1}", ["10:26: 'charging.power_cycles' is '-1'; allowed: a whole number, 0 to 5"]),
        // The agent.
        (
            "agent: {runtime: run}",
            ["10:18: 'agent.runtime' is 'run'; allowed: \(ConfigurationFileTests.path), at most 92 bytes"]
        ),
        (
            "agent: {runtime: /}",
            [
                "10:18: 'agent.runtime' is '/': the root is no folder of its own; allowed: \(ConfigurationFileTests.path), at "
                    + "most 92 bytes"
            ]
        ),
        (
            "agent: {runtime: /var/lib/bodydock/}",
            ["10:18: this is the dock's own state or spool; allowed: a folder of its own"]
        ),
        (
            "agent: {runtime: /var/lib/bodydock/spool/run}",
            ["10:18: this is the dock's own state or spool; allowed: a folder of its own"]
        ),
    ])
    func eachMistakeIsNamedWithItsPlace(text: String, says: [String]) {
        #expect(Self.read(text).lines == says)
    }

    @Test func theMistakesOfAllPartsComeAtOnce() {
        let text = """
            bays: [{name: A}]
            docking: {at_once: x, only_registered: true}
            erase: {quick: x, deep: delete, window: x}
            charging: {power_cycles: x, at_once: 2}
            agent: {runtime: x}
            """
        let places = Self.read(text).mistakes.map { [$0.place?.line, $0.place?.column] }
        #expect(
            places == [
                [10, 8], [11, 20], [11, 40], [12, 16], [12, 25], [12, 41], [13, 26], [13, 38], [14, 18],
            ])
    }

    @Test func aDockHasAsManyBaysAsOnePersonCanWatch() throws {
        func bays(_ count: Int) -> String {
            "bays:\n" + (1...count).map { "  - {name: b\($0), port: \(Self.usb)\($0)}\n" }.joined()
        }
        #expect(try Self.read(bays(256)).get().bays.count == 256)
        #expect(Self.read(bays(257)).lines == ["11:3: 'bays' has 257 bays; allowed: at most 256"])
    }

    @Test func aRuntimeFolderLeavesRoomForItsSocket() throws {
        let longest = "/" + String(repeating: "r", count: 91)
        #expect(try Self.read("agent: {runtime: \(longest)}").get().agent.socket.utf8.count == 107)
        #expect(
            Self.read("agent: {runtime: \(longest)r}").lines.first?.contains(
                "with '/control.socket' it is too long for the name of a socket") == true)
    }
}
