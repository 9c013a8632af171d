import DockCore
import DockTestSupport
import Testing

@testable import DockDevices

/// Hostile bytes: whatever a volume holds, the answer is facts, none, or an error; never a crash, and never after long.
@Suite("Superblocks under fire")
struct SuperblockFuzzTests {
    private static func sample(_ program: String, _ arguments: [String], bytes: Int64) throws -> MemoryVolume {
        let image = try ImageFile(bytes: bytes)
        try image.run(program, arguments)
        return MemoryVolume(content: try image.read(at: 0, count: min(Int(bytes), 3 << 20)), bytes: bytes)
    }

    private static func samples() throws -> [MemoryVolume] {
        [
            try sample("mkfs.vfat", ["-F", "12", "-s", "1", "--mbr=no", "-n", "CAM"], bytes: 1 << 20),
            try sample("mkfs.vfat", ["-F", "16", "-s", "1", "--mbr=no", "-n", "CAM"], bytes: 4 << 20),
            try sample("mkfs.vfat", ["-F", "32", "-s", "1", "--mbr=no", "-n", "CAM"], bytes: 36 << 20),
            try sample("mkfs.exfat", ["-c", "4096", "-L", "CAM"], bytes: 8 << 20),
            try sample("mkfs.ext4", ["-q", "-F", "-L", "CAM"], bytes: 4 << 20),
        ]
    }

    /// What is in a boot sector decides where is read: extreme numbers in each of its fields.
    @Test func extremeNumbersAnywhere() throws {
        for sample in try Self.samples() {
            let isExt = sample.content[1080] == 0x53
            for offset in isExt ? 1024..<1400 : 0..<128 {
                for value: [UInt8] in [
                    [0], [0xff], [0xff, 0xff], [0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0x80], [1],
                ] {
                    var changed = sample
                    changed.content.replaceSubrange(offset..<(offset + value.count), with: value)
                    if !isExt { changed.repairChecksum() }
                    check(changed)
                }
            }
        }
    }

    @Test func flippedBitsAndNoise() throws {
        var random = Dice(state: 2026)
        for sample in try Self.samples() {
            for _ in 0..<400 {
                var changed = sample
                for _ in 0..<random.roll(1...12) {
                    // Mostly where the structures are.
                    let place = random.roll(0...3) == 0 ? random.roll(0...0xffff) : random.roll(0...1535)
                    changed.content[place] ^= UInt8(1 << random.roll(0...7))
                }
                if random.roll(0...1) == 0 { changed.repairChecksum() }
                check(changed)
                // A card that is smaller than it says.
                changed.bytes = Int64(random.roll(0...Int(changed.bytes)))
                check(changed)
            }
        }
        for _ in 0..<2000 {
            let bytes = (0..<random.roll(0...8192)).map { _ in UInt8(random.roll(0...255)) }
            var noise = MemoryVolume(content: bytes, bytes: Int64(bytes.count) << random.roll(0...30))
            check(noise)
            guard noise.content.count > 2048 else { continue }
            // Noise with the right signatures.
            noise.content.replaceSubrange(510..<512, with: [0x55, 0xaa])
            noise.content.replaceSubrange(1080..<1082, with: [0x53, 0xef])
            noise.content[0] = 0xeb
            check(noise)
            noise.content.replaceSubrange(0..<11, with: [0xeb, 0x76, 0x90] + Array("EXFAT   ".utf8))
            noise.content.replaceSubrange(11..<64, with: [UInt8](repeating: 0, count: 53))
            check(noise)
        }
    }

    private func check(_ volume: MemoryVolume) {
        do {
            guard let facts = try Superblock.find(in: volume, at: "fuzz") else { return }
            #expect(facts.clusterBytes >= 512 && facts.clusterBytes <= 32 << 20)
            #expect((facts.kind == .vfat) == (facts.fatBits != nil))
            #expect(facts.label?.isEmpty != true && (facts.label?.utf8.count ?? 0) <= 48)
        } catch {
            #expect(error.code == .malformed)
        }
    }
}

extension MemoryVolume {
    /// exFAT's checksum over its boot region, so that what was changed there is looked at.
    fileprivate mutating func repairChecksum() {
        guard content.count >= 6144, content[3] == UInt8(ascii: "E") else { return }
        var sum: UInt32 = 0
        for index in 0..<5632 where ![106, 107, 112].contains(index) {
            sum = (sum << 31 | sum >> 1) &+ UInt32(content[index])
        }
        for index in 0..<512 { content[5632 + index] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(index % 4))) }
    }
}

/// The same numbers each time.
struct Dice {
    var state: UInt64

    mutating func roll(_ range: ClosedRange<Int>) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return range.lowerBound + Int((state >> 33) % UInt64(range.count))
    }
}
