import DockCore
import Testing

@testable import DockConfig

@Suite struct DockRuleTests {
    private func read<Value>(_ rule: Rule<Value>, _ text: String) -> Value? {
        switch rule.read(text) {
        case .success(let value): value
        case .failure: nil
        }
    }

    @Test(
        arguments: [
            ("00:00", 0), ("07:30", 450), ("23:59", 1439), ("24:00", nil), ("23:60", nil), ("7:30", nil),
            ("07.30", nil),
            ("0730", nil),
            ("07:30 ", nil), ("+7:30", nil), ("07:3", nil), ("07:30:00", nil), ("٠٧:٣٠", nil), ("", nil),
            ("-1:00", nil),
        ] as [(String, Int?)])
    func timesOfDayAreRead(text: String, minute: Int?) {
        #expect(read(.timeOfDay, text) == minute)
    }

    @Test(
        arguments: [
            ("01:00-05:00", DailyWindow(from: 60, until: 300)), ("22:00-04:30", DailyWindow(from: 1320, until: 270)),
            ("00:00-00:00", DailyWindow(from: 0, until: 0)), ("01:00", nil), ("01:00-", nil), ("-05:00", nil),
            ("01:00-05:00-06:00", nil), ("01:00 - 05:00", nil), ("01:00-24:00", nil), ("1:00-5:00", nil), ("", nil),
            ("01:00–05:00", nil),
        ] as [(String, DailyWindow?)])
    func windowsAreRead(text: String, window: DailyWindow?) {
        #expect(read(.window, text) == window)
    }

    @Test(
        arguments: [
            ("pci-0000:00:14.0-usb-0:3.2", "pci-0000:00:14.0-usb-0:3.2"),
            ("pci-0000:00:14.0-usbv2-0:3.2", "pci-0000:00:14.0-usb-0:3.2"),
            ("platform-3f980000.usb-usb-0:1.2", "platform-3f980000.usb-usb-0:1.2"),
            ("platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.3", "platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.3"),
            ("usb-0:3.2", nil), ("1-3.2", nil), ("/dev/sda", nil), ("pci-0000:00:14.0", nil), ("", nil),
            ("pci-0000:00:14.0-usb-0", nil), ("pci-0000:00:14.0-usb-0:", nil), ("pci-0000:00:14.0-usb-0:3.2:1.0", nil),
            ("pci-0000:00:14.0-usb-0:3.2-scsi", nil), ("pci-0000:00:14.0-usb-0:3 2", nil),
            ("pci-" + String(repeating: "a", count: 200) + "-usb-0:1", nil),
        ] as [(String, String?)])
    func portsAreRead(text: String, port: String?) {
        #expect(read(.port, text)?.text == port)
    }

    @Test(
        arguments: [
            ("46f4:0001", "46f4:0001"), ("FFFF:00aB", "ffff:00ab"), ("46f4-0001", nil), ("46f4:001", nil),
            ("46f4:00001", nil),
            ("46f4:0001:1", nil), ("46g4:0001", nil), ("+6f4:0001", nil), (" 46f4:0001", nil), (":", nil), ("", nil),
            ("４６f4:0001", nil),
        ] as [(String, String?)])
    func modelsAreRead(text: String, model: String?) {
        #expect(read(.usbModel, text)?.description == model)
    }

    @Test(
        arguments: [
            ("0", true), ("SN 00/42", true), ("Ünïcode", true), (String(repeating: "x", count: 126), true),
            (String(repeating: "x", count: 127), false), (String(repeating: "😀", count: 63), true),
            (String(repeating: "😀", count: 64), false), ("", false), ("a\nb", false), ("a\u{200e}b", false),
            ("a\u{2028}b", false),
        ])
    func serialNumbersAreOfPrintableCharacters(text: String, isAllowed: Bool) {
        #expect((read(.usbSerial, text) == text) == isAllowed)
    }

    @Test(
        arguments: [
            ("led0", true), ("dock:red:a1-b_2.c", true), (String(repeating: "l", count: 63), true),
            (String(repeating: "l", count: 64), false), ("", false), (".", false), ("..", false), ("...", true),
            ("a/b", false),
            ("../x", false), ("a b", false), ("ä", false), ("a\n", false),
        ])
    func lightsAreNamesAndNeverPaths(text: String, isAllowed: Bool) {
        #expect((read(.led, text) == text) == isAllowed)
    }

    @Test func eachEraseMethodIsAllowedWhereItMakesSense() {
        #expect(
            EraseMethod.allCases.map { read(Rule<EraseMethod>.nightly, $0.rawValue) } == [nil, .discard, .overwrite])
        #expect(read(Rule<EraseMethod>.nightly, "never") == nil)
        #expect(read(Rule<EraseMethod?>.nightlyOrNever, "never") == .some(nil))
        #expect(read(Rule<EraseMethod?>.nightlyOrNever, "delete") == .none)
    }
}
