import DockConfig
import DockTestSupport
import Foundation
import Testing

@testable import DockAgent
@testable import DockCore

/// What an agent that is started anew knows of the cameras in its bays.
@Suite struct HeritageTests {
    private func resources(_ bench: CardDock) throws -> DockResources {
        let configuration = try ConfigurationFile.read(bench.dock.configuration) { _ in nil }
        return try DockResources(
            configuration: configuration,
            profiles: ProfileLibrary.load(
                folders: [
                    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                        .appendingPathComponent("../../config/profiles").standardizedFileURL.path
                ]))
    }

    /// The device as it shows after the eject: its disk is there, without a medium.
    private func ejected(serial: String) throws -> DeviceFacts {
        let port = try #require(PortPath("pci-0000:00:05.0-usb-0:1"))
        return DeviceFacts(
            path: "/devices/usb1/1-1", port: port,
            usb: USBIdentity(model: USBModel(vendor: 0x46f4, product: 1), serial: serial),
            interfaces: [USBInterface(kind: 8, subclass: 6, proto: 0x50)],
            disks: [
                DiskFacts(
                    name: "sda", sequence: 7, bytes: 0, isReadOnly: false,
                    whole: VolumeFacts(node: "/dev/sda", number: 0x800, bytes: 0), partitions: [], isSettled: true)
            ])
    }

    private func states(_ heritage: BayHeritage, _ bench: CardDock, serial: String) throws -> [BayStatus.State] {
        var configuration = try ConfigurationFile.read(bench.dock.configuration) { _ in nil }
        configuration.bays = [BaySettings(name: "1", ports: [try #require(PortPath("pci-0000:00:05.0-usb-0:1"))])]
        var bays = Bays(configuration, at: Instant(seconds: 1000))
        bays.inherit(heritage)
        _ = bays.handle(.devices([try ejected(serial: serial)]), at: Instant(seconds: 1000), minute: 720)
        return bays.status(at: Instant(seconds: 1000)).map(\.state)
    }

    @Test func aCameraThatWasReleasedIsShownSoAfterARestart() throws {
        let bench = try CardDock(erase: "{quick: delete, deep: overwrite}")
        #expect(try bench.run().contains("docked emptied"))
        let heritage = try Heritage.read(resources(bench), now: Instant(seconds: 1000))
        #expect(heritage.open.isEmpty && heritage.until == nil)
        let released = try #require(heritage.released["1"])
        #expect(released.camera.camera == "BWC0042" && released.camera.wearer == "004711" && released.needsDeepErase)
        #expect(try [[.ready], [.charging]].contains(states(heritage, bench, serial: "USB-1")))
        #expect(try ![[.ready], [.charging]].contains(states(heritage, bench, serial: "USB-2")), "another camera")
    }

    @Test func afterTheDeepEraseNoOtherIsDue() throws {
        let bench = try CardDock(erase: "{quick: delete, deep: overwrite}")
        #expect(try bench.run().contains("docked emptied"))
        bench.replug()
        #expect(try bench.run("deep").contains("docked emptied"))
        let heritage = try Heritage.read(resources(bench), now: Instant(seconds: 1000))
        #expect(heritage.released["1"]?.needsDeepErase == false)
    }

    @Test func aDockingThatPausedIsWaitedFor() throws {
        let bench = try CardDock()
        try FileManager.default.moveItem(atPath: bench.dock.vault, toPath: bench.dock.vault + ".away")
        #expect(try bench.run().contains("docked incomplete"))
        let heritage = try Heritage.read(resources(bench), now: Instant(seconds: 1000))
        #expect(heritage.open.map(\.camera) == ["BWC0042"] && heritage.released.isEmpty)
        #expect(heritage.until.map { $0 > Instant(seconds: 1000) } == true)
    }
}
