import DockCore
import DockSystem
import Testing

@testable import DockSeal

/// Whatever happens to a sealed file: it is refused, and nothing of it appears.
@Suite struct DamageTests {
    private let fixture: SealedFixture
    private let sealed: [UInt8]
    private let headerSize = 22 + 98 + 48 + 16

    init() throws {
        fixture = try SealedFixture()
        sealed = try fixture.seal(Randomness.bytes(3 * Sealer.chunk + 100))
    }

    private func isRefused(_ bytes: [UInt8]) throws -> Bool { try fixture.refusal(of: bytes) != nil }

    @Test func everyChangedByteOfTheHeaderIsNoticed() throws {
        for index in 0..<headerSize {
            for change: UInt8 in [0x01, 0x20, 0x80] {
                var bytes = sealed
                bytes[index] ^= change
                #expect(try isRefused(bytes), "byte \(index) ^ \(change)")
            }
        }
    }

    @Test func aChangedByteInEveryChunkIsNoticed() throws {
        for start in stride(from: headerSize, to: sealed.count, by: Sealer.sealedChunk) {
            let end = min(start + Sealer.sealedChunk, sealed.count)
            for index in [start, (start + end) / 2, end - 17, end - 16, end - 1] {
                var bytes = sealed
                bytes[index] ^= 1
                #expect(try isRefused(bytes), "byte \(index)")
            }
        }
    }

    @Test func everyCutAroundChunkBordersAndInTheHeaderIsNoticed() throws {
        let borders = stride(from: headerSize, to: sealed.count, by: Sealer.sealedChunk)
        let cuts =
            Array(0...headerSize + 17) + borders.flatMap { [$0 - 1, $0, $0 + 1, $0 + 15, $0 + 16, $0 + 17] } + [
                sealed.count - 1
            ]
        for cut in cuts { #expect(try isRefused(Array(sealed.prefix(cut))), "cut at \(cut)") }
    }

    @Test func randomDamageIsNoticed() throws {
        var random = SplitMix(state: 20_261_123)
        for round in 0..<300 {
            var bytes = sealed
            for _ in 0...Int.random(in: 0...2, using: &random) { damage(&bytes, &random) }
            let result = Result { try fixture.open(bytes) }
            if bytes == sealed { continue }
            guard case .failure(let error) = result else {
                Issue.record("round \(round): a damaged file was opened")
                continue
            }
            #expect(error is DockError, "round \(round): \(error)")
        }
    }

    private func damage(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        // Half of the damage hits the header, which is a small part of the file.
        let limit = Bool.random(using: &random) ? min(headerSize, bytes.count) : bytes.count
        guard limit > 0 else { return }
        let index = Int.random(in: 0..<limit, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
        case 2: bytes.remove(at: index)
        case 3: bytes.removeSubrange(index..<min(index + Int.random(in: 1...70_000, using: &random), bytes.count))
        default:
            bytes.append(
                contentsOf: bytes[index..<min(index + Int.random(in: 1...70_000, using: &random), bytes.count)])
        }
    }
}

/// The same numbers in every run (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators").
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
