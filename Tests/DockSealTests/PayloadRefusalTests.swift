import DockCore
import DockSystem
import Testing

@testable import DockSeal

/// Every rule about payloads, hit by itself. What is refused here, Debian's `age` refuses too.
@Suite struct PayloadRefusalTests {
    private let fixture: SealedFixture
    private let valid: HandmadeFile
    private let whole = [UInt8](repeating: 0x55, count: Sealer.chunk)

    init() throws {
        fixture = try SealedFixture()
        valid = try HandmadeFile(for: fixture.identity.recipient)
    }

    private func expect(_ fault: UnsealFault, _ bytes: [UInt8], _ place: SourceLocation = #_sourceLocation) throws {
        #expect(try fixture.refusal(of: bytes)?.why == fault.error(at: "").why, sourceLocation: place)
        #expect(try !fixture.ageOpens(bytes), "age opens it", sourceLocation: place)
    }

    private func file(_ chunks: [([UInt8], UInt64, Bool)], then rest: [UInt8] = []) throws -> [UInt8] {
        var file = valid
        try file.replacePayload(chunks)
        return try file.bytes() + rest
    }

    @Test func chunksInOrderAreOpened() throws {
        #expect(try fixture.open(file([(whole, 0, false), (whole, 1, false), ([1], 2, true)])) == whole + whole + [1])
        #expect(try fixture.open(file([(whole, 0, false), (whole, 1, true)])) == whole + whole)
        #expect(try fixture.open(file([([], 0, true)])) == [])
    }

    @Test func aMissingPayloadIsRefused() throws {
        try expect(.payloadMissing, file([]))
        var file = valid
        file.payload = []
        file.nonce = Array(file.nonce.dropLast())
        try expect(.nonceTruncated, file.bytes())
        file.nonce = []
        try expect(.nonceTruncated, file.bytes())
    }

    @Test func aFileThatIsCutAtAChunkBorderIsRefused() throws {
        try expect(.lastChunkMissing(after: 1), file([(whole, 0, false)]))
        try expect(.lastChunkMissing(after: 2), file([(whole, 0, false), (whole, 1, false)]))
        try expect(.lastChunkMissing(after: 1), file([([1, 2, 3], 0, false)]))
        try expect(.lastChunkMissing(after: 1), file([([], 0, false)]))
    }

    @Test func aFileThatIsCutWithinAChunkIsRefused() throws {
        let bytes = try file([(whole, 0, false), (whole, 1, true)])
        for cut in [1, 15, 16, 17, 60_000, Sealer.sealedChunk - 1] {
            try expect(.lastChunkDamaged(2), bytes.dropLast(cut))
        }
    }

    @Test func anEmptyLastChunkIsRefusedUnlessTheFileIsEmpty() throws {
        try expect(.lastChunkEmpty, file([(whole, 0, false), ([], 1, true)]))
    }

    @Test func dataBehindTheLastChunkIsRefused() throws {
        try expect(.lastChunkDamaged(1), file([([1], 0, true)], then: [0]))
        try expect(.trailingData(after: 1), file([(whole, 0, true)], then: [0]))
        try expect(.trailingData(after: 1), file([(whole, 0, true), ([1], 1, true)]))
        try expect(.trailingData(after: 1), file([(whole, 0, true), (whole, 1, true)]))
        try expect(.trailingData(after: 2), file([(whole, 0, false), (whole, 1, true), ([], 2, true)]))
    }

    @Test func chunksOutOfOrderAreRefused() throws {
        let other = [UInt8](repeating: 0xaa, count: Sealer.chunk)
        try expect(.chunkDamaged(1), file([(other, 1, false), (whole, 0, false), ([1], 2, true)]))
        try expect(.chunkDamaged(2), file([(whole, 0, false), (whole, 0, false), ([1], 2, true)]))
        try expect(.chunkDamaged(2), file([(whole, 0, false), (whole, 2, false), ([1], 3, true)]))
        try expect(.lastChunkDamaged(1), file([([1], 1, true)]))
        try expect(.lastChunkDamaged(1), file([([1], 1 << 56, true)]))
    }

    @Test func aShortChunkInTheMiddleIsRefused() throws {
        try expect(.chunkDamaged(1), file([(whole.dropLast(), 0, false), (whole, 1, true)]))
        try expect(.lastChunkDamaged(1), file([([1], 0, false), ([2], 1, true)]))
    }

    @Test func aPayloadOfAnotherFileIsRefused() throws {
        var file = valid
        file.payload = try HandmadeFile(for: fixture.identity.recipient).payload
        try expect(.lastChunkDamaged(1), file.bytes())
        file = valid
        file.nonce[3] ^= 4
        try expect(.lastChunkDamaged(1), file.bytes())
    }
}
