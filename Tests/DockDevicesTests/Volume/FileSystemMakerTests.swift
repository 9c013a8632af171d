import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockDevices

@Suite("New file systems")
struct FileSystemMakerTests {
    struct Wish: CustomTestStringConvertible {
        let kind: FileSystemFacts.Kind
        let bytes: Int64
        let cluster: Int
        var bits: Int?
        var sectorBytes = 512

        var testDescription: String { "\(kind)\(bits.map { " \($0)" } ?? ""), \(bytes) bytes, clusters of \(cluster)" }

        func facts(label: String? = "CAM7") -> FileSystemFacts {
            FileSystemFacts(
                kind: kind, label: label,
                uuid: kind == .ext4 ? "0f9f1a6e-54f1-4a43-9d2c-5a4f9c1c2b11" : "4E21-00AF", clusterBytes: cluster,
                fatBits: bits, isDirty: true)
        }
    }

    private static let mebibyte: Int64 = 1 << 20
    private static let fat: [Wish] = [
        Wish(kind: .vfat, bytes: 8 * mebibyte, cluster: 4096, bits: 12),
        Wish(kind: .vfat, bytes: 9 * mebibyte + 512, cluster: 2048, bits: 16),
        Wish(kind: .vfat, bytes: 63 * mebibyte, cluster: 16_384, bits: 12),
        Wish(kind: .vfat, bytes: 512 * mebibyte, cluster: 8192, bits: 16),
        Wish(kind: .vfat, bytes: 4000 * mebibyte - 512, cluster: 65_536, bits: 16),
        Wish(kind: .vfat, bytes: 40 * mebibyte, cluster: 512, bits: 32),
        Wish(kind: .vfat, bytes: 31_914_983_424, cluster: 16_384, bits: 32),
        Wish(kind: .vfat, bytes: 64_021_856_256, cluster: 32_768, bits: 32),
        Wish(kind: .vfat, bytes: 1024 * mebibyte, cluster: 4096, bits: 32, sectorBytes: 4096),
    ]
    private static let other: [Wish] = [
        Wish(kind: .exfat, bytes: 8 * mebibyte, cluster: 512), Wish(kind: .exfat, bytes: 8 * mebibyte, cluster: 4096),
        Wish(kind: .exfat, bytes: 100 * mebibyte + 512, cluster: 32_768),
        Wish(kind: .exfat, bytes: 64_021_856_256, cluster: 131_072),
        Wish(kind: .exfat, bytes: 512_110_190_592, cluster: 262_144),
        Wish(kind: .exfat, bytes: 1024 * mebibyte, cluster: 65_536, sectorBytes: 4096),
        Wish(kind: .ext4, bytes: 8 * mebibyte, cluster: 1024), Wish(kind: .ext4, bytes: 9 * mebibyte, cluster: 1024),
        Wish(kind: .ext4, bytes: 16 * mebibyte, cluster: 1024), Wish(kind: .ext4, bytes: 17 * mebibyte, cluster: 1024),
        Wish(kind: .ext4, bytes: 63 * mebibyte + 4096, cluster: 4096),
        Wish(kind: .ext4, bytes: 128 * mebibyte + 512, cluster: 4096),
        Wish(kind: .ext4, bytes: 129 * mebibyte, cluster: 4096),
        Wish(kind: .ext4, bytes: 385 * mebibyte, cluster: 4096),
        Wish(kind: .ext4, bytes: 1025 * mebibyte, cluster: 4096),
        Wish(kind: .ext4, bytes: 5000 * mebibyte, cluster: 2048),
    ]

    /// The new one is as asked, whole in the eyes of its own checker, and made around the marker.
    @Test(arguments: fat + other) func itIsAsAskedAndLeavesTheMarker(_ wish: Wish) throws {
        let folder = try TemporaryFolder()
        let loop = try LoopDevice(bytes: wish.bytes, in: folder, sectorBytes: wish.sectorBytes)
        let node = BlockNode(loop.node)
        let marker = try #require(EraseMarker(nonce: String(repeating: "7", count: 32), docking: "d"))
        try write(marker, to: node)
        let made = try FileSystemMaker.make(wish.facts(), on: node, bytes: wish.bytes)
        var wanted = wish.facts()
        wanted.isDirty = false
        #expect(made == FileSystemMaker.Made(facts: wanted, omission: nil))
        #expect(try EraseMarker.read(from: node) == marker)
        let check: (String, [String]) =
            switch wish.kind {
            case .vfat: ("fsck.vfat", ["-n"])
            case .exfat: ("fsck.exfat", ["-n"])
            case .ext4: ("e2fsck", ["-f", "-n"])
            }
        let checked = try Tool.run(check.0, check.1 + [loop.node])
        #expect(checked.status == 0, "\(checked.text) \(checked.errors)")
        // What a new file system has in that place does not matter to it.
        let volume = try BlockVolume.open(node, forWriting: true)
        #expect(try EraseMarker.clear(from: volume))
    }

    private func write(_ marker: EraseMarker, to node: BlockNode) throws {
        try marker.write(to: BlockVolume.open(node, forWriting: true))
    }

    @Test func aNewExt4CanBeMountedAndIsEmpty() throws {
        let folder = try TemporaryFolder()
        let loop = try LoopDevice(bytes: 64 << 20, in: folder)
        let wish = Wish(kind: .ext4, bytes: 64 << 20, cluster: 4096)
        _ = try FileSystemMaker.make(wish.facts(), on: BlockNode(loop.node), bytes: wish.bytes)
        let mount = try CameraMount(
            node: BlockNode(loop.node), kind: .ext4, at: folder.at("camera"), access: .readWrite)
        #expect(try FileManager.default.contentsOfDirectory(atPath: mount.folder) == ["lost+found"])
        #expect(try mount.unmount() == .unmounted)
    }

    @Test(arguments: FileSystemFacts.Kind.allCases) func withoutLabelAndNumber(_ kind: FileSystemFacts.Kind) throws {
        let folder = try TemporaryFolder()
        let loop = try LoopDevice(bytes: 64 << 20, in: folder)
        let wanted = FileSystemFacts(
            kind: kind, label: nil, uuid: nil, clusterBytes: 4096, fatBits: kind == .vfat ? 16 : nil, isDirty: false)
        #expect(try FileSystemMaker.make(wanted, on: BlockNode(loop.node), bytes: 64 << 20).facts == wanted)
    }

    @Test func labelsWithStrangeLettersComeBackOrAreNamed() throws {
        let folder = try TemporaryFolder()
        let loop = try LoopDevice(bytes: 64 << 20, in: folder)
        func make(_ kind: FileSystemFacts.Kind, _ label: String) throws -> FileSystemMaker.Made {
            let wish = Wish(kind: kind, bytes: 64 << 20, cluster: 4096, bits: kind == .vfat ? 16 : nil)
            return try FileSystemMaker.make(wish.facts(label: label), on: BlockNode(loop.node), bytes: 64 << 20)
        }
        for (kind, label) in [
            (.vfat, "lower case"), (.vfat, "-x"), (.exfat, "Käm-Ω 7"), (.exfat, "-L"), (.ext4, "Größe 7"),
            (.ext4, "-E"),
        ] as [(FileSystemFacts.Kind, String)] {
            let made = try make(kind, label)
            #expect(made.facts.label == label && made.omission == nil)
        }
        // What its maker refuses is left out, and that is said.
        for (kind, label) in [(.vfat, "A+B"), (.vfat, "K\u{fffd}M"), (.vfat, "TWELVECHARS7"), (.exfat, "TWELVECHARS7")]
            as [(FileSystemFacts.Kind, String)]
        {
            let made = try make(kind, label)
            #expect(made.facts.label == nil && made.omission?.contains(label) == true, "\(label): \(made)")
        }
    }

    @Test func whatCannotBeMadeIsRefused() throws {
        let folder = try TemporaryFolder()
        let loop = try LoopDevice(bytes: 64 << 20, in: folder)
        func code(_ facts: FileSystemFacts, bytes: Int64 = 64 << 20, on node: BlockNode? = nil) throws -> DockError
            .Code?
        {
            #expect(throws: DockError.self) {
                try FileSystemMaker.make(facts, on: node ?? BlockNode(loop.node), bytes: bytes)
            }?.code
        }
        let good = Wish(kind: .vfat, bytes: 64 << 20, cluster: 4096, bits: 16).facts()
        func changed(_ change: (inout FileSystemFacts) -> Void) -> FileSystemFacts {
            var facts = good
            change(&facts)
            return facts
        }
        #expect(try code(good, bytes: 65 << 20) == .mismatch)
        #expect(try code(good, on: BlockNode(loop.node, sequence: 1)) == .disconnected)
        #expect(try code(good, on: BlockNode(loop.image)) == .refused)
        #expect(
            try code(
                changed {
                    $0.fatBits = 12; $0.clusterBytes = 512
                }) == .refused)
        #expect(try code(changed { $0.fatBits = 13 }) == .malformed)
        #expect(try code(changed { $0.clusterBytes = 4097 }) == .malformed)
        #expect(try code(changed { $0.clusterBytes = 0 }) == .malformed)
        #expect(try code(changed { $0.uuid = "4E21-00A" }) == .malformed)
        #expect(try code(changed { $0.uuid = "--help" }) == .malformed)
        #expect(try code(changed { $0.label = "A\0B" }) == .malformed)
        #expect(
            try code(
                changed {
                    $0.kind = .ext4; $0.uuid = "4E21-00AF"
                }) == .malformed)
        // Nothing was written by any of these.
        let volume = try BlockVolume.open(BlockNode(loop.node), forWriting: false)
        #expect(try volume.verifyZeros(0..<volume.bytes, sampling: .all).firstNonzero == nil)
    }

    @Test func whatIsInUseIsLeftAlone() throws {
        let folder = try TemporaryFolder()
        let mount = try TestMount.ext4(on: "used", in: folder, megabytes: 64)
        let node = try #require(try FileSystemIdentity.of(mount.path).deviceNode)
        let error = #expect(throws: DockError.self) {
            try FileSystemMaker.make(
                Wish(kind: .vfat, bytes: 64 << 20, cluster: 4096, bits: 16).facts(), on: BlockNode(node),
                bytes: 64 << 20)
        }
        #expect(error?.code == .conflict && error?.why.contains(mount.path) == true)
        #expect(FileManager.default.fileExists(atPath: mount.path + "/lost+found"))
    }

    /// The program ends well, and its writes fail later: they are in the page cache until they are forced out.
    @Test func aWriteThatFailsLaterIsReported() throws {
        let folder = try TemporaryFolder()
        let disk = try TestMount(["-t", "tmpfs", "-o", "size=64k", "bodydock-test"], on: "disk", in: folder)
        let loop = try LoopDevice(bytes: 512 << 20, in: folder, name: "disk/image")
        for kind in FileSystemFacts.Kind.allCases {
            let wish = Wish(kind: kind, bytes: 512 << 20, cluster: 4096, bits: kind == .vfat ? 32 : nil)
            let error = #expect(throws: DockError.self) {
                try FileSystemMaker.make(wish.facts(), on: BlockNode(loop.node), bytes: wish.bytes)
            }
            #expect(error?.code == .io && error?.why.contains("mkfs") == true, "\(String(describing: error))")
        }
        withExtendedLifetime((loop, disk)) {}
    }
}
