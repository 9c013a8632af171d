import DockTestSupport
import Foundation
import Testing

@testable import DockDevices

/// Over a made-up `/sys`: this needs a SCSI disk.
@Suite("How a disk discards")
struct ProvisionedDiskTests {
    let sysfs: TemporaryFolder
    private let number = DeviceNumber(8 << 8 | 1)

    init() throws { sysfs = try TemporaryFolder() }

    /// A disk sda with one partition, as the kernel shows both: links into the tree of devices.
    private func disk(mode: String, page: [UInt8]?) throws -> ProvisionedDisk {
        try sysfs.write(Array("1\n".utf8), to: "block/sda/sda1/partition")
        try sysfs.write(Array("\(mode)\n".utf8), to: "block/sda/device/scsi_disk/0:0:0:0/provisioning_mode")
        if let page { try sysfs.write(page, to: "block/sda/device/vpd_pgb2") }
        try sysfs.write([], to: "dev/block/readme")
        if !FileManager.default.fileExists(atPath: sysfs.at("dev/block/8:1")) {
            try FileManager.default.createSymbolicLink(
                atPath: sysfs.at("dev/block/8:1"), withDestinationPath: "../../block/sda/sda1")
        }
        return ProvisionedDisk(number, sysfs: sysfs.path)
    }

    private var mode: String {
        get throws {
            try String(
                contentsOfFile: sysfs.at("block/sda/device/scsi_disk/0:0:0:0/provisioning_mode"), encoding: .utf8)
        }
    }

    private func offers(_ disk: ProvisionedDisk) -> String {
        switch disk.offers() {
        case .success(let modes): modes.map(\.rawValue).joined(separator: " ")
        case .failure(let reason): reason.text
        }
    }

    @Test func whatTheDeviceOffersIsTried() throws {
        let unmap: [UInt8] = [0, 0xb2, 0, 4, 0, 0x80, 0, 0]
        #expect(try offers(disk(mode: "full", page: unmap)) == "unmap")
        #expect(try offers(disk(mode: "full", page: [0, 0xb2, 0, 4, 0, 0x40, 0, 0])) == "writesame_16")
        // The last is tried first.
        #expect(try offers(disk(mode: "full", page: [0, 0xb2, 0, 4, 0, 0xc0, 0, 0])) == "writesame_16 unmap")
        let disk = try disk(mode: "full", page: unmap)
        #expect(disk.set(.unmap) == nil)
        #expect(try mode.hasPrefix("unmap"))
        disk.restore()
        #expect(try mode.hasPrefix("full"))
    }

    @Test func whatItDoesNotOfferIsNot() throws {
        #expect(try offers(disk(mode: "full", page: [0, 0xb2, 0, 4, 0, 0, 0, 0])).contains("does not offer UNMAP"))
        #expect(try offers(disk(mode: "disabled", page: nil)).contains("refuses to discard"))
        for page: [UInt8] in [[], [0, 0xb2], [0, 0xb0, 0, 4, 0, 0x80, 0, 0]] {
            #expect(try offers(disk(mode: "full", page: page)).contains("does not say"), "\(page)")
        }
        let none = ProvisionedDisk(DeviceNumber(7 << 8), sysfs: sysfs.path)
        #expect(offers(none).contains("no SCSI disk"))
        #expect(none.set(.unmap)?.contains("no longer shows") == true)
    }

    @Test func numbersOfDevices() {
        #expect(DeviceNumber(0x801).description == "8:1")
        #expect(DeviceNumber(259 << 8 | 0x123 << 20 | 0x45).description == "259:\(0x12345)")
    }
}
