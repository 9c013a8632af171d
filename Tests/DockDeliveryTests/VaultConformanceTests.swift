import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Synchronization
import Testing

@testable import DockDelivery

/// What every vault must do, whatever it is made of. A new kind of vault joins by a case of ``VaultKind``.
@Suite struct VaultConformanceTests {
    static let confirmations: [Receipt.Confirmation] = [.head, .readback]

    @Test(arguments: VaultKind.allCases, confirmations)
    func storesABatchAndTheReceiptsAreTrue(_ kind: VaultKind, _ confirm: Receipt.Confirmation) throws {
        let bench = try VaultBench(kind)
        let smallest = Int64(SealedSample.headerBytes + 32)
        let batch = try [smallest, smallest + 1, 65_552, 1 << 20, 3_000_000].enumerated().map { index, bytes in
            try SealedSample.make(in: bench.spool, bytes: bytes, name: "000\(index).MP4", recording: "R\(index % 2)")
        }
        let answers = try Answers(bench.vault(confirm), batch)
        for (index, consignment) in batch.enumerated() {
            let receipt = try answers.receipt(index)
            let key = bench.key(of: consignment.sealed)
            let spooled = try Data(contentsOf: URL(fileURLWithPath: consignment.file))
            #expect(receipt.key == key)
            #expect(receipt.vault == "archive")
            #expect(receipt.sealing == consignment.sealed.id)
            #expect(receipt.bytes == Int64(spooled.count))
            #expect(receipt.confirmation == confirm)
            #expect(try bench.bytes(key) == spooled)
            if confirm == .readback {
                let sum = try Tool.run("sha256sum", [consignment.file]).text.prefix(64)
                #expect(receipt.checksum == "sha256:\(sum)")
            }
        }
        #expect(try bench.keys() == batch.map { bench.key(of: $0.sealed) }.sorted())
        #expect(answers.bytes == batch.reduce(0) { $0 + $1.sealed.bytes })
    }

    @Test(arguments: VaultKind.allCases, confirmations)
    func takesARecordThatIsNotSealed(_ kind: VaultKind, _ confirm: Receipt.Confirmation) throws {
        let bench = try VaultBench(kind)
        let vault = try bench.vault(confirm)
        let record = try SealedSample.record(
            "bodydock/stadhuis-1\n7\n", in: bench.spool, withParts: confirm == .readback)
        let receipt = try Answers(vault, [record]).receipt()
        #expect(receipt.key.hasSuffix("stadhuis-1/checkpoints/2026/09/000000000007.e3b0c44298fc.checkpoint"))
        #expect(try bench.bytes(receipt.key) == Data("bodydock/stadhuis-1\n7\n".utf8))
        #expect(try Answers(vault, [record]).receipt().key == receipt.key, "the same once more is the same object")
        #expect(try vault.confirm(record.sealed, key: receipt.key).get().key == receipt.key)
        // Another of the same name and size does not replace it, and does not pass for it.
        let other = try SealedSample.record("bodydock/stadhuis-2\n7\n", in: bench.spool)
        let beside = try Answers(vault, [other]).receipt()
        #expect(beside.key.hasSuffix(".\(other.sealed.id.prefix(12)).checkpoint") && beside.key != receipt.key)
        #expect(vault.confirm(other.sealed, key: receipt.key).error?.code == .mismatch)
    }

    @Test(arguments: VaultKind.allCases)
    func objectsAtThePartBorderArriveWhole(_ kind: VaultKind) throws {
        let bench = try VaultBench(kind)
        let vault = try bench.vault(.readback)
        for (index, bytes) in [SealedSample.fullPart, SealedSample.fullPart + 17].enumerated() {
            let consignment = try SealedSample.make(in: bench.spool, bytes: bytes, name: "000\(index).MP4")
            #expect(consignment.sealed.parts?.count == index + 1)
            let answers = Answers(vault, [consignment])
            let receipt = try answers.receipt()
            #expect(receipt.bytes == bytes)
            #expect(answers.bytes == bytes)
            let same = try bench.bytes(receipt.key) == Data(contentsOf: URL(fileURLWithPath: consignment.file))
            #expect(same)
            try bench.remove(receipt.key)
        }
    }

    @Test(arguments: VaultKind.allCases)
    func anObjectComesBackWholeAndFromAnyPlace(_ kind: VaultKind) throws {
        let bench = try VaultBench(kind)
        let consignment = try SealedSample.make(in: bench.spool, bytes: 3_000_000)
        let vault = try bench.vault()
        let receipt = try Answers(vault, [consignment]).receipt()
        let whole = try Data(contentsOf: URL(fileURLWithPath: consignment.file))
        for start in [0, 1, 1_500_000, 2_999_999, 3_000_000] as [Int64] {
            let got = Mutex(Data())
            let result = vault.fetch(receipt.key, version: receipt.version, bytes: receipt.bytes, from: start) {
                piece, offset in
                got.withLock { got in
                    if Int64(got.count) == offset - start { got.append(contentsOf: piece) }
                }
            }
            #expect(throws: Never.self) { try result.get() }
            let same = got.withLock { $0 == whole.dropFirst(Int(start)) }
            #expect(same, "from \(start)")
        }
        func error(_ key: String, bytes: Int64) -> DockError.Code? {
            let result = vault.fetch(key, version: nil, bytes: bytes, from: 0) { _, _ in }
            if case .failure(let error) = result { return error.code }
            return nil
        }
        #expect(error(receipt.key, bytes: receipt.bytes - 1) == .mismatch)
        #expect(error(receipt.key, bytes: receipt.bytes + 1) == .mismatch)
        #expect(error(receipt.key + "x", bytes: receipt.bytes) == .notFound)
    }

    @Test(arguments: VaultKind.allCases)
    func objectsAreNeverSeenUnderTheirNameBeforeTheyAreWhole(_ kind: VaultKind) throws {
        let bench = try VaultBench(kind)
        let consignment = try SealedSample.make(in: bench.spool, bytes: 2 * SealedSample.fullPart)
        let vault = try bench.vault()
        let receipt = OnThread { try Answers(vault, [consignment]).receipt() }
        repeat {
            let sizes = try bench.sizes()
            #expect(sizes.allSatisfy { $0 == consignment.sealed.bytes })
        } while !receipt.isReady
        _ = try receipt.wait()
        #expect(try bench.sizes() == [consignment.sealed.bytes])
    }

    @Test(arguments: VaultKind.allCases, confirmations)
    func storingTwiceGivesOneObjectAndTwoReceipts(_ kind: VaultKind, _ confirm: Receipt.Confirmation) throws {
        let bench = try VaultBench(kind)
        let consignment = try SealedSample.make(in: bench.spool)
        let first = try Answers(bench.vault(confirm), [consignment]).receipt()
        let second = try Answers(bench.vault(confirm), [consignment]).receipt()
        #expect(first.key == second.key)
        #expect(first.checksum == second.checksum)
        #expect(try bench.keys() == [first.key])
    }

    @Test(arguments: VaultKind.allCases)
    func theSameObjectTwiceInABatchIsOneObject(_ kind: VaultKind) throws {
        let bench = try VaultBench(kind)
        let consignment = try SealedSample.make(in: bench.spool)
        let answers = try Answers(bench.vault(), [consignment, consignment])
        #expect(try answers.receipt(0).key == answers.receipt(1).key)
        #expect(try bench.keys().count == 1)
    }

    @Test(arguments: VaultKind.allCases, [4096, SealedSample.fullPart + 100_000])
    func severalRunsThatStoreTheSameAtOnceEndWithOneObject(_ kind: VaultKind, _ bytes: Int64) throws {
        let bench = try VaultBench(kind)
        let consignment = try SealedSample.make(in: bench.spool, bytes: bytes)
        let runs = try (0..<4).map { _ in
            let vault = try bench.vault()
            return OnThread { try Answers(vault, [consignment]).receipt().key }
        }
        let keys = try Set(runs.map { try $0.wait() })
        #expect(keys == [bench.key(of: consignment.sealed)])
        #expect(try bench.keys() == Array(keys))
        let same =
            try bench.bytes(bench.key(of: consignment.sealed))
            == Data(contentsOf: URL(fileURLWithPath: consignment.file))
        #expect(same)
    }

    @Test(arguments: VaultKind.allCases)
    func anotherObjectUnderTheNameIsLeftAloneAndTheSealingStandsBesideIt(_ kind: VaultKind) throws {
        let bench = try VaultBench(kind)
        let first = try SealedSample.make(in: bench.spool)
        let second = try SealedSample.make(in: bench.spool)
        #expect(first.sealed.object == second.sealed.object)
        let key = try Answers(bench.vault(), [first]).receipt().key
        let before = try bench.bytes(key)
        let receipt = try Answers(bench.vault(), [second]).receipt()
        #expect(receipt.key == bench.key(of: second.sealed.object.besideOther(sealing: second.sealed.id)))
        #expect(try bench.bytes(key) == before)
        #expect(try Answers(bench.vault(), [second]).receipt().key == receipt.key)
        #expect(try bench.keys() == [key, receipt.key].sorted())
    }

    @Test(arguments: VaultKind.allCases)
    func bothNamesTakenByOthersIsAConflictAndNothingIsTouched(_ kind: VaultKind) throws {
        let bench = try VaultBench(kind)
        let consignment = try SealedSample.make(in: bench.spool)
        let names = [consignment.sealed.object, consignment.sealed.object.besideOther(sealing: consignment.sealed.id)]
        let other = Data(repeating: 7, count: Int(consignment.sealed.bytes))
        for name in names { try bench.plant(other, at: bench.key(of: name)) }
        let error = try Answers(bench.vault(), [consignment]).error()
        #expect(error.code == .conflict)
        #expect(!error.isPassing)
        for name in names { #expect(try bench.bytes(bench.key(of: name)) == other) }
    }

    @Test(arguments: VaultKind.allCases)
    func whatCannotBeDeliveredDoesNotHoldUpTheRest(_ kind: VaultKind) throws {
        let bench = try VaultBench(kind)
        var batch = try (0..<12).map { try SealedSample.make(in: bench.spool, name: "000\($0).MP4") }
        // Truncated, another sealing's file, and gone.
        #expect(truncate(batch[0].file, 4000) == 0)
        batch[1] = Consignment(sealed: batch[1].sealed, file: batch[11].file)
        for index in 2..<10 {
            batch[index] = Consignment(sealed: batch[index].sealed, file: batch[index].file + ".gone")
        }
        let answers = try Answers(bench.vault(), batch)
        #expect(try answers.error(0).code == .corrupt)
        #expect(try answers.error(1).code == .corrupt)
        for index in 2..<10 { #expect(try answers.error(index).code == .notFound) }
        _ = try answers.receipt(10)
        _ = try answers.receipt(11)
        #expect(try bench.keys().count == 2)
    }

    /// Of the one the hash of each part is known, of the other that of the whole: size, header and end are what they were.
    @Test(arguments: VaultKind.allCases, [true, false])
    func nothingIsStoredOfAFileThatRotted(_ kind: VaultKind, withParts: Bool) throws {
        let bench = try VaultBench(kind)
        let sample = try SealedSample.make(in: bench.spool, bytes: 100_000, withParts: withParts)
        var sealed = sample.sealed
        let url = URL(fileURLWithPath: sample.file)
        let whole = try Data(contentsOf: url)
        if !withParts { sealed.sha256 = try SHA256Digest(hashing: Array(whole)) }
        var rotten = whole
        rotten[50_000] ^= 1
        try rotten.write(to: url)
        let consignment = Consignment(sealed: sealed, file: sample.file)
        #expect(try Answers(bench.vault(), [consignment]).error().code == .corrupt)
        #expect(try bench.keys().isEmpty)
        try whole.write(to: url)
        #expect(try Answers(bench.vault(), [consignment]).receipt().key == bench.key(of: sealed))
    }

    @Test(arguments: VaultKind.allCases, confirmations)
    func confirmAsksAgainAndSaysWhenTheObjectIsGone(_ kind: VaultKind, _ confirm: Receipt.Confirmation) throws {
        let bench = try VaultBench(kind)
        let consignment = try SealedSample.make(in: bench.spool)
        let vault = try bench.vault(confirm)
        let receipt = try Answers(vault, [consignment]).receipt()
        // Audits come when the spool is empty.
        try FileManager.default.removeItem(atPath: consignment.file)
        let again = try vault.confirm(consignment.sealed, key: receipt.key).get()
        #expect(again.checksum == receipt.checksum)
        try bench.remove(receipt.key)
        #expect(vault.confirm(consignment.sealed, key: receipt.key).error?.code == .notFound)
    }

    @Test(arguments: VaultKind.allCases, confirmations)
    func confirmSaysWhenAnotherObjectStandsThere(_ kind: VaultKind, _ confirm: Receipt.Confirmation) throws {
        let bench = try VaultBench(kind)
        let consignment = try SealedSample.make(in: bench.spool)
        let vault = try bench.vault(confirm)
        let receipt = try Answers(vault, [consignment]).receipt()
        let other = try SealedSample.make(in: bench.spool)
        try bench.remove(receipt.key)
        try bench.plant(Data(contentsOf: URL(fileURLWithPath: other.file)), at: receipt.key)
        #expect(vault.confirm(consignment.sealed, key: receipt.key).error?.code == .mismatch)
    }

    @Test(arguments: VaultKind.allCases)
    func readBackFindsOneWrongBit(_ kind: VaultKind) throws {
        let bench = try VaultBench(kind)
        let consignment = try SealedSample.make(in: bench.spool, bytes: 100_000)
        let vault = try bench.vault(.readback)
        let receipt = try Answers(vault, [consignment]).receipt()
        try bench.damage(receipt.key)
        #expect(vault.confirm(consignment.sealed, key: receipt.key).error?.code == .mismatch)
    }

    @Test(arguments: [VaultKind.copied, .bucket])
    func aDamagedObjectFoundUnderTheNameDoesNotCountAsStored(_ kind: VaultKind) throws {
        let bench = try VaultBench(kind)
        let consignment = try SealedSample.make(in: bench.spool, bytes: 100_000)
        let key = try Answers(bench.vault(.readback), [consignment]).receipt().key
        try bench.damage(key)
        let receipt = try Answers(bench.vault(.readback), [consignment]).receipt()
        #expect(receipt.key == bench.key(of: consignment.sealed.object.besideOther(sealing: consignment.sealed.id)))
        #expect(try bench.bytes(receipt.key) == Data(contentsOf: URL(fileURLWithPath: consignment.file)))
    }

    @Test(arguments: VaultKind.allCases)
    func segmentsSealedWithoutPartDigestsAreDeliveredAllTheSame(_ kind: VaultKind) throws {
        let bench = try VaultBench(kind)
        let consignment = try SealedSample.make(in: bench.spool, withParts: false)
        let receipt = try Answers(bench.vault(.readback), [consignment]).receipt()
        #expect(receipt.checksum.hasPrefix("sha256:"))
        #expect(try bench.vault(.head).confirm(consignment.sealed, key: receipt.key).get().key == receipt.key)
        #expect(try bench.vault(.readback).confirm(consignment.sealed, key: receipt.key).error?.code == .configuration)
    }

    @Test(arguments: VaultKind.allCases)
    func anEmptyBatchIsDoneAtOnce(_ kind: VaultKind) throws {
        let bench = try VaultBench(kind)
        #expect(try Answers(bench.vault(), []).bytes == 0)
    }
}

/// Work that runs on a thread of its own from now on.
final class OnThread<Value: Sendable>: Sendable {
    private let outcome = Mutex<Result<Value, any Error>?>(nil)
    private let end = DispatchSemaphore(value: 0)

    init(_ body: @escaping @Sendable () throws -> Value) {
        Thread {
            let result = Result { try body() }
            self.outcome.withLock { $0 = result }
            self.end.signal()
        }.start()
    }

    var isReady: Bool { outcome.withLock { $0 != nil } }

    /// What came of it. To be asked once.
    func wait() throws -> Value {
        end.wait()
        guard let result = outcome.withLock({ $0 }) else { throw Answers.Unexpected("no outcome") }
        return try result.get()
    }
}
