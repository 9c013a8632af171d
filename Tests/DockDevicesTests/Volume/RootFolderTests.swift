import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockDevices

@Suite("What all files hang from")
struct RootFolderTests {
    let folder: TemporaryFolder
    private static let bytes: Int64 = 64 << 20

    init() throws { folder = try TemporaryFolder(isInMemory: true) }

    private func card(_ kind: FileSystemFacts.Kind, fatBits: Int?) throws -> LoopDevice {
        let loop = try LoopDevice(bytes: RootFolderTests.bytes, in: folder)
        let facts = FileSystemFacts(
            kind: kind, label: "CAM7", uuid: kind == .ext4 ? "0b0d1d0c-0000-4000-8000-000000000042" : "4E21-0000",
            clusterBytes: kind == .ext4 ? 1024 : fatBits == 16 ? 2048 : 512, fatBits: fatBits, isDirty: false)
        _ = try FileSystemMaker.make(facts, on: BlockNode(loop.node), bytes: RootFolderTests.bytes)
        return loop
    }

    private func opened(_ loop: LoopDevice) throws -> BlockVolume {
        try BlockVolume.open(BlockNode(loop.node), forWriting: true)
    }

    static let kinds: [(FileSystemFacts.Kind, Int?)] = [(.vfat, 16), (.vfat, 32), (.exfat, nil), (.ext4, nil)]

    @Test(arguments: kinds) func isGoneAndTheMarkerStays(_ kind: FileSystemFacts.Kind, _ fatBits: Int?) throws {
        let loop = try card(kind, fatBits: fatBits)
        let marker = try #require(EraseMarker(nonce: String(repeating: "a", count: 32), docking: "d1"))
        try marker.write(to: opened(loop))
        #expect(try !RootFolder.isMissing(from: opened(loop)))
        try RootFolder.overwrite(on: opened(loop))
        #expect(try EraseMarker.read(from: BlockNode(loop.node)) == marker)
        let left = try Superblock.read(BlockNode(loop.node))
        switch kind {
        case .ext4: #expect(left == nil)
        // The label of these lies in the root folder, the number in the boot sector.
        case .vfat, .exfat: #expect(left?.kind == kind && left?.uuid == "4E21-0000")
        }
        if kind == .exfat { #expect(left?.label == nil) }
        #expect(try RootFolder.isMissing(from: opened(loop)) == (kind == .exfat))
        // Where nothing hangs from anything, nothing is done.
        try RootFolder.overwrite(on: opened(loop))
    }

    @Test func aRootFolderThatPointsAtTheMarkerIsLeftAlone() throws {
        let loop = try card(.vfat, fatBits: 32)
        let marker = try #require(EraseMarker(nonce: String(repeating: "a", count: 32), docking: "d1"))
        try marker.write(to: opened(loop))
        let place = try #require(EraseMarker.place(onVolumeOf: RootFolderTests.bytes))
        let volume = try opened(loop)
        var head = try volume.read(at: 0, count: 4096)
        let boot = try #require(FATBoot(head, volume: RootFolderTests.bytes))
        let first = try #require(boot.rootFolder)
        let cluster = UInt32(2 + (place.lowerBound - first.lowerBound) / Int64(boot.clusterBytes))
        for index in 0..<4 { head[44 + index] = UInt8(truncatingIfNeeded: cluster >> (8 * UInt32(index))) }
        try volume.write(head, at: 0)
        let hostile = try #require(FATBoot(head, volume: RootFolderTests.bytes)?.rootFolder)
        try #require(hostile.overlaps(place))
        try RootFolder.overwrite(on: volume)
        #expect(try EraseMarker.read(from: volume) == marker)
        // And one that lies beyond the volume leads nowhere.
        head.replaceSubrange(44..<48, with: [0xff, 0xff, 0xff, 0x0f])
        try volume.write(head, at: 0)
        try RootFolder.overwrite(on: volume)
        #expect(try volume.read(at: 0, count: 4096) == head)
    }
}
