import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockDevices

@Suite("Block devices")
struct BlockVolumeTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func full(_ bytes: Int64, name: String = "image", sectorBytes: Int = 512) throws -> LoopDevice {
        let image = try folder.write(Data(repeating: 0x5a, count: Int(bytes)), to: name)
        return try LoopDevice(over: image, in: folder, sectorBytes: sectorBytes)
    }

    @Test func sizesAndRights() throws {
        let loop = try full(8 << 20)
        let volume = try BlockVolume.open(BlockNode(loop.node), forWriting: true)
        #expect(volume.bytes == 8 << 20 && volume.logicalBlockBytes == 512 && volume.isWritable)
        // Two writers never have it at once; readers may look.
        let second = #expect(throws: DockError.self) { try open(loop.node, forWriting: true) }
        #expect(second?.code == .conflict)
        #expect(throws: Never.self) { try open(loop.node, forWriting: false) }
        let large = try full(8 << 20, name: "large", sectorBytes: 4096)
        let blocks = try BlockVolume.open(BlockNode(large.node), forWriting: false)
        #expect(blocks.logicalBlockBytes == 4096 && !blocks.isWritable)
    }

    @Test func whatIsMountedIsNotOpenedForWriting() throws {
        let loop = try full(16 << 20)
        _ = try Tool.run("mkfs.ext4", ["-q", "-F", loop.node])
        let mount = try TestMount([loop.node], on: "somewhere", in: folder)
        let error = #expect(throws: DockError.self) { try open(loop.node, forWriting: true) }
        #expect(error?.code == .conflict && error?.why.contains(mount.path) == true)
    }

    @Test func whatIsWriteProtectedIsNotOpenedForWriting() throws {
        let image = try full(8 << 20).image
        let locked = try LoopDevice(over: image, in: folder, readOnly: true)
        let error = #expect(throws: DockError.self) { try open(locked.node, forWriting: true) }
        #expect(error?.code == .refused)
        #expect(throws: Never.self) { try open(locked.node, forWriting: false) }
    }

    @Test func emptyDevicesAndOtherThingsAreNotOpened() throws {
        let empty = try LoopDevice(bytes: 0, in: folder, name: "empty")
        #expect(#expect(throws: DockError.self) { try open(empty.node, forWriting: false) }?.code == .disconnected)
        for path in ["/dev/null", folder.path, empty.image] {
            #expect(#expect(throws: DockError.self) { try open(path, forWriting: false) }?.code == .refused, "\(path)")
        }
        #expect(#expect(throws: DockError.self) { try open("/dev/none", forWriting: false) }?.code == .disconnected)
    }

    @Test func overwritingReachesTheRangeAndNothingElse() throws {
        let loop = try full(16 << 20)
        let volume = try BlockVolume.open(BlockNode(loop.node), forWriting: true)
        let start: Int64 = 512
        let end: Int64 = (13 << 20) + 1024
        var steps: [Int64] = []
        let pass = try volume.overwrite(start..<end, progress: { steps.append($0) })
        #expect(pass == ZeroPass(bytes: end - start))
        #expect(steps == [4, 8, 12].map { ($0 << 20) - start } + [end - start])
        var expected = [UInt8](repeating: 0x5a, count: 16 << 20)
        expected.replaceSubrange(Int(start)..<Int(end), with: [UInt8](repeating: 0, count: Int(end - start)))
        #expect(try loop.content(at: 0, count: 16 << 20) == expected)
        #expect(try volume.verifyZeros(start..<end, sampling: .all) == ZeroPass(bytes: end - start))
        #expect(try volume.verifyZeros(0..<volume.bytes, sampling: .all).firstNonzero == 0)
        let after = try volume.verifyZeros(start..<volume.bytes, sampling: .all)
        #expect(after.firstNonzero == end && after.bytes > end - start)
    }

    @Test func oneByteAnywhereIsFound() throws {
        let loop = try LoopDevice(bytes: 12 << 20, in: folder)
        let volume = try BlockVolume.open(BlockNode(loop.node), forWriting: false)
        for place: Int64 in [0, 1, 4095, 4096, (4 << 20) - 1, 4 << 20, (12 << 20) - 1] {
            try loop.change([1], at: place)
            #expect(try volume.verifyZeros(0..<volume.bytes, sampling: .all).firstNonzero == place)
            try loop.change([0], at: place)
        }
        #expect(try volume.verifyZeros(0..<volume.bytes, sampling: .all) == ZeroPass(bytes: 12 << 20))
    }

    @Test func longRunsCanBeStopped() throws {
        let loop = try full(16 << 20)
        let volume = try BlockVolume.open(BlockNode(loop.node), forWriting: true)
        var asked = 0
        let stop = {
            asked += 1
            return asked > 2
        }
        #expect(try volume.overwrite(0..<volume.bytes, shouldStop: stop) == ZeroPass(bytes: 8 << 20, wasStopped: true))
        #expect(try loop.content(at: (8 << 20) - 1, count: 2) == [0, 0x5a])
        asked = 0
        let read = try volume.verifyZeros(0..<(8 << 20), sampling: .all, shouldStop: { true })
        #expect(read == ZeroPass(bytes: 0, wasStopped: true))
        #expect(try volume.discard(0..<volume.bytes, shouldStop: { true }) == .stopped(0))
    }

    @Test func discardingPunchesHoles() throws {
        let loop = try full(16 << 20)
        let volume = try BlockVolume.open(BlockNode(loop.node), forWriting: true)
        #expect(try volume.discard((1 << 20)..<(15 << 20)) == .done)
        #expect(try volume.verifyZeros((1 << 20)..<(15 << 20), sampling: .all) == ZeroPass(bytes: 14 << 20))
        #expect(try loop.content(at: (1 << 20) - 1, count: 2) == [0x5a, 0])
        #expect(try loop.content(at: (15 << 20) - 1, count: 2) == [0, 0x5a])
        let blocks = try Tool.run("stat", ["-c", "%b", loop.image]).text
        #expect(try #require(Int(blocks.trimmingCharacters(in: .whitespacesAndNewlines))) < 8192)
    }

    @Test func aDeviceThatCannotDiscardSaysSo() throws {
        // A file of ramfs has no holes to punch.
        let below = try TestMount(["-t", "ramfs", "bodydock-test"], on: "below", in: folder)
        let loop = try full(8 << 20, name: "below/image")
        do {
            let volume = try BlockVolume.open(BlockNode(loop.node), forWriting: true)
            guard case .notSupported(let reason) = try volume.discard(0..<volume.bytes) else {
                Issue.record("it took the discard")
                return
            }
            #expect(reason.contains("no SCSI disk"))
            #expect(try loop.content(at: 0, count: 8 << 20).allSatisfy { $0 == 0x5a })
        }
        withExtendedLifetime((loop, below)) {}
    }

    @Test func rangesAreChecked() throws {
        let loop = try full(8 << 20)
        let volume = try BlockVolume.open(BlockNode(loop.node), forWriting: true)
        let wrong: [Range<Int64>] = [
            -512..<512, 0..<(8 << 20) + 512, 1..<512, 0..<511, Int64.min..<0, 0..<Int64.max, Int64.min..<Int64.max,
        ]
        for range in wrong {
            #expect(malformed { _ = try volume.overwrite(range) }, "\(range)")
            #expect(malformed { _ = try volume.discard(range) }, "\(range)")
            #expect(malformed { _ = try volume.verifyZeros(range, sampling: .all) }, "\(range)")
        }
        #expect(try volume.overwrite(512..<512) == ZeroPass())
        #expect(try volume.verifyZeros(512..<512, sampling: .fraction(0.5, seed: 1)) == ZeroPass())
        #expect(try loop.content(at: 0, count: 8 << 20).allSatisfy { $0 == 0x5a })
    }

    @Test func aWriteThatFailsIsReported() throws {
        // The file below cannot grow: its disk is full.
        let disk = try TestMount(["-t", "tmpfs", "-o", "size=8m", "bodydock-test"], on: "disk", in: folder)
        let loop = try LoopDevice(bytes: 16 << 20, in: folder, name: "disk/image")
        do {
            let volume = try BlockVolume.open(BlockNode(loop.node), forWriting: true)
            let error = #expect(throws: DockError.self) {
                // A hole stays a hole when zeros are written to some devices: these bytes are something.
                try volume.write([UInt8](repeating: 1, count: 12 << 20), at: 0)
                try volume.synchronize()
            }
            #expect(error?.code == .io || error?.code == .noSpace)
            #expect(error?.place.hasPrefix(loop.node) == true)
            let zeros = #expect(throws: DockError.self) { _ = try volume.overwrite(0..<volume.bytes) }
            #expect(zeros?.place.contains("from byte") == true, "\(String(describing: zeros))")
        }
        withExtendedLifetime((loop, disk)) {}
    }

    @Test func aReadThatFailsIsReported() throws {
        try folder.write(Data(repeating: 0, count: 16 << 20), to: "image")
        let camera = try FaultyCamera(serving: folder, unreadable: (9 << 20)..<(10 << 20))
        let loop = try LoopDevice(over: camera.path + "/image", in: folder, readOnly: true)
        do {
            let volume = try BlockVolume.open(BlockNode(loop.node), forWriting: false)
            var error: DockError?
            do { _ = try volume.verifyZeros(0..<volume.bytes, sampling: .all) } catch let caught { error = caught }
            #expect(error?.code == .io && error?.place == "\(loop.node), from byte 8388608")
            // What can be read still is.
            #expect(try volume.verifyZeros(0..<(8 << 20), sampling: .all) == ZeroPass(bytes: 8 << 20))
        }
        withExtendedLifetime((loop, camera)) {}
    }

    private func malformed(_ body: () throws -> Void) -> Bool {
        do {
            try body()
            return false
        } catch {
            return (error as? DockError)?.code == .malformed
        }
    }

    private func open(_ path: String, forWriting: Bool) throws {
        _ = try BlockVolume.open(BlockNode(path), forWriting: forWriting).bytes
    }
}

@Suite("Samples of a device")
struct ZeroSamplingTests {
    private let gibibyte: Int64 = 1 << 30

    @Test(arguments: [0.001, 0.01, 0.1, 0.5, 0.99]) func aPartIsReadEverywhere(_ fraction: Double) {
        let range: Range<Int64> = 4096..<64 * gibibyte
        let samples = ZeroSampling.fraction(fraction, seed: 7).samples(of: range, block: 4096)
        let read = samples.reduce(Int64(0)) { $0 + Int64($1.count) }
        let wanted = Double(range.count) * fraction
        #expect(Double(read) >= wanted && Double(read) <= wanted * 1.01 + 2001 * 4096)
        #expect(samples.first?.lowerBound == range.lowerBound && samples.last?.upperBound == range.upperBound)
        for (one, next) in zip(samples, samples.dropFirst()) {
            #expect(one.upperBound < next.lowerBound)
            #expect(one.lowerBound % 4096 == 0)
            // No gap is wider than two halves of a section.
            #expect(next.lowerBound - one.upperBound <= Int64(range.count) / 1000 + 8192)
        }
    }

    @Test func theSameSeedGivesTheSamePlaces() {
        let range = 0..<gibibyte
        let once = ZeroSampling.fraction(0.1, seed: 1).samples(of: range, block: 4096)
        #expect(once == ZeroSampling.fraction(0.1, seed: 1).samples(of: range, block: 4096))
        #expect(once != ZeroSampling.fraction(0.1, seed: 2).samples(of: range, block: 4096))
    }

    @Test func oddPartsAndSizes() {
        for fraction in [-1, 0, .nan, .infinity, -.infinity, 1, 2, 1e-300] {
            for count: Int64 in [0, 512, 4096, 4608, 8192, 1 << 20, (1 << 20) + 512] {
                let range = 1024..<(1024 + count)
                let samples = ZeroSampling.fraction(fraction, seed: .max).samples(of: range, block: 4096)
                #expect(
                    samples.allSatisfy {
                        !$0.isEmpty && range.contains($0.lowerBound) && $0.upperBound <= range.upperBound
                    })
                #expect(samples.isEmpty == range.isEmpty)
                #expect(zip(samples, samples.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound })
            }
        }
        #expect(ZeroSampling.all.samples(of: 5..<9, block: 4096) == [5..<9])
        #expect(!ZeroSampling.fraction(0.1, seed: 3).samples(of: 0..<Int64.max / 4096 * 4096, block: 4096).isEmpty)
    }
}
