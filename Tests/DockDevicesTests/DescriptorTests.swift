import DockCore
import Foundation
import Testing

@testable import DockDevices

/// Descriptors as a device sends them.
enum DescriptorBytes {
    static let device: [UInt8] = [18, 1, 0, 2, 0, 0, 0, 64, 0xf4, 0x46, 1, 0, 0, 1, 1, 2, 3, 1]

    /// Interface number, alternate setting, class, subclass, protocol; each with an endpoint behind it.
    static func configuration(_ value: UInt8, _ interfaces: [(UInt8, UInt8, UInt8, UInt8, UInt8)]) -> [UInt8] {
        let body = interfaces.flatMap { [9, 4, $0.0, $0.1, 1, $0.2, $0.3, $0.4, 0, 7, 5, 0x81, 2, 0, 2, 0] as [UInt8] }
        let total = body.count + 9
        return [9, 2, UInt8(total & 0xff), UInt8(total >> 8), UInt8(interfaces.count), value, 0, 0x80, 250] + body
    }

    static let storageAndKeyboard = configuration(1, [(0, 0, 8, 6, 0x50), (0, 1, 8, 6, 0x62), (1, 0, 3, 1, 1)])
}

@Suite("Descriptors of USB devices")
struct DescriptorTests {
    @Test func firstAlternatesOfAllConfigurations() {
        let bytes =
            DescriptorBytes.device + DescriptorBytes.storageAndKeyboard
            + DescriptorBytes.configuration(2, [(0, 0, 14, 1, 0)])
        let found = USBDescriptors(bytes).interfaces
        #expect(found.map(\.configuration) == [1, 1, 2] && found.map(\.number) == [0, 1, 0])
        #expect(found.map(\.interface.kind) == [8, 3, 14])
    }

    @Test func nothingThatADeviceSendsTraps() {
        let good = DescriptorBytes.device + DescriptorBytes.storageAndKeyboard
        for length in 0...good.count { _ = USBDescriptors(Array(good.prefix(length))) }
        for index in good.indices {
            for value: UInt8 in [0, 1, 2, 8, 9, 0x7f, 0xff] {
                var bytes = good
                bytes[index] = value
                _ = USBDescriptors(bytes)
            }
        }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let noise = (0..<200).map { _ in UInt8.random(in: 0...12, using: &random) }
            _ = USBDescriptors(DescriptorBytes.device + noise)
        }
        #expect(USBDescriptors([]).interfaces.isEmpty)
    }
}

@Suite("Text of devices")
struct DeviceTextTests {
    @Test func blanksAndControlCharacters() {
        #expect(DeviceText.clean(" \t CAM 1 \u{0}") == "CAM 1 \u{fffd}")
        #expect(DeviceText.clean("   ") == nil && DeviceText.clean("") == nil)
        #expect(DeviceText.clean("a\u{202e}b\u{85}c\u{2028}d") == "a\u{fffd}b\u{fffd}c\u{fffd}d")
        #expect(DeviceText.clean(String(repeating: "ä", count: 300))?.count == 256)
        #expect(DeviceText.clean("相机 📷") == "相机 📷")
    }

    @Test(arguments: [
        ("A\\x20B", "A B"), ("\\x", "\\x"), ("\\x4", "\\x4"), ("\\xzz", "\\xzz"), ("\\x5cx41", "\\x41"),
        ("\\\\x41", "\\A"),
        ("\\x+1", "\\x+1"), ("", ""), ("\\xc3\\xa4", "ä"),
    ])
    func encodedLabels(_ encoded: String, _ expected: String) { #expect(DeviceText.decode(encoded) == expected) }
}
