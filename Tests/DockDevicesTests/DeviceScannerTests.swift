import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockDevices

@Suite("What is seen of devices")
struct DeviceScannerTests {
    static let place = MockUSB.hubPath + "/2-15.3"

    /// The devices on a machine with a hub and these.
    func devices(_ mocks: [MockUSB]) throws -> [DeviceFacts] {
        let answers = try MockMachine.run(MockUSB.dock + mocks.flatMap(\.commands) + [.devices])
        guard case .devices(let seen) = answers.last else { throw RigFailure("\(answers)") }
        return seen.map(\.facts)
    }

    static func camera(_ disk: MockDisk = MockDisk(partitions: [.init(number: 1, properties: MockDisk.vfat)]))
        -> MockUSB
    {
        MockUSB(path: place, disks: [disk])
    }

    @Test func aCameraWithAPartition() throws {
        let found = try devices([Self.camera()])
        let expected = DeviceFacts(
            path: Self.place, port: PortPath("pci-0000:00:05.0-usb-0:15.3")!,
            usb: USBIdentity(
                model: USBModel(vendor: 0x46f4, product: 1), serial: "CAM-0001", manufacturer: "Example",
                product: "Body Camera"),
            interfaces: [USBInterface(kind: 8, subclass: 6, proto: 0x50)],
            disks: [
                DiskFacts(
                    name: "sda", sequence: 12, bytes: 64 << 20, isReadOnly: false,
                    whole: VolumeFacts(node: "/dev/sda", number: 0x800, bytes: 64 << 20),
                    partitions: [
                        VolumeFacts(
                            node: "/dev/sda1", number: 0x801, bytes: 62 << 20, type: "vfat", label: "BODYCAM",
                            uuid: "4E21-0000")
                    ],
                    isSettled: true)
            ])
        #expect(found == [expected])
    }

    @Test func aDiskWithoutPartitionTable() throws {
        var disk = MockDisk()
        disk.properties = ["ID_FS_TYPE": "exfat", "ID_FS_LABEL": "A_B", "ID_FS_LABEL_ENC": #"A\x20B\xc3\xa4"#]
        disk.isReadOnly = true
        let found = try #require(try devices([Self.camera(disk)]).first?.disks.first)
        #expect(found.partitions.isEmpty && found.isReadOnly && found.isSettled)
        #expect(found.whole.type == "exfat" && found.whole.label == "A Bä" && found.whole.uuid == nil)
    }

    @Test func aUASDiskWithoutSerialNumber() throws {
        var camera = Self.camera()
        camera.interfaces = [(8, 6, 0x62)]
        camera.attributes["serial"] = nil
        camera.attributes["manufacturer"] = "  "
        let found = try #require(try devices([camera]).first)
        #expect(found.interfaces.map(\.isMassStorage) == [true])
        #expect(found.usb.serial == nil && found.usb.manufacturer == nil && found.usb.product == "Body Camera")
    }

    @Test func twoCamerasAtOneHubAndOneElsewhere() throws {
        let second = MockDisk(name: "sdb", sequence: 13, partitions: [.init(number: 1)])
        let third = MockDisk(name: "sdc", sequence: 14)
        let found = try devices([
            MockUSB(path: MockUSB.root + "/2-2", disks: [third]), Self.camera(),
            MockUSB(path: MockUSB.hubPath + "/2-15.4", disks: [second]),
        ])
        #expect(found.map { $0.disks.map(\.name) } == [["sda"], ["sdb"], ["sdc"]])
        #expect(
            found.map(\.port.text) == ["15.3", "15.4", "2"].map { "pci-0000:00:05.0-usb-0:" + $0 })
    }

    @Test func severalDisksAndPartitionsAreInOrderAndACDIsNoDisk() throws {
        let parts = [10, 2, 1].map { MockDisk.Partition(number: $0) }
        let camera = MockUSB(
            path: Self.place,
            disks: [
                MockDisk(name: "sdc", unit: 2, sequence: 3, partitions: parts), MockDisk(name: "sda", sequence: 1),
                MockDisk(name: "sdb", unit: 1, sequence: 2, type: 5),
            ])
        let disks = try #require(try devices([camera]).first?.disks)
        #expect(disks.map(\.name) == ["sda", "sdc"])
        #expect(disks[1].partitions.map(\.node) == ["/dev/sdc1", "/dev/sdc2", "/dev/sdc10"])
    }

    @Test func aKeyboardBesideTheDiskIsSeen() throws {
        var camera = Self.camera()
        camera.interfaces = [(8, 6, 0x50), (3, 1, 1)]
        let found = try devices([camera])
        #expect(found.first?.interfaces.map(\.description) == ["mass storage", "keyboard or other input"])
        #expect(found.first?.disks.count == 1)
    }

    @Test func beforeAnythingIsSetUpTheDescriptorsSpeak() throws {
        var camera = MockUSB(path: Self.place, interfaces: [])
        camera.attributes["bConfigurationValue"] = ""
        camera.bytes["descriptors"] = DescriptorBytes.device + DescriptorBytes.storageAndKeyboard
        let found = try #require(try devices([camera]).first)
        #expect(found.interfaces.map(\.kind) == [8, 3] && found.disks.isEmpty)
        // Of an interface that is set up, the kernel's word counts, and other configurations do not.
        camera.interfaces = [(8, 6, 0x62)]
        camera.attributes["bConfigurationValue"] = "1"
        camera.bytes["descriptors"]! += DescriptorBytes.configuration(2, [(0, 0, 14, 1, 0)])
        #expect(try devices([camera]).first?.interfaces.map(\.proto) == [0x62, 1])
    }

    @Test func whatUdevHasNotFinishedIsNotSettled() throws {
        let settled = { (disk: MockDisk) in try devices([Self.camera(disk)]).first?.disks.first?.isSettled }
        #expect(try settled(MockDisk(properties: nil)) == false)
        #expect(try settled(MockDisk(partitions: [.init(number: 1), .init(number: 2, properties: nil)])) == false)
        #expect(try settled(MockDisk(partitions: [.init(number: 1), .init(number: 2)])) == true)
        // The record of the disk that had this number before.
        #expect(try settled(MockDisk(sequence: 13, recordedSequence: 12)) == false)
    }

    @Test func aReaderWithoutMedium() throws {
        let found = try devices([Self.camera(MockDisk(blocks: 0))])
        #expect(found.first?.disks.first?.bytes == 0 && found.first?.disks.first?.partitions == [])
    }

    private static let garbage: [String: [UInt8]] = [
        "ones": Array(repeating: 0xff, count: 4096), "zeros": Array(repeating: 0, count: 4096),
        "noise": (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) },
        "control characters": Array(String(repeating: "\u{1b}[2J\u{202e}", count: 500).utf8),
        "newlines": Array(repeating: 10, count: 4096), "nothing": [],
    ]

    @Test(arguments: garbage.keys.sorted())
    func garbageInEveryAttribute(_ kind: String) throws {
        let garbage = try #require(Self.garbage[kind])
        var camera = Self.camera()
        for name in ["serial", "manufacturer", "product", "bConfigurationValue", "descriptors"] {
            camera.attributes[name] = nil
            camera.bytes[name] = garbage
        }
        let found = try #require(try devices([camera]).first)
        for text in [found.usb.serial, found.usb.manufacturer, found.usb.product].compactMap({ $0 }) {
            #expect(text.unicodeScalars.count <= 256 && !text.isEmpty)
            #expect(text.unicodeScalars.allSatisfy { $0.value >= 32 && $0 != "\u{202e}" && $0 != "\u{7f}" })
        }
        #expect(found.interfaces == [USBInterface(kind: 8, subclass: 6, proto: 0x50)] && found.disks.count == 1)
        // Without numbers it is no device that anything can be said of.
        camera.attributes["idVendor"] = nil
        camera.bytes["idVendor"] = garbage
        #expect(try devices([camera]).isEmpty)
    }

    @Test func labelsOfGarbage() throws {
        var disk = MockDisk()
        disk.properties = [
            "ID_FS_TYPE": String(repeating: "x", count: 8000),
            "ID_FS_LABEL_ENC": #"\x1b\x00\xff\x"# + String(repeating: #"\x41"#, count: 3000),
            "ID_FS_UUID": "",
        ]
        let whole = try #require(try devices([Self.camera(disk)]).first?.disks.first?.whole)
        #expect(whole.type == String(repeating: "x", count: 256) && whole.uuid == nil)
        #expect(whole.label?.hasPrefix("\u{fffd}\u{fffd}\u{fffd}\\xAAA") == true && whole.label?.count == 256)
    }

    @Test func impossibleSizes() throws {
        for blocks in [Int.max, -5] {
            #expect(try devices([Self.camera(MockDisk(blocks: blocks))]).first?.disks.first?.bytes == 0)
        }
    }

    @Test func anyPathLeadsToItsDevice() throws {
        let interface = Self.place + "/2-15.3:1.0"
        let paths = [
            Self.place, "/sys" + Self.place, interface, interface + "/host7/target7:0:0/7:0:0:0/block/sda/sda1",
            Self.place + "/gone/and/gone",
        ]
        let others = [
            MockUSB.hubPath, MockUSB.root, MockUSB.hubPath + "/2-15.4/gone", MockUSB.controller, "/devices", "", "/",
            Self.place + "/../2-15.3", "/etc/passwd", String(repeating: "/devices", count: 3000), "/devices/\u{0}",
        ]
        let answers = try MockMachine.run(
            MockUSB.dock + Self.camera().commands + (paths + others).map(ProbeCommand.device)
        ).suffix(paths.count + others.count)
        for answer in answers.prefix(paths.count) {
            guard case .devices(let seen) = answer else { throw RigFailure("\(answer)") }
            #expect(seen.map(\.facts.path) == [Self.place])
        }
        #expect(answers.dropFirst(paths.count).allSatisfy { $0 == .nothing })
    }

    @Test func aMachineWithoutUSB() throws {
        #expect(try MockMachine.run([.devices]).last == .devices([]))
    }
}
