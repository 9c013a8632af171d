import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockDelivery

/// An upload that was cut off goes on where it was, and nothing but the spool decides what is sent.
@Suite struct S3ResumeTests {
    /// A bucket of the real gateway behind a relay, and vaults in it as new runs would open them.
    private struct Bench {
        let folder: TemporaryFolder
        let bucket: S3Bench
        let relay: Relay
        let settings: S3Settings

        init(connections: Int = 1) throws {
            folder = try TemporaryFolder()
            bucket = try CephGateway.shared().makeBucket()
            relay = try Relay(to: CephGateway.shared().endpoint)
            settings = S3Settings(
                endpoint: relay.endpoint, region: "us-east-1", bucket: bucket.bucket, prefix: "p",
                credentials: try VaultBench.credentials(in: folder), connections: connections, stallTimeout: 60)
        }

        /// - Parameter stallTimeout: seconds that it waits for a service that says nothing.
        func vault(
            _ confirm: Receipt.Confirmation = .head, stallTimeout: Double = 60, backoff: Backoff = Backoff(pauses: [])
        ) throws -> S3Vault {
            var settings = settings
            settings.stallTimeout = stallTimeout
            return try S3Vault(
                name: "archive", settings: settings, confirmation: confirm, backoff: backoff,
                records: folder.at("uploads"), clock: WallClock.now)
        }

        func key(_ consignment: Consignment) -> String { "p/" + consignment.sealed.object.text }

        /// The stretches of a sample, as a vault sends them.
        func stretches(_ consignment: Consignment) throws -> [FileStretch] {
            let file = SharedFile(try Descriptor.open(consignment.file, flags: O_RDONLY))
            return try #require(consignment.sealed.parts).map { FileStretch($0, of: file) { _ in } }
        }

        func isStored(_ consignment: Consignment) throws -> Bool {
            try bucket.bytes(key(consignment)) == Data(contentsOf: URL(fileURLWithPath: consignment.file))
        }
    }

    @Test(arguments: ["cut", "hush"])
    func aLostNetworkCostsNoPartThatHadArrived(_ how: String) throws {
        let bench = try Bench()
        let part = SealedSegment.partBytes
        let consignment = try SealedSample.make(in: bench.folder.path, bytes: 3 * part)
        if how == "cut" {
            try bench.relay.cut(after: part + part / 2)
        } else {
            try bench.relay.hush(after: part + part / 2)
        }
        let first = try Answers(bench.vault(stallTimeout: 5), [consignment])
        #expect(try first.error().isPassing)
        #expect(try bench.bucket.uploads().count == 1)
        #expect(try bench.bucket.keys().isEmpty)
        let before = try bench.relay.count()
        try bench.relay.open()
        let second = try Answers(bench.vault(), [consignment])
        #expect(try second.receipt().bytes == consignment.sealed.bytes)
        // Of three parts one had arrived; what is more than two is requests.
        let sent = try bench.relay.count() - before
        let parts = try #require(consignment.sealed.parts)
        let missing = parts.dropFirst().reduce(0) { $0 + $1.size }
        #expect(sent >= missing && sent < missing + 100_000, "\(sent) bytes for \(missing) that were missing")
        #expect(second.bytes == missing)
        #expect(try bench.isStored(consignment))
        #expect(try bench.bucket.uploads().isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder.at("uploads")).isEmpty)
    }

    @Test func anUploadThatOnlyLacksItsEndIsCompletedWithoutAByteOfFootage() throws {
        let bench = try Bench()
        let consignment = try SealedSample.make(in: bench.folder.path, bytes: SealedSample.fullPart + 5000)
        let vault = try bench.vault()
        let upload = try vault.bucket.createUpload(bench.key(consignment), sealing: consignment.sealed.id)
        for (index, stretch) in try bench.stretches(consignment).enumerated() {
            _ = try vault.bucket.put(stretch, part: index + 1, of: upload, bench.key(consignment))
        }
        let before = try bench.relay.count()
        // The dock's own record is lost: what the service lists is enough.
        #expect(try Answers(bench.vault(.readback), [consignment]).receipt().checksum.hasPrefix("sha256:"))
        #expect(try bench.relay.count() - before < 50_000)
    }

    @Test func partsOfAnotherSealingAreNeverUsed() throws {
        let bench = try Bench()
        let bytes = SealedSample.fullPart + 5000
        let other = try SealedSample.make(in: bench.folder.path, bytes: bytes)
        let consignment = try SealedSample.make(in: bench.folder.path, bytes: bytes)
        #expect(other.sealed.object == consignment.sealed.object)
        let vault = try bench.vault()
        let upload = try vault.bucket.createUpload(bench.key(other), sealing: other.sealed.id)
        for (index, stretch) in try bench.stretches(other).enumerated() {
            _ = try vault.bucket.put(stretch, part: index + 1, of: upload, bench.key(other))
        }
        _ = try Answers(vault, [consignment]).receipt()
        #expect(try bench.isStored(consignment))
        // Another run may be at work on it.
        #expect(try bench.bucket.uploads() == [upload])
    }

    @Test func partsThatTheServiceHasWronglyAreSentAgain() throws {
        let bench = try Bench()
        let consignment = try SealedSample.make(in: bench.folder.path, bytes: 2 * SealedSample.fullPart)
        let vault = try bench.vault()
        let key = bench.key(consignment)
        let upload = try vault.bucket.createUpload(key, sealing: consignment.sealed.id)
        let stretches = try bench.stretches(consignment)
        _ = try vault.bucket.put(stretches[0], part: 1, of: upload, key)
        // Part 2 has the bytes of part 3, and part 3 those of another file of the same size.
        _ = try vault.bucket.put(stretches[2], part: 2, of: upload, key)
        let third = try SealedSample.make(in: bench.folder.path, bytes: stretches[2].part.size)
        _ = try vault.bucket.put(bench.stretches(third)[0], part: 3, of: upload, key)
        let answers = Answers(vault, [consignment])
        _ = try answers.receipt()
        #expect(answers.bytes == stretches[1].part.size + stretches[2].part.size)
        #expect(try bench.isStored(consignment))
        #expect(try bench.bucket.uploads().isEmpty)
    }

    @Test func severalRunsThatGoOnWithTheSameUploadDoNotDisturbEachOther() throws {
        let bench = try Bench(connections: 2)
        let consignment = try SealedSample.make(in: bench.folder.path, bytes: 4 * SealedSegment.partBytes)
        // Of two parts under way at once, one at least is whole by then.
        try bench.relay.cut(after: 2 * SealedSegment.partBytes + 1_000_000)
        #expect(try Answers(bench.vault(), [consignment]).error().isPassing)
        try bench.relay.open()
        let runs = try (0..<4).map { _ in
            // The gateway answers 500 to one who completes what another is completing.
            let vault = try bench.vault(.readback, backoff: .quick)
            return OnThread { try Answers(vault, [consignment]).receipt().key }
        }
        #expect(try Set(runs.map { try $0.wait() }) == [bench.key(consignment)])
        #expect(try bench.isStored(consignment))
    }

    @Test func anErrorThatPassesKeepsThePartsAndOneThatStaysGivesThemUp() throws {
        let service = try HostileService()
        let endpoint = "http://127.0.0.1:\(service.port)"
        let late = try HostileBench("late-part", endpoint: endpoint, connections: 1)
        let consignment = try SealedSample.make(in: late.folder.path, bytes: 4 * SealedSegment.partBytes)
        #expect(try Answers(late.vault, [consignment]).error().isPassing)
        #expect(try service.uploads("late-part") == 1)
        let before = try service.bytes("late-part")
        _ = try Answers(late.vault, [consignment]).receipt()
        #expect(try service.uploads("late-part") == 0)
        let first = try #require(consignment.sealed.parts?.first?.size)
        let rest = consignment.sealed.bytes - first
        let sent = try service.bytes("late-part") - before
        #expect(sent >= rest && sent < rest + 100_000)
        let dead = try HostileBench("dead-part", endpoint: endpoint, connections: 1)
        #expect(try !dead.store(bytes: SealedSample.fullPart + 5).error().isPassing)
        #expect(try service.uploads("dead-part") == 0)
    }

    @Test func listingsOfManyPagesAreReadToTheirEnd() throws {
        let service = try HostileService()
        let bench = try HostileBench("late-part", endpoint: "http://127.0.0.1:\(service.port)", connections: 1)
        let consignment = try SealedSample.make(in: bench.folder.path, bytes: 6 * SealedSegment.partBytes)
        let key = consignment.sealed.object.text
        // The service lists two uploads and two parts on a page. Ours is neither the first nor the second of its uploads.
        for _ in 0..<4 { _ = try bench.vault.bucket.createUpload(key, sealing: "other") }
        let upload = try bench.vault.bucket.createUpload(key, sealing: consignment.sealed.id)
        let file = SharedFile(try Descriptor.open(consignment.file, flags: O_RDONLY))
        for number in [1, 3, 4, 5, 6] {
            let part = try #require(consignment.sealed.parts)[number - 1]
            _ = try bench.vault.bucket.put(FileStretch(part, of: file) { _ in }, part: number, of: upload, key)
        }
        #expect(try bench.vault.bucket.uploads(of: key).count == 5)
        #expect(try bench.vault.bucket.parts(of: upload, key)?.keys.sorted() == [1, 3, 4, 5, 6])
        // Part 2 fails once; then it is all that is sent.
        #expect(try Answers(bench.vault, [consignment]).error().isPassing)
        let answers = Answers(bench.vault, [consignment])
        _ = try answers.receipt()
        #expect(answers.bytes == consignment.sealed.parts?[1].size)
    }

    @Test func whereTagsAreNoMD5sTheUploadGoesOnAndItsPartsAreSentAgain() throws {
        let service = try HostileService()
        let bench = try HostileBench("opaque-tags", endpoint: "http://127.0.0.1:\(service.port)", connections: 1)
        let consignment = try SealedSample.make(in: bench.folder.path, bytes: 3 * SealedSegment.partBytes)
        #expect(try Answers(bench.vault, [consignment]).error().isPassing)
        #expect(try service.uploads("opaque-tags") == 1)
        let answers = Answers(bench.vault, [consignment])
        // This service's tags follow from nothing: the object is held to what it answered, which is nothing here.
        _ = try answers.result()
        #expect(answers.bytes == consignment.sealed.bytes)
        #expect(try service.uploads("opaque-tags") == 0)
    }

    @Test func aServiceThatListsNothingStillGetsTheFootage() throws {
        let service = try HostileService()
        let bench = try HostileBench("no-listing", endpoint: "http://127.0.0.1:\(service.port)", connections: 1)
        let consignment = try SealedSample.make(in: bench.folder.path, bytes: SealedSample.fullPart + 5)
        #expect(try Answers(bench.vault, [consignment]).error().isPassing)
        _ = try Answers(bench.vault, [consignment]).receipt()
        #expect(try service.uploads("no-listing") == 0)
    }

    @Test func aListingThatDoesNotGoOnIsAnError() throws {
        let service = try HostileService()
        let bench = try HostileBench("endless-parts", endpoint: "http://127.0.0.1:\(service.port)", connections: 1)
        let consignment = try SealedSample.make(in: bench.folder.path, bytes: SealedSample.fullPart + 5)
        #expect(try Answers(bench.vault, [consignment]).error().isPassing)
        #expect(try Answers(bench.vault, [consignment]).error().code == .malformed)
    }
}
