import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockIntake

/// What one whole read gave.
struct WholeRead {
    var bytes: [UInt8] = []
    var unreadable: [Range<Int64>] = []
    var cacheUse = SegmentReader.CacheUse.allowed
    var identity: FileIdentity?

    /// Reads a file as the agent does, in buffers of `size`; calls `between` after each.
    init(
        _ volume: Volume, _ file: CameraFile, uncached: Bool = false, size: Int = 64 << 10,
        between: () throws -> Void = {}
    ) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 4096)
        defer { buffer.deallocate() }
        var reader = try SegmentReader(volume, file, uncached: uncached)
        while true {
            let count = try reader.read(into: buffer)
            if count == 0 { break }
            bytes += buffer.prefix(count)
            try between()
        }
        identity = try reader.finish()
        unreadable = reader.unreadable
        cacheUse = reader.cacheUse
    }
}

/// Bytes in which every place is different from its neighbours.
func pattern(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
    }
}

@Suite("Reading a segment")
struct SegmentReaderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func listed(_ name: String = "A.MP4", on volume: Volume) throws -> CameraFile {
        try #require(try volume.list(limits: IntakeLimits()).file(at: try CameraPath(name)))
    }

    private func refusal(_ body: () throws -> Void) -> DockError? { #expect(throws: DockError.self) { try body() } }

    @Test(arguments: [0, 1, 4095, 4096, 65_536, 65_537, 300_001], [false, true])
    func everyByteComesOnceWhateverTheSize(size: Int, uncached: Bool) throws {
        try folder.write(pattern(size), to: "A.MP4")
        let volume = try Volume(folder.path)
        let file = try listed(on: volume)
        let read = try WholeRead(volume, file, uncached: uncached)
        #expect(read.bytes == pattern(size))
        #expect(read.identity == file.identity && read.unreadable.isEmpty)
        #expect((read.cacheUse == .allowed) == !uncached)
    }

    @Test func anUncachedReadSeesTheMediumAndNotTheMemory() throws {
        let mount = try TestMount.ext4(on: "camera", in: folder)
        let content = pattern(200_000)
        try Data(content).write(to: URL(fileURLWithPath: mount.path + "/A.MP4"))
        #expect(try Tool.run("sync", ["-f", mount.path]).status == 0)
        let volume = try Volume(mount.path)
        let file = try listed(on: volume)
        #expect(try Tool.run("cat", [mount.path + "/A.MP4"]).output == Data(content))

        // One byte of the medium turns over, below the file system.
        let image = try Data(contentsOf: URL(fileURLWithPath: folder.at("image")))
        let place = try #require(image.range(of: Data(content[100_000..<100_064]))).lowerBound
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.at("image")))
        try handle.seek(toOffset: UInt64(place))
        try handle.write(contentsOf: [~content[100_000]])
        try handle.close()

        let direct = try WholeRead(volume, file, uncached: true)
        #expect(direct.cacheUse == .bypassed)
        #expect(direct.bytes.indices.filter { direct.bytes[$0] != content[$0] } == [100_000])
        // The memory still has the old byte; an ordinary read takes it from there, and leaves nothing behind.
        #expect(try WholeRead(volume, file).bytes == content)
        #expect(try Tool.run("cat", [mount.path + "/A.MP4"]).output == Data(direct.bytes))
    }

    @Test func aBufferThatDoesNotSuitTheDeviceIsStillFilled() throws {
        let mount = try TestMount.ext4(on: "camera", in: folder)
        try Data(pattern(100_000)).write(to: URL(fileURLWithPath: mount.path + "/A.MP4"))
        let volume = try Volume(mount.path)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 200_001, alignment: 4096)
        defer { buffer.deallocate() }
        var reader = try SegmentReader(volume, try listed(on: volume), uncached: true)
        let odd = UnsafeMutableRawBufferPointer(rebasing: buffer[1...])
        #expect(try reader.read(into: odd) == 100_000)
        #expect(Array(odd.prefix(100_000)) == pattern(100_000))
        _ = try reader.finish()
        #expect(reader.cacheUse == .dropped)
    }

    @Test func aFileReplacedSinceTheListingIsNotRead() throws {
        try folder.write(pattern(1000), to: "A.MP4")
        let volume = try Volume(folder.path)
        let file = try listed(on: volume)
        #expect(try Tool.run("cp", ["-p", folder.at("A.MP4"), folder.at("B")]).status == 0)
        #expect(try Tool.run("mv", [folder.at("B"), folder.at("A.MP4")]).status == 0)
        let error = refusal { _ = try WholeRead(volume, file) }
        #expect(error?.code == .mismatch)
        #expect(error?.why == "it changed since it was listed: another file stands under its name")
    }

    @Test func aFileReplacedByALinkIsNotFollowed() throws {
        try folder.write(pattern(1000), to: "A.MP4")
        try folder.write(pattern(1000), to: "B.MP4")
        let volume = try Volume(folder.path)
        let file = try listed(on: volume)
        #expect(try Tool.run("ln", ["-sf", "B.MP4", folder.at("A.MP4")]).status == 0)
        #expect(refusal { _ = try WholeRead(volume, file) }?.code == .refused)
    }

    @Test(arguments: [false, true]) func aFileThatGrowsWhileReadIsNotVouchedFor(uncached: Bool) throws {
        let path = try folder.write(pattern(200_000), to: "A.MP4")
        let volume = try Volume(folder.path)
        let file = try listed(on: volume)
        var appended = 0
        let error = refusal {
            _ = try WholeRead(volume, file, uncached: uncached) {
                let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
                try handle.seekToEnd()
                try handle.write(contentsOf: pattern(100_000))
                appended += 1
            }
        }
        #expect(error?.code == .mismatch)
        #expect(error?.why.contains("it had 200000 bytes and now has") == true)
        // Never more than the listed bytes, however fast it grows: four buffers, not an endless read.
        #expect(appended == 4)
    }

    @Test(arguments: [false, true]) func aFileThatShrinksWhileReadIsNotVouchedFor(uncached: Bool) throws {
        let path = try folder.write(pattern(200_000), to: "A.MP4")
        let volume = try Volume(folder.path)
        let file = try listed(on: volume)
        let error = refusal {
            _ = try WholeRead(volume, file, uncached: uncached) { truncate(path, 70_001) }
        }
        #expect(error?.code == .mismatch)
        #expect(error?.why.contains("now has 70001") == true)
    }

    @Test func aFileWrittenInPlaceWhileReadIsNotVouchedFor() throws {
        let path = try folder.write(pattern(200_000), to: "A.MP4")
        let volume = try Volume(folder.path)
        let file = try listed(on: volume)
        let error = refusal {
            _ = try WholeRead(volume, file) {
                let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
                try handle.write(contentsOf: [0])
            }
        }
        #expect(error?.code == .mismatch)
    }

    @Test func aReadThatWasNotMadeToTheEndIsNotVouchedFor() throws {
        try folder.write(pattern(200_000), to: "A.MP4")
        let volume = try Volume(folder.path)
        var reader = try SegmentReader(volume, try listed(on: volume), uncached: false)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        _ = try buffer.withUnsafeMutableBytes { try reader.read(into: $0) }
        do {
            _ = try reader.finish()
            Issue.record("vouched for a part")
        } catch {
            #expect(error.why == "only 65536 of its 200000 bytes were read")
        }
    }

    @Test func aSmallFileIsTakenWholeOrNotAtAll() throws {
        try folder.write(pattern(1000), to: "A.MP4")
        let volume = try Volume(folder.path)
        let file = try listed(on: volume)
        #expect(try volume.content(of: file, limit: 1000) == pattern(1000))
        #expect(refusal { _ = try volume.content(of: file, limit: 999) }?.code == .limit)
        try folder.write([], to: "empty")
        #expect(try volume.content(of: try listed("empty", on: volume), limit: 0) == [])
    }
}
