import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockDelivery

/// What deliveries that were cut off left behind is given up after its time, and nothing else is touched.
@Suite struct StaleUploadTests {
    private static let day = 86_400.0

    /// A bucket with an upload that this dock began and did not end.
    private struct Bench {
        let folder: TemporaryFolder
        let bucket: S3Bench
        let settings: S3Settings
        let consignment: Consignment

        init() throws {
            folder = try TemporaryFolder()
            bucket = try CephGateway.shared().makeBucket()
            settings = S3Settings(
                endpoint: try CephGateway.shared().endpoint, region: "us-east-1", bucket: bucket.bucket, prefix: "p",
                credentials: try VaultBench.credentials(in: folder), connections: 1, stallTimeout: 60)
            consignment = try SealedSample.make(in: folder.path, bytes: SealedSample.fullPart + 5)
            let relay = try Relay(to: settings.endpoint)
            try relay.cut(after: SealedSample.fullPart / 2)
            var away = settings
            away.endpoint = relay.endpoint
            // The record names the service as it is configured.
            #expect(try Answers(vault(away), [consignment]).error().isPassing)
            #expect(try bucket.uploads().count == 1)
            try rename(from: away.endpoint)
        }

        /// Makes the record one of the service itself, not of the relay before it.
        private func rename(from endpoint: String) throws {
            let records = UploadRecords(folder: folder.at("uploads"))
            let old = try #require(records.all(of: "\(endpoint)/\(bucket.bucket)").first)
            var new = old
            new.service = "\(settings.endpoint)/\(bucket.bucket)"
            records.note(new)
            records.forget(old)
        }

        func vault(_ other: S3Settings? = nil) throws -> S3Vault {
            try S3Vault(
                name: "archive", settings: other ?? settings, confirmation: .head, backoff: Backoff(pauses: []),
                records: folder.at("uploads"), clock: WallClock.now)
        }

        /// Says that nobody has worked on the upload for some days.
        func age(days: Double) throws {
            let records = UploadRecords(folder: folder.at("uploads"))
            for var record in try records.all(of: "\(settings.endpoint)/\(bucket.bucket)") {
                record.touched = WallClock.now().adding(seconds: -days * day)
                records.note(record)
            }
        }
    }

    @Test func anUploadOfOursIsGivenUpAfterItsTime() throws {
        let bench = try Bench()
        try bench.age(days: 8)
        // Somebody else's, and one that looks like ours and is not in the records: another dock's.
        try bench.bucket.leaveUpload(of: "p/somebody")
        try bench.bucket.leaveUpload(of: "p/" + bench.consignment.sealed.object.text)
        #expect(try bench.vault().clearStale(olderThan: 7 * Self.day, keeping: []).get() == 1)
        #expect(try bench.bucket.uploads().count == 2)
        #expect(try bench.vault().clearStale(olderThan: 0, keeping: []).get() == 0)
    }

    @Test func whatIsYoungOrStillToBeDeliveredIsKept() throws {
        let bench = try Bench()
        try bench.age(days: 6)
        #expect(try bench.vault().clearStale(olderThan: 7 * Self.day, keeping: []).get() == 0)
        try bench.age(days: 400)
        let keeping: Set = [bench.consignment.sealed.id]
        #expect(try bench.vault().clearStale(olderThan: 7 * Self.day, keeping: keeping).get() == 0)
        #expect(try bench.bucket.uploads().count == 1)
        // And it goes on from there.
        _ = try Answers(bench.vault(), [bench.consignment]).receipt()
        #expect(try bench.bucket.uploads().isEmpty)
    }

    @Test func recordsOfAnotherPrefixOrServiceAreNotThisVaults() throws {
        let bench = try Bench()
        try bench.age(days: 8)
        var other = bench.settings
        other.prefix = "q"
        #expect(try bench.vault(other).clearStale(olderThan: 0, keeping: []).get() == 0)
        other = bench.settings
        other.bucket = "another"
        #expect(try bench.vault(other).clearStale(olderThan: 0, keeping: []).get() == 0)
        #expect(try bench.bucket.uploads().count == 1)
    }

    @Test func whatIsNoRecordIsPassedOver() throws {
        let bench = try Bench()
        try bench.age(days: 8)
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: bench.folder.at("uploads")).first)
        let record = try Data(contentsOf: URL(fileURLWithPath: bench.folder.at("uploads/" + name)))
        try bench.folder.write(record.dropLast(40), to: "uploads/half.upload")
        try bench.folder.write(record, to: "uploads/renamed.upload")
        try FileManager.default.createSymbolicLink(
            atPath: bench.folder.at("uploads/link.upload"), withDestinationPath: bench.folder.at("uploads/" + name))
        #expect(try bench.vault().clearStale(olderThan: 0, keeping: []).get() == 1)
    }

    @Test func aServiceThatIsAwayKeepsTheRecords() throws {
        let bench = try Bench()
        try bench.age(days: 8)
        let records = UploadRecords(folder: bench.folder.at("uploads"))
        var record = try #require(records.all(of: "\(bench.settings.endpoint)/\(bench.bucket.bucket)").first)
        record.service = "http://127.0.0.1:9/\(bench.bucket.bucket)"
        records.note(record)
        var away = bench.settings
        away.endpoint = "http://127.0.0.1:9"
        guard case .failure(let error) = try bench.vault(away).clearStale(olderThan: 0, keeping: []) else {
            Issue.record("a service that is away answered")
            return
        }
        #expect(error.isPassing)
        #expect(try records.all(of: record.service).count == 1)
    }

    @Test func partialFilesOfAFolderAreRemovedAfterTheirTime() throws {
        let bench = try VaultBench(.copied)
        let consignment = try SealedSample.make(in: bench.spool)
        let receipt = try Answers(bench.vault(), [consignment]).receipt()
        let place = bench.folder.disk.at(
            "vault/" + URL(fileURLWithPath: receipt.key).deletingLastPathComponent().relativePath)
        func plant(_ name: String, days: Double) throws {
            try Data("part".utf8).write(to: URL(fileURLWithPath: "\(place)/\(name)"))
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -days * Self.day)], ofItemAtPath: "\(place)/\(name)")
        }
        let digits = (0..<4).map { String(repeating: "\($0)", count: 32) }
        for (index, days) in [8.0, 6, 8, 8].enumerated() { try plant(".bodydock-\(digits[index]).partial", days: days) }
        let others = [".bodydock-12.partial", "notes.partial", ".bodydock-\(digits[0]).partial~"]
        for name in others { try plant(name, days: 400) }
        try FileManager.default.createSymbolicLink(atPath: place + "/elsewhere", withDestinationPath: "/")
        let held = try Descriptor.open("\(place)/.bodydock-\(digits[3]).partial", flags: O_RDWR)
        #expect(try held.lock(waiting: false))
        #expect(try bench.vault().clearStale(olderThan: 7 * Self.day, keeping: [digits[2]]).get() == 1)
        let left = try Set(FileManager.default.contentsOfDirectory(atPath: place))
        let kept = digits.dropFirst().map { ".bodydock-\($0).partial" }
        #expect(left == Set(others + kept + ["elsewhere", URL(fileURLWithPath: receipt.key).lastPathComponent]))
        withExtendedLifetime(held) {}
    }
}
