import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockDelivery

/// Buckets are tried out, and what is locked is seen to be locked.
@Suite struct S3LockTests {
    /// A bucket of the real gateway.
    private struct Bench {
        let folder: TemporaryFolder
        let bucket: S3Bench

        init(locks: Bool) throws {
            folder = try TemporaryFolder()
            bucket = try CephGateway.shared().makeBucket(locks: locks)
        }

        func vault(_ lock: ObjectLock.Policy?, _ confirm: Receipt.Confirmation = .head) throws -> S3Vault {
            let settings = S3Settings(
                endpoint: try CephGateway.shared().endpoint, region: "us-east-1", bucket: bucket.bucket, prefix: "p",
                credentials: try VaultBench.credentials(in: folder), lock: lock)
            return try S3Vault(name: "archive", settings: settings, confirmation: confirm, clock: WallClock.now)
        }
    }

    private static let month = ObjectLock.Policy(retention: .init(mode: .governance, days: 28), legalHold: true)

    private func seconds(_ days: Double) -> Instant { WallClock.now().adding(seconds: days * 86_400) }

    @Test func aPlainBucketIsSeenAsItIsAndLeftAsItWas() throws {
        let bench = try Bench(locks: false)
        let abilities = try bench.vault(nil).probe().get()
        #expect(abilities == VaultAbilities(checksBody: true, refusesOverwrite: true))
        #expect(try bench.bucket.keys().isEmpty)
    }

    @Test func aBucketThatLocksIsSeenAsItIsAndLeftAsItWas() throws {
        let bench = try Bench(locks: true)
        let abilities = try bench.vault(Self.month).probe().get()
        #expect(abilities.locks && abilities.keepsVersions && abilities.checksBody)
        #expect(abilities.locksLater == true)
        #expect(abilities.holds == true)
        // This gateway keeps a lock on an object, and silently drops it on an upload in parts.
        #expect(abilities.locksAtUpload == true)
        #expect(abilities.locksAtPartUpload == false)
        #expect(try bench.bucket.versions() == 0)
        #expect(try bench.bucket.uploads().isEmpty)
    }

    @Test func aBucketWithoutLocksIsRefusedWhereTheyAreAskedFor() throws {
        let bench = try Bench(locks: false)
        let vault = try bench.vault(Self.month)
        guard case .failure(let error) = vault.probe() else {
            Issue.record("a bucket that cannot lock was accepted")
            return
        }
        #expect(error.code == .refused && !error.isPassing)
        #expect(error.why.contains("Object Lock is not enabled"))
        #expect(try Answers(vault, [SealedSample.make(in: bench.folder.path)]).error().why == error.why)
        #expect(try bench.bucket.keys().isEmpty)
    }

    @Test(arguments: [4096, SealedSample.fullPart + 5000], [Receipt.Confirmation.head, .readback])
    func whatIsStoredIsLocked(_ bytes: Int64, _ confirm: Receipt.Confirmation) throws {
        let bench = try Bench(locks: true)
        let consignment = try SealedSample.make(in: bench.folder.path, bytes: bytes)
        let vault = try bench.vault(Self.month, confirm)
        let receipt = try Answers(vault, [consignment]).receipt()
        let lock = try #require(receipt.lock)
        #expect(lock.covers(.governance, until: seconds(27.9)) && !lock.covers(.governance, until: seconds(28.1)))
        #expect(lock.legalHold)
        let version = try #require(receipt.version)
        #expect(try !bench.bucket.canRemove(receipt.key, version: version))
        #expect(try bench.bucket.bytes(receipt.key) == Data(contentsOf: URL(fileURLWithPath: consignment.file)))
        #expect(try vault.confirm(consignment.sealed, key: receipt.key).get().lock == lock)
        // Again, as after a lost receipt: the same version, and nothing is changed.
        let again = try Answers(vault, [consignment]).receipt()
        #expect(again.version == version && again.lock == lock)
    }

    /// Two cameras of teams with other retentions, in one request and in parts.
    @Test func eachObjectIsLockedForTheTeamOfItsCamera() throws {
        let bench = try Bench(locks: true)
        let policy = ObjectLock.Policy(
            retention: .init(mode: .governance, days: 28, ofCameras: ["PARKING": 3, "OTHER": 9]))
        let consignments = try [("BWC0042", 4096), ("PARKING", 4096), ("OTHER", SealedSample.fullPart + 5000)].map {
            try SealedSample.make(in: bench.folder.path, bytes: $1, camera: $0)
        }
        let vault = try bench.vault(policy)
        let answers = Answers(vault, consignments)
        for (index, days) in [28.0, 3, 9].enumerated() {
            let receipt = try answers.receipt(index)
            let lock = try #require(receipt.lock)
            #expect(lock.covers(.governance, until: seconds(days - 0.1)), "\(lock)")
            #expect(!lock.covers(.governance, until: seconds(days + 0.1)), "\(lock)")
            #expect(try !bench.bucket.canRemove(receipt.key, version: #require(receipt.version)))
            #expect(try vault.confirm(consignments[index].sealed, key: receipt.key).get().lock == lock)
        }
    }

    @Test func whatStandsThereWithoutALockGetsOneAndIsNotConfirmedBefore() throws {
        let bench = try Bench(locks: true)
        let consignment = try SealedSample.make(in: bench.folder.path)
        let first = try Answers(bench.vault(nil), [consignment]).receipt()
        #expect(first.lock == nil)
        let vault = try bench.vault(Self.month)
        let error = vault.confirm(consignment.sealed, key: first.key).error
        #expect(error?.code == .refused)
        #expect(error?.why.contains("its retention is none") == true)
        let receipt = try Answers(vault, [consignment]).receipt()
        #expect(receipt.version == first.version)
        #expect(receipt.lock?.legalHold == true)
        #expect(try vault.confirm(consignment.sealed, key: first.key).get().lock == receipt.lock)
    }

    @Test(arguments: [4096, SealedSample.fullPart + 5000])
    func aBucketThatLocksByItselfServesToo(_ bytes: Int64) throws {
        let bench = try Bench(locks: true)
        try bench.bucket.keepEverything(days: 2)
        let consignment = try SealedSample.make(in: bench.folder.path, bytes: bytes)
        let unasked = try bench.vault(nil)
        let first = try Answers(unasked, [consignment]).receipt()
        // Nobody asked for it, so nothing is claimed of it.
        #expect(first.lock == nil)
        let version = try #require(first.version)
        #expect(try !bench.bucket.canRemove(first.key, version: version))
        #expect(try unasked.confirm(consignment.sealed, key: first.key).get().version == version)
        // Asked for what the bucket does by itself, it is found locked, and nothing is set.
        let days = ObjectLock.Policy(retention: .init(mode: .governance, days: 2))
        let asking = try bench.vault(days)
        asking.known.abilities = VaultAbilities(keepsVersions: true, locks: true)
        let second = try Answers(asking, [consignment]).receipt()
        #expect(second.version == version)
        #expect(second.lock?.covers(.governance, until: seconds(1.9)) == true)
        #expect(second.lock?.covers(.governance, until: seconds(2.1)) == false)
        #expect(try bench.bucket.versions() == 1)
    }

    /// Some services take no upload without a checksum where it is locked, even by the bucket's own rule.
    @Test(arguments: [4096, SealedSample.fullPart + 5000])
    func whatTheBucketLocksIsSentWithItsChecksum(_ bytes: Int64) throws {
        let bench = try HostileBench("default-lock")
        #expect(try bench.store(bytes: bytes).error().why.contains("InvalidRequest"))
        var abilities = VaultAbilities()
        abilities.defaultRetention = .init(mode: .governance, days: 2)
        bench.vault.known.abilities = abilities
        #expect(try bench.store(bytes: bytes).receipt().bytes == bytes)
    }

    @Test func aLongerRetentionStays() throws {
        let bench = try Bench(locks: true)
        let consignment = try SealedSample.make(in: bench.folder.path)
        let year = ObjectLock.Policy(retention: .init(mode: .governance, days: 365))
        let first = try Answers(bench.vault(year), [consignment]).receipt()
        let second = try Answers(bench.vault(Self.month), [consignment]).receipt()
        #expect(second.lock?.until == first.lock?.until)
        #expect(second.lock?.legalHold == true)
    }

    @Test(arguments: [
        ("lock-forgets", "takes a retention and does not keep it"),
        ("lock-replaces", "takes a retention and does not keep it"), ("honest", "Object Lock is not enabled"),
    ])
    func aServiceThatOnlyPretendsIsRefused(_ bucket: String, _ words: String) throws {
        let error = try HostileBench(bucket, lock: Self.month).store().error()
        #expect(error.code == .refused)
        #expect(error.why.contains(words), "\(error)")
    }

    @Test func aServiceThatDoesWhatItSaysServes() throws {
        for bucket in ["locks", "lock-headers"] {
            let bench = try HostileBench(bucket, .readback, lock: Self.month)
            #expect(try bench.vault.probe().get().locksAtUpload == (bucket == "lock-headers"))
            #expect(try bench.store().receipt().lock?.legalHold == true)
        }
    }

    @Test func aServiceThatTakesAnyBytesNeedsToBeReadBack() throws {
        let error = try #require(HostileBench("any-body").vault.probe().failure)
        #expect(error.why.contains("confirm: readback"))
        #expect(try HostileBench("any-body", .readback).vault.probe().get().checksBody == false)
    }

    @Test func whatAServiceChecksIsSeen() throws {
        #expect(try HostileBench("sums").vault.probe().get().checksSHA256)
        #expect(try !HostileBench("honest").vault.probe().get().checksSHA256)
        #expect(try !HostileBench("unconditional").vault.probe().get().refusesOverwrite)
    }

    @Test(arguments: [VaultKind.linked, .copied])
    func aFolderIsTriedOut(_ kind: VaultKind) throws {
        let bench = try VaultBench(kind)
        #expect(try bench.vault().probe().get().refusesOverwrite)
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder.disk.at("vault")).isEmpty)
        try FileManager.default.removeItem(atPath: bench.folder.disk.at("vault"))
        #expect(try bench.vault().probe().failure?.code == .unreachable)
    }

    @Test func datesOfHTTPAreRead() {
        #expect(HTTPResponse.moment("Sun, 06 Nov 1994 08:49:37 GMT") == Instant(rfc3339: "1994-11-06T08:49:37Z"))
        for text in [
            "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 31 Feb 1994 08:49:37 GMT",
        ] {
            #expect(HTTPResponse.moment(text) == nil)
        }
    }
}

extension Result where Failure == DockError {
    fileprivate var failure: DockError? { if case .failure(let error) = self { error } else { nil } }
}
