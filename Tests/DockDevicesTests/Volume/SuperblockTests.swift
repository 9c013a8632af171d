import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockDevices

@Suite("Superblocks")
struct SuperblockTests {
    struct FAT: CustomTestStringConvertible {
        let bits: Int
        let megabytes: Int
        let perCluster: Int
        var sectorBytes = 512
        var testDescription: String { "FAT\(bits), \(megabytes) MiB, \(perCluster) × \(sectorBytes)" }
    }

    static let fats: [FAT] = [
        FAT(bits: 12, megabytes: 1, perCluster: 1), FAT(bits: 12, megabytes: 2, perCluster: 1),
        FAT(bits: 12, megabytes: 8, perCluster: 8), FAT(bits: 12, megabytes: 32, perCluster: 32),
        FAT(bits: 12, megabytes: 200, perCluster: 128), FAT(bits: 12, megabytes: 16, perCluster: 4, sectorBytes: 2048),
        FAT(bits: 16, megabytes: 8, perCluster: 1), FAT(bits: 16, megabytes: 32, perCluster: 4),
        FAT(bits: 16, megabytes: 128, perCluster: 8), FAT(bits: 16, megabytes: 2047, perCluster: 64),
        FAT(bits: 16, megabytes: 3000, perCluster: 128),
        FAT(bits: 16, megabytes: 64, perCluster: 1, sectorBytes: 4096), FAT(bits: 32, megabytes: 40, perCluster: 1),
        FAT(bits: 32, megabytes: 512, perCluster: 8), FAT(bits: 32, megabytes: 4096, perCluster: 16),
        FAT(bits: 32, megabytes: 32_768, perCluster: 64), FAT(bits: 32, megabytes: 262_144, perCluster: 128),
        FAT(bits: 32, megabytes: 1024, perCluster: 4, sectorBytes: 4096),
    ]

    @Test(arguments: fats) func fatIsWhatMkfsMade(_ fat: FAT) throws {
        let image = try ImageFile(bytes: Int64(fat.megabytes) << 20)
        try image.run(
            "mkfs.vfat",
            [
                "-F", "\(fat.bits)", "-s", "\(fat.perCluster)", "-S", "\(fat.sectorBytes)", "-n", "BODYCAM 7", "-i",
                "4e2100af", "--mbr=no",
            ])
        let wanted = FileSystemFacts(
            kind: .vfat, label: "BODYCAM 7", uuid: "4E21-00AF", clusterBytes: fat.perCluster * fat.sectorBytes,
            fatBits: fat.bits, isDirty: false)
        #expect(try image.facts() == wanted)
        let seen = try image.blkid()
        #expect(seen["TYPE"] == "vfat" && seen["LABEL"] == wanted.label && seen["UUID"] == wanted.uuid)
        #expect(seen["VERSION"] == "FAT\(fat.bits)")
    }

    @Test(arguments: [
        (8, 4096), (64, 512), (64, 32_768), (512, 131_072), (32_768, 131_072), (262_144, 262_144), (2_000_000, 1 << 20),
    ])
    func exfatIsWhatMkfsMade(_ megabytes: Int, _ cluster: Int) throws {
        let image = try ImageFile(bytes: Int64(megabytes) << 20)
        try image.run("mkfs.exfat", ["-c", "\(cluster)", "-L", "Käm 7"])
        try image.run("tune.exfat", ["-I", "0x00c0ffee"])
        let wanted = FileSystemFacts(
            kind: .exfat, label: "Käm 7", uuid: "00C0-FFEE", clusterBytes: cluster, fatBits: nil, isDirty: false)
        #expect(try image.facts() == wanted)
        let seen = try image.blkid()
        #expect(seen["TYPE"] == "exfat" && seen["UUID"] == wanted.uuid)
    }

    @Test(arguments: [
        ("ext2", 4, 1024), ("ext3", 64, 1024), ("ext4", 16, 1024), ("ext4", 64, 2048), ("ext4", 300, 4096),
        ("ext4", 8192, 4096),
    ])
    func extIsWhatMkfsMade(_ type: String, _ megabytes: Int, _ block: Int) throws {
        let image = try ImageFile(bytes: Int64(megabytes) << 20)
        let uuid = "0f9f1a6e-54f1-4a43-9d2c-5a4f9c1c2b11"
        try image.run("mkfs." + type, ["-q", "-F", "-b", "\(block)", "-L", "sixteen letters!", "-U", uuid])
        let wanted = FileSystemFacts(
            kind: .ext4, label: "sixteen letters!", uuid: uuid, clusterBytes: block, fatBits: nil, isDirty: false)
        #expect(try image.facts() == wanted)
        let seen = try image.blkid()
        #expect(seen["TYPE"] == type && seen["LABEL"] == wanted.label && seen["UUID"] == uuid)
    }

    @Test(arguments: [12, 16, 32]) func fatWithoutLabelAndNumber(_ bits: Int) throws {
        let image = try ImageFile(bytes: 64 << 20)
        try image.run(
            "mkfs.vfat",
            ["-F", "\(bits)", "-s", "\([12: 64, 16: 4, 32: 1][bits] ?? 1)", "-i", "00000000", "--mbr=no"])
        let found = try #require(try image.facts())
        #expect(found.label == nil && found.uuid == nil && found.fatBits == bits)
        let seen = try image.blkid()
        #expect(seen["LABEL"] == nil && seen["UUID"] == nil)
    }

    @Test func theLabelInTheRootFolderCounts() throws {
        // As cameras and Windows do it: the label is in the root folder, and the boot sector keeps «NO NAME».
        let image = try ImageFile(bytes: 64 << 20)
        try image.run("mkfs.vfat", ["-F", "16", "-s", "4", "--mbr=no", "-n", "IN ROOT"])
        try image.write(Array("NO NAME    ".utf8), at: 43)
        #expect(try image.facts()?.label == "IN ROOT" && image.blkid()["LABEL"] == "IN ROOT")
        // The other way round, what the boot sector has is better than nothing.
        try image.run("mkfs.vfat", ["-F", "16", "-s", "4", "--mbr=no"])
        try image.write(Array("IN BOOT    ".utf8), at: 43)
        #expect(try image.facts()?.label == "IN BOOT")
    }

    @Test func firmwareThatForgetsASignatureIsRead() throws {
        let image = try ImageFile(bytes: 64 << 20)
        try image.run("mkfs.vfat", ["-F", "16", "-s", "4", "--mbr=no", "-n", "CAM"])
        let whole = try image.facts()
        for (place, bytes) in [(0, [0, 0, 0]), (510, [0, 0]), (3, [UInt8](repeating: 0, count: 8))]
            as [(Int64, [UInt8])]
        {
            let before = try image.read(at: place, count: bytes.count)
            try image.write(bytes, at: place)
            #expect(try image.facts() == whole && image.blkid()["TYPE"] == "vfat")
            try image.write(before, at: place)
        }
        // With neither name nor signature it is anything.
        try image.write([0, 0], at: 510)
        try image.write([0, 0, 0], at: 54)
        #expect(try image.facts() == nil)
    }

    @Test func theRootFolderOfFAT32IsFollowed() throws {
        let image = try ImageFile(bytes: 64 << 20)
        try image.run("mkfs.vfat", ["-F", "32", "-s", "1", "--mbr=no", "-n", "FIRST"])
        let boot = LittleEndian(try image.read(at: 0, count: 512))
        let fat = Int64(boot.u16(14)) * 512
        let data = fat + 2 * Int64(boot.u32(36)) * 512
        let label = try image.read(at: data, count: 32)
        // The root's first cluster is full of deleted files, its second is cluster 9.
        try image.write([UInt8](repeating: 0xe5, count: 512), at: data)
        try image.write([9, 0, 0, 0], at: fat + 8)
        try image.write([0xff, 0xff, 0xff, 0x0f], at: fat + 36)
        try image.write(Array("SECOND     ".utf8) + label.dropFirst(11), at: data + 7 * 512)
        #expect(try image.facts()?.label == "SECOND" && image.blkid()["LABEL"] == "SECOND")
        // A chain that leads back to itself, or off the volume, ends.
        try image.write([UInt8](repeating: 0xe5, count: 512), at: data + 7 * 512)
        for next in [[9, 0, 0, 0], [2, 0, 0, 0], [0xf0, 0xff, 0xff, 0x0f], [1, 0, 0, 0]] as [[UInt8]] {
            try image.write(next, at: fat + 36)
            #expect(try image.facts()?.label == "FIRST", "the boot sector's")
        }
    }

    @Test func theStateOfFATIsSeen() throws {
        for (bits, state) in [(12, 0x25), (16, 0x25), (32, 0x41)] as [(Int, Int64)] {
            let image = try ImageFile(bytes: 64 << 20)
            try image.run("mkfs.vfat", ["-F", "\(bits)", "-s", bits == 12 ? "64" : bits == 16 ? "4" : "1", "--mbr=no"])
            #expect(try image.facts()?.isDirty == false)
            for bit: UInt8 in [1, 2] {
                try image.change(at: state) { $0 | bit }
                #expect(try image.facts()?.isDirty == true, "FAT\(bits), bit \(bit)")
                try image.change(at: state) { $0 & ~bit }
            }
            let reserved = Int64(LittleEndian(try image.read(at: 0, count: 512)).u16(14)) * 512
            for bit: UInt8 in [0x40, 0x80] where bits > 12 {
                let (place, bit) = bits == 16 ? (reserved + 3, bit) : (reserved + 7, bit >> 4)
                try image.change(at: place) { $0 & ~bit }
                #expect(try image.facts()?.isDirty == true, "FAT\(bits), FAT[1] bit \(bit)")
                try image.change(at: place) { $0 | bit }
            }
            #expect(try image.facts()?.isDirty == false)
        }
    }

    @Test func theStateOfExFATIsSeen() throws {
        let image = try ImageFile(bytes: 64 << 20)
        try image.run("mkfs.exfat", ["-c", "32768"])
        #expect(try image.facts()?.isDirty == false)
        for bit: UInt8 in [2, 4] {
            try image.change(at: 106) { $0 | bit }
            // The flags are not part of the checksum.
            #expect(try image.facts()?.isDirty == true)
            try image.change(at: 106) { $0 & ~bit }
        }
        // A label that was taken away: the entry stays, and is not in use.
        let fresh = try image.facts()
        #expect(fresh?.label == nil && fresh?.isDirty == false)
    }

    @Test func theStateOfExt4IsSeen() throws {
        let image = try ImageFile(bytes: 16 << 20)
        for command in ["ssv state 0", "ssv state 2", "ssv state 3", "feature needs_recovery", "ssv last_orphan 12"] {
            try image.run("mkfs.ext4", ["-q", "-F"])
            #expect(try image.facts()?.isDirty == false)
            try image.run("debugfs", ["-w", "-R", command])
            #expect(try image.facts()?.isDirty == true, "\(command)")
        }
    }

    @Test func twoFileSystemsAtOnceAreNoAnswer() throws {
        let image = try ImageFile(bytes: 64 << 20)
        try image.run("mkfs.vfat", ["-F", "16", "-s", "4", "--mbr=no", "-R", "16"])
        let boot = try image.read(at: 0, count: 512)
        try image.run("mkfs.ext4", ["-q", "-F"])
        try image.write(boot, at: 0)
        let error = #expect(throws: DockError.self) { try image.facts() }
        #expect(error?.code == .malformed && error?.why.contains("vfat and an ext4") == true)
    }

    @Test func whatIsNoFileSystemIsNone() throws {
        let empty = try ImageFile(bytes: 16 << 20)
        #expect(try empty.facts() == nil)
        // A partition table, a swap area and a journal of ext4 are none.
        try empty.write([0x55, 0xaa], at: 510)
        #expect(try empty.facts() == nil)
        try empty.run("mkswap", ["-q"])
        #expect(try empty.facts() == nil)
        let journal = try ImageFile(bytes: 16 << 20)
        try journal.run("mke2fs", ["-q", "-F", "-O", "journal_dev"])
        #expect(try journal.facts() == nil)
        #expect(try Superblock.find(in: MemoryVolume(content: [], bytes: 0), at: "") == nil)
    }

    @Test func aDamagedSuperblockIsNone() throws {
        // What the kernel refuses: checksums of exFAT's boot region and of ext4's superblock, and a FAT larger than its place.
        let exfat = try ImageFile(bytes: 64 << 20)
        try exfat.run("mkfs.exfat", [])
        try exfat.change(at: 3000) { $0 ^ 1 }
        #expect(try exfat.facts() == nil)
        let ext = try ImageFile(bytes: 16 << 20)
        try ext.run("mkfs.ext4", ["-q", "-F"])
        try ext.change(at: 1024 + 120) { _ in UInt8(ascii: "x") }
        #expect(try ext.facts() == nil)
        let fat = try ImageFile(bytes: 64 << 20)
        try fat.run("mkfs.vfat", ["-F", "32", "-s", "1", "--mbr=no"])
        try fat.write([1, 0, 0, 0], at: 36)
        #expect(try fat.facts() == nil)
    }

    @Test func aDeviceIsReadPastTheCache() throws {
        let folder = try TemporaryFolder()
        let loop = try LoopDevice(bytes: 32 << 20, in: folder)
        _ = try Tool.run("mkfs.vfat", ["-F", "16", "-s", "4", "-n", "BEFORE", "--mbr=no", loop.node])
        #expect(try Superblock.read(BlockNode(loop.node))?.label == "BEFORE")
        // The kernel's cache of the device keeps what it had; the medium says something else.
        _ = try Tool.run("dd", ["if=\(loop.node)", "of=/dev/null", "bs=1M", "status=none"])
        let other = try folder.write(Data(), to: "other")
        try FileHandle(forWritingTo: URL(fileURLWithPath: other)).truncate(atOffset: 32 << 20)
        _ = try Tool.run("mkfs.vfat", ["-F", "16", "-s", "4", "-n", "AFTER", "--mbr=no", other])
        try loop.change(Data(contentsOf: URL(fileURLWithPath: other)), at: 0)
        #expect(try Superblock.read(BlockNode(loop.node))?.label == "AFTER")
        #expect(throws: DockError.self) { try Superblock.read(BlockNode("/dev/bodydock-none")) }
        #expect(throws: DockError.self) { try Superblock.read(BlockNode(loop.image)) }
    }
}
