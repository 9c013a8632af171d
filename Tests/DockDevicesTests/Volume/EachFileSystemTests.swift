import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockDevices

/// With the kernel's own drivers: ext4 everywhere, FAT and exFAT where the machine that runs the tests has them.
@Suite("Mounts of each file system")
struct EachFileSystemTests {
    static let kinds: [FileSystemFacts.Kind] = {
        do {
            let modules = FileSystemFacts.Kind.allCases.map(\.rawValue)
            _ = try Tool.run("modprobe", ["-q", "-a"] + modules)
            let known = try String(contentsOfFile: "/proc/filesystems", encoding: .utf8).split(
                whereSeparator: \.isWhitespace)
            return FileSystemFacts.Kind.allCases.filter { known.contains(Substring($0.rawValue)) }
        } catch {
            return []
        }
    }()

    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func card(_ kind: FileSystemFacts.Kind) throws -> LoopDevice {
        let loop = try LoopDevice(bytes: 64 << 20, in: folder)
        let facts = FileSystemFacts(
            kind: kind, label: "CAM7", uuid: nil, clusterBytes: 4096, fatBits: kind == .vfat ? 16 : nil, isDirty: false)
        _ = try FileSystemMaker.make(facts, on: BlockNode(loop.node), bytes: 64 << 20)
        return loop
    }

    private func mount(_ loop: LoopDevice, _ kind: FileSystemFacts.Kind, _ access: CameraMount.Access) throws
        -> CameraMount
    {
        try CameraMount(node: BlockNode(loop.node), kind: kind, at: folder.at("camera"), access: access)
    }

    @Test func ext4AtLeast() { #expect(EachFileSystemTests.kinds.contains(.ext4)) }

    @Test(arguments: kinds) func namesAndTimesComeBackExactly(_ kind: FileSystemFacts.Kind) throws {
        let loop = try card(kind)
        var names = [
            "MOVI0001.MP4", "lower.txt", "Mixed Case Name.mp4", "UPPER.TXT", "Ünï cödé.mp4", "a.b.c", "影片.mp4", "🎥.mp4",
            String(repeating: "n", count: 255),
        ]
        // Linux makes no name that ends in a dot on FAT and exFAT.
        if kind == .ext4 { names.append("end.") }
        let time = Date(timeIntervalSince1970: 1_753_957_800)
        let writing = try mount(loop, kind, .readWrite)
        for name in names {
            let path = writing.folder + "/" + name
            try Data(name.utf8).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
        }
        #expect(try writing.unmount() == .unmounted)
        let reading = try mount(loop, kind, .readOnly)
        let found = try FileManager.default.contentsOfDirectory(atPath: reading.folder).filter { $0 != "lost+found" }
        #expect(found.sorted() == names.sorted())
        for name in names {
            let path = reading.folder + "/" + name
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(name.utf8))
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date == time)
        }
        #expect(try reading.unmount() == .unmounted)
    }

    @Test(arguments: kinds) func theMediumIsDirtyWhileItIsWritten(_ kind: FileSystemFacts.Kind) throws {
        let loop = try card(kind)
        let writing = try mount(loop, kind, .readWrite)
        try Data("x".utf8).write(to: URL(fileURLWithPath: writing.folder + "/x"))
        // exFAT calls itself clean after each sync of the whole.
        _ = try Tool.run("sync", (kind == .exfat ? [] : ["-f"]) + [writing.folder + "/x"])
        // Copied as it is at this moment: the plug is pulled.
        let pulled = folder.at("pulled")
        _ = try Tool.run("cp", [loop.image, pulled])
        #expect(try Superblock.read(BlockNode(loop.node))?.isDirty == true)
        #expect(try writing.unmount() == .unmounted)
        #expect(try Superblock.read(BlockNode(loop.node))?.isDirty == false)
        // Reading it changes nothing, and leaves it dirty for all to see.
        let other = try LoopDevice(over: pulled, in: folder)
        #expect(try Superblock.read(BlockNode(other.node))?.isDirty == true)
        let hash = try Tool.run("sha256sum", [pulled]).text
        let reading = try mount(other, kind, .readOnly)
        #expect(try FileManager.default.contentsOfDirectory(atPath: reading.folder).contains("x") || kind == .ext4)
        #expect(try reading.unmount() == .unmounted)
        _ = try Tool.run("blockdev", ["--flushbufs", other.node])
        #expect(try Tool.run("sha256sum", [pulled]).text == hash)
    }

    /// Other systems make names that end in a dot; Linux lists them, and by default does not find them.
    @Test(.enabled(if: kinds.contains(.exfat))) func namesThatEndInADotAreFound() throws {
        let loop = try card(.exfat)
        let writing = try mount(loop, .exfat, .readWrite)
        try Data("footage".utf8).write(to: URL(fileURLWithPath: writing.folder + "/endX"))
        #expect(try writing.unmount() == .unmounted)
        // The file's entries in the folder: file, stream, name. The last letter becomes a dot.
        var image = try loop.content(at: 0, count: 8 << 20)
        let name: [UInt8] = [0x65, 0, 0x6e, 0, 0x64, 0, 0x58, 0]
        let place = try #require((0..<(image.count - 8)).first { image[$0..<($0 + 8)].elementsEqual(name) }) - 66
        image[place + 72] = UInt8(ascii: ".")
        // Both sums rotate and add: that of the name in capitals, and that of all but its own place.
        func sum(_ bytes: [UInt8]) -> [UInt8] {
            var value: UInt16 = 0
            for byte in bytes { value = (value << 15 | value >> 1) &+ UInt16(byte) }
            return [UInt8(value & 0xff), UInt8(value >> 8)]
        }
        image.replaceSubrange((place + 36)..<(place + 38), with: sum([0x45, 0, 0x4e, 0, 0x44, 0, 0x2e, 0]))
        let summed = Array(image[place..<(place + 2)]) + Array(image[(place + 4)..<(place + 96)])
        image.replaceSubrange((place + 2)..<(place + 4), with: sum(summed))
        try loop.change(image[place..<(place + 96)], at: Int64(place))
        _ = try Tool.run("blockdev", ["--flushbufs", loop.node])
        let reading = try mount(loop, .exfat, .readOnly)
        #expect(try FileManager.default.contentsOfDirectory(atPath: reading.folder) == ["end."])
        #expect(try String(contentsOfFile: reading.folder + "/end.", encoding: .utf8) == "footage")
        #expect(try reading.unmount() == .unmounted)
    }

    @Test(arguments: kinds.filter { $0 != .ext4 }) func nobodyElseReadsIt(_ kind: FileSystemFacts.Kind) throws {
        let loop = try card(kind)
        let writing = try mount(loop, kind, .readWrite)
        try Data("x".utf8).write(to: URL(fileURLWithPath: writing.folder + "/x"))
        let file = try FileStatus.of(writing.folder + "/x")
        #expect(file.permissions == 0o600 && file.owner == getuid())
        #expect(try FileStatus.of(writing.folder + "/.").permissions == 0o700)
        #expect(try writing.unmount() == .unmounted)
    }

    /// Entries of eight and three letters alone, as small firmware writes them: small letters are a bit of the entry.
    @Test(.enabled(if: kinds.contains(.vfat))) func shortNamesKeepTheirCase() throws {
        let loop = try card(.vfat)
        let boot = LittleEndian(try loop.content(at: 0, count: 512))
        let root = (Int64(boot.u16(14)) + Int64(boot.u8(16)) * Int64(boot.u16(22))) * 512
        func entry(_ name: String, _ bits: UInt8) -> [UInt8] {
            Array(name.utf8) + [0x20, bits] + [UInt8](repeating: 0, count: 19)
        }
        let entries = entry("MOVI0001MP4", 0) + entry("MOVI0002MP4", 0x18) + entry("MOVI0003MP4", 0x10)
        try loop.change(entries, at: root + 32)
        _ = try Tool.run("blockdev", ["--flushbufs", loop.node])
        let reading = try mount(loop, .vfat, .readOnly)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: reading.folder).sorted() == [
                "MOVI0001.MP4", "MOVI0003.mp4", "movi0002.mp4",
            ])
        #expect(try reading.unmount() == .unmounted)
    }
}
