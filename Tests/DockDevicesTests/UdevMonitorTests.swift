import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockDevices

@Suite("What udev says")
struct UdevMonitorTests {
    @Test func aPlugAndAnUnplugAreHeard() throws {
        let place = DeviceScannerTests.place
        let camera = DeviceScannerTests.camera()
        let disk = place + "/2-15.3:1.0/host7/target7:0:0/7:0:0:0/block/sda"
        let events = [
            (place, "add"), (place + "/2-15.3:1.0", "add"), (place, "bind"), (disk, "add"), (disk + "/sda1", "add"),
            (disk, "change"), (disk, "offline"),
        ]
        let removals = [disk + "/sda1", disk, place].map { ProbeCommand.event(path: $0, action: "remove") }
        let answers = try MockMachine.run(
            MockUSB.dock + camera.commands + [.receive(5)] + events.map { .event(path: $0.0, action: $0.1) }
                + [.receive(6), .device(disk)] + removals + [.remove(place), .receive(3), .device(disk)]
        ).suffix(16)
        guard case .messages(let first) = answers.first, case .devices = answers.dropFirst(9).first else {
            throw RigFailure("\(answers)")
        }
        // As the devices are added, umockdev says so.
        #expect(first.count == 5 && first.contains("add usbDevice \(MockUSB.hubPath)"))
        // Interfaces and SCSI devices are not asked for.
        #expect(
            answers.dropFirst(8).first
                == .messages([
                    "add usbDevice \(place)", "bind usbDevice \(place)", "add disk \(disk)",
                    "add partition \(disk)/sda1", "change disk \(disk)", "other disk \(disk)",
                ]))
        // What a device was can be heard when it is long gone.
        #expect(
            Array(answers.suffix(2)) == [
                .messages(["remove partition \(disk)/sda1", "remove disk \(disk)", "remove usbDevice \(place)"]),
                .nothing,
            ])
    }

    @Test func lostEventsAreSaid() throws {
        let answers = try MockMachine.run(
            [.receive(1), .flood(2000), .receive(4000), .flood(3), .receive(3)], isMocked: false)
        #expect(answers[0] == .messages([]))
        guard case .messages(let flooded) = answers[2] else { throw RigFailure("\(answers)") }
        #expect(flooded.contains("lost") && flooded.count < 2001)
        #expect(flooded.contains("change disk /devices/flood/0"))
        // And it goes on hearing.
        #expect(answers[4] == .messages((0..<3).map { "change disk /devices/flood/\($0)" }))
    }

    @Test func eventsConcernTheirDevice() {
        let device = DeviceFacts(
            path: "/devices/usb2/2-1", port: PortPath("a-usb-0:1")!,
            usb: USBIdentity(model: USBModel(vendor: 1, product: 2)),
            interfaces: [], disks: [])
        let concerns = { UdevEvent(action: .add, kind: .disk, path: $0).concerns(device) }
        #expect(concerns("/devices/usb2/2-1") && concerns("/devices/usb2/2-1/2-1:1.0/x"))
        #expect(!concerns("/devices/usb2/2-12") && !concerns("/devices/usb2"))
    }
}
