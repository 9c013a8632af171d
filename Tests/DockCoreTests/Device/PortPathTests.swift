import Testing

@testable import DockCore

@Suite struct PortPathTests {
    @Test func thePortOfADeviceIsTheSameForAllItsInterfacesAndDisks() {
        for path in [
            "pci-0000:00:14.0-usb-0:3.2", "pci-0000:00:14.0-usb-0:3.2:1.0",
            "pci-0000:00:14.0-usb-0:3.2:1.0-scsi-0:0:0:0",
            "pci-0000:00:14.0-usb-0:3.2:1.0-scsi-0:0:0:0-part1", "pci-0000:00:14.0-usbv2-0:3.2:1.0-scsi-0:0:0:0",
            "pci-0000:00:14.0-usbv3-0:3.2:1.0", "pci-0000:00:14.0-usb-0:3.2-scsi-0:0:0:0",
        ] {
            #expect(PortPath(idPath: path)?.text == "pci-0000:00:14.0-usb-0:3.2", "\(path)")
        }
    }

    @Test func hubsBehindHubsAreAllInThePath() {
        #expect(PortPath(idPath: "pci-0000:00:05.0-usb-0:1.4.2.7.3:1.0")?.text == "pci-0000:00:05.0-usb-0:1.4.2.7.3")
        #expect(
            PortPath(idPath: "pci-0000:00:05.0-usb-0:1.4:1.0") != PortPath(idPath: "pci-0000:00:05.0-usb-0:1.4.2:1.0"))
        #expect(
            PortPath(idPath: "pci-0000:00:05.0-usb-0:1.4:1.0") != PortPath(idPath: "pci-0000:00:06.0-usb-0:1.4:1.0"))
        #expect(
            PortPath(idPath: "pci-0000:00:05.0-usb-0:1.4:1.0") != PortPath(idPath: "pci-0000:00:05.0-usb-1:1.4:1.0"))
    }

    @Test func theLastBusInThePathIsTheOneThatCounts() {
        let path = "platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2:1.0-usb-0:4.1:1.0-scsi-0:0:0:0"
        #expect(PortPath(idPath: path)?.text == "platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2:1.0-usb-0:4.1")
        #expect(PortPath(idPath: "pci-0000:00:1d.0-pci-0000:02:00.0-usb-0:2:1.0")?.text.hasSuffix("-usb-0:2") == true)
    }

    @Test func whatDoesNotLeadOverUSBIsNoPort() {
        for path in [
            "", "pci-0000:00:1f.2-ata-1", "usb-0:1", "pci-0000:00:14.0-usb-", "pci-0000:00:14.0-usb-0",
            "pci-0000:00:14.0-usb-0:", "pci-0000:00:14.0-usb-:3", "pci-0000:00:14.0-usb-0::1.0", "pci-usb0:1",
        ] {
            #expect(PortPath(idPath: path) == nil, "\(path)")
        }
    }

    @Test func aConfigurationMayNameEitherHalf() {
        let port = PortPath("pci-0000:00:14.0-usb-0:3.2")
        #expect(port != nil)
        #expect(PortPath("pci-0000:00:14.0-usbv2-0:3.2") == port)
        #expect(PortPath("pci-0000:00:14.0-usbv3-0:3.2") == port)
        #expect(port?.description == "pci-0000:00:14.0-usb-0:3.2")
    }

    @Test func hostileTextIsNoPort() {
        for text in [
            "", "a b", "a/b", "../../etc", "a\nb", "a\0b", "é", "a;b", "$(x)", String(repeating: "a", count: 201),
            "pci-0000:00:14.0-usb-0:3/2", "pci-0000:00:14.0-usb-0:3\u{0}",
        ] {
            #expect(PortPath(text) == nil)
            #expect(PortPath(idPath: "pci-0000:00:14.0-usb-0:\(text)x/:1.0") == nil, "\(text)")
        }
        #expect(PortPath(String(repeating: "a", count: 200)) != nil)
        #expect(PortPath(idPath: String(repeating: "-usb-", count: 10_000)) == nil)
        #expect(PortPath(idPath: String(repeating: "x", count: 300) + "-usb-0:1:1.0") == nil, "too long")
    }
}
