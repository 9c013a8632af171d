import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockIntake

@Suite("Reading a segment from a bad medium")
struct UnreadableSegmentTests {
    let folder: TemporaryFolder
    let content = pattern(3 << 20)

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(content, to: "A.MP4")
    }

    private func read(unreadable: Range<Int64>, uncached: Bool, size: Int = 256 << 10) throws -> WholeRead {
        let camera = try FaultyCamera(serving: folder, unreadable: unreadable)
        let volume = try Volume(camera.path)
        let file = try #require(try volume.list(limits: IntakeLimits()).files.first)
        return try WholeRead(volume, file, uncached: uncached, size: size)
    }

    @Test(arguments: [false, true]) func zerosStandExactlyWhereTheMediumFails(uncached: Bool) throws {
        let read = try read(unreadable: 1_000_000..<1_010_000, uncached: uncached)
        let lost: Range<Int64> = 999_424..<1_011_712  // whole blocks of 4 KiB
        #expect(read.unreadable == [lost])
        #expect(read.cacheUse == (uncached ? .bypassed : .allowed))
        #expect(read.bytes.count == content.count)
        let expected = content[..<999_424] + [UInt8](repeating: 0, count: lost.count) + content[1_011_712...]
        #expect(read.bytes == Array(expected))
    }

    @Test(arguments: [false, true]) func theLastByteMayBeTheBadOne(uncached: Bool) throws {
        try folder.write(content.prefix(100_001), to: "A.MP4")
        let read = try read(unreadable: 100_000..<100_001, uncached: uncached)
        #expect(read.unreadable == [98_304..<100_001])
        #expect(read.bytes.prefix(98_304) == content.prefix(98_304))
        #expect(read.bytes.count == 100_001)
    }

    @Test func aLongUnreadableStretchEndsTheReadAndSaysWhere() throws {
        let error = #expect(throws: DockError.self) { try read(unreadable: 0..<(3 << 20), uncached: false) }
        #expect(error?.code == .io)
        #expect(error?.why == "nothing can be read from byte 0 to byte 1048576 of 3145728")
    }

    @Test func aManifestWithAnUnreadablePartIsNone() throws {
        let camera = try FaultyCamera(serving: folder, unreadable: 5000..<5001)
        let volume = try Volume(camera.path)
        let file = try #require(try volume.list(limits: IntakeLimits()).files.first)
        let error = #expect(throws: DockError.self) { try volume.content(of: file, limit: 4 << 20) }
        #expect(error?.why.contains("from byte 4096 to 8192") == true)
    }

    @Test(arguments: [false, true]) func aPulledPlugIsNotTakenForABadSector(uncached: Bool) throws {
        let camera = try FaultyCamera(serving: folder)
        let volume = try Volume(camera.path)
        let file = try #require(try volume.list(limits: IntakeLimits()).files.first)
        let error = #expect(throws: DockError.self) {
            try WholeRead(volume, file, uncached: uncached) { try camera.pull() }
        }
        #expect(error?.code == .disconnected)
    }

    @Test(arguments: [false, true]) func aFileSystemThatDiesWhileReadEndsTheRead(uncached: Bool) throws {
        let camera = try FaultyCamera(serving: folder)
        let volume = try Volume(camera.path)
        let file = try #require(try volume.list(limits: IntakeLimits()).files.first)
        let error = #expect(throws: DockError.self) {
            try WholeRead(volume, file, uncached: uncached) { camera.kill() }
        }
        #expect(error?.code == .disconnected)
    }
}
