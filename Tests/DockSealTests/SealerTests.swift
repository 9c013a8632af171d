import DockCore
import DockSystem
import Testing

@testable import DockSeal

@Suite struct SealerTests {
    private let recipient: AgeRecipient
    private let whole = [UInt8](repeating: 7, count: Sealer.chunk)

    init() throws { recipient = try AgeIdentity.generate().recipient }

    private func room(_ chunks: Int = 1) -> [UInt8] { .init(repeating: 0, count: chunks * Sealer.sealedChunk) }

    @Test func sealingAfterTheLastChunkIsRefused() throws {
        var sealer = try Sealer(recipients: [recipient])
        var output = room()
        _ = try sealer.seal([1, 2, 3], isLast: true, into: &output)
        #expect(throws: DockError.self) { try sealer.seal(whole, isLast: false, into: &output) }
        #expect(throws: DockError.self) { try sealer.seal([], isLast: true, into: &output) }
    }

    @Test func anEmptyLastChunkIsRefusedUnlessTheFileIsEmpty() throws {
        var sealer = try Sealer(recipients: [recipient])
        var output = room()
        _ = try sealer.seal(whole, isLast: false, into: &output)
        #expect(throws: DockError.self) { try sealer.seal([], isLast: true, into: &output) }
        // The refusal changed nothing.
        #expect(try sealer.seal([1], isLast: true, into: &output).count == 17)
        var empty = try Sealer(recipients: [recipient])
        #expect(try empty.seal([], isLast: true, into: &output).count == 16)
    }

    @Test func aChunkInTheMiddleMustBeWhole() throws {
        var sealer = try Sealer(recipients: [recipient])
        var output = room()
        #expect(throws: DockError.self) { try sealer.seal([1, 2, 3], isLast: false, into: &output) }
        #expect(try sealer.seal([], isLast: false, into: &output).isEmpty)
    }

    @Test func aBufferThatIsTooSmallIsRefusedBeforeAnythingIsSealed() throws {
        var sealer = try Sealer(recipients: [recipient])
        var small = [UInt8](repeating: 0, count: 2 * Sealer.sealedChunk - 1)
        #expect(throws: DockError.self) { try sealer.seal(whole + whole, isLast: true, into: &small) }
        #expect(small.allSatisfy { $0 == 0 })
        var output = room(2)
        #expect(try sealer.seal(whole + whole, isLast: true, into: &output).count == output.count)
    }

    @Test func aFileHasBetweenOneAnd256Recipients() throws {
        let many = [AgeRecipient](repeating: recipient, count: 256)
        #expect(try Sealer(recipients: many).header.count == 22 + 98 * 256 + 48 + 16)
        for wrong in [[], many + [recipient]] {
            #expect(throws: DockError.self) {
                let sealer = try Sealer(recipients: wrong)
                _ = sealer.id
            }
        }
    }

    @Test func noTwoSealingsShareTheirKeysNonceOrName() throws {
        var seen: Set<[UInt8]> = []
        var names: Set<String> = []
        for _ in 0..<50 {
            let sealer = try Sealer(recipients: [recipient])
            #expect(seen.insert(Array(sealer.header.suffix(16))).inserted)
            #expect(seen.insert(Array(sealer.header[32..<75])).inserted)
            #expect(names.insert(sealer.id).inserted)
        }
    }

    @Test func theNameOfASealingIsTheHashOfItsHeaderWithoutTheNonce() throws {
        let sealer = try Sealer(recipients: [recipient])
        let header = Array(sealer.header.dropLast(16))
        #expect(header.last == UInt8(ascii: "\n"))
        #expect(sealer.id == Hex.encode(try SHA256Digest(hashing: header).bytes.prefix(16)))
        #expect(sealer.id.count == 32)
    }

    private static let sizes: [(Int64, Int, Int64)] = [
        (0, 1, 200), (1, 1, 201), (65536, 1, 65736), (65537, 2, 65851), (67_108_864, 0, 67_125_334), (-5, 1, 200),
        (.max, 1, .max), (.max - 100, 3, .max),
    ]

    @Test(arguments: sizes)
    func sizesAreKnownBeforehand(plaintext: Int64, recipients: Int, expected: Int64) {
        #expect(Sealer.sealedBytes(plaintext: plaintext, recipients: recipients) == expected)
    }
}
