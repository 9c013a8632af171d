import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockDelivery

/// What was delivered is held and destroyed by its version, and nothing else is touched.
@Suite struct ObjectKeepingTests {
    private static let later = Instant(seconds: 4_000_000_000)

    /// An object that was stored, as the ledger would know it.
    private func object(_ consignment: Consignment, _ receipt: Receipt) throws -> StoredObject {
        StoredObject(
            sealed: SegmentSealed(
                docking: "D1", camera: "BWC0042", recording: "R1", path: try CameraPath("DCIM/1.MP4"), role: .listed,
                verification: .matchedManifest, modified: 0, sealed: consignment.sealed),
            read: receipt.confirmed, cameraClock: nil, receipt: receipt, delivered: receipt.confirmed)
    }

    /// The permit for it, whatever lock its receipt tells of.
    private func permit(_ object: StoredObject) throws -> DestructionPermit {
        let configuration = Configuration(
            dock: "d", state: "/s", spool: .init(path: "/p", keepFree: 0), recipients: [], vaults: [],
            release: ReleasePolicy(), cameras: [RegisteredCamera(serial: "BWC0042", team: "a")],
            teams: [TeamSettings(name: "a", regime: .avg)])
        return try RetentionRules(configuration, holds: Holds(), now: Self.later).permit(object, .there(nil)).get()
    }

    @Test(arguments: VaultKind.allCases) func whatWasDeliveredIsDestroyedAndNothingElse(_ kind: VaultKind) throws {
        let bench = try VaultBench(kind)
        let vault = try bench.vault()
        let consignments = try ["0001.MP4", "0002.MP4"].map { try SealedSample.make(in: bench.spool, name: $0) }
        let answers = Answers(vault, consignments)
        let first = try object(consignments[0], answers.receipt(0))
        #expect(try vault.standing(of: first).get() == .there(nil))
        try vault.destroy(permit(first)).get()
        #expect(try vault.standing(of: first).get() == .gone)
        #expect(try bench.keys() == [answers.receipt(1).key])
        // Again, as after a crash.
        try vault.destroy(permit(first)).get()
        #expect(try bench.keys() == [answers.receipt(1).key])
    }

    @Test(arguments: VaultKind.allCases) func whatIsNotWhatWasDeliveredStays(_ kind: VaultKind) throws {
        let bench = try VaultBench(kind)
        let vault = try bench.vault()
        let consignment = try SealedSample.make(in: bench.spool)
        let stored = try object(consignment, Answers(vault, [consignment]).receipt())
        let other = try SealedSample.make(in: bench.spool, name: "other")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: other.file))
        try bench.remove(stored.receipt.key)
        try bench.plant(bytes, at: stored.receipt.key)
        #expect(vault.standing(of: stored).failure?.code == .mismatch)
        #expect(try vault.destroy(permit(stored)).failure?.code == .mismatch)
        #expect(try bench.bytes(stored.receipt.key) == bytes)
    }

    private struct LockBench {
        let folder: TemporaryFolder
        let bucket: S3Bench

        init(locks: Bool = true) throws {
            folder = try TemporaryFolder()
            bucket = try CephGateway.shared().makeBucket(locks: locks)
        }

        func vault(_ lock: ObjectLock.Policy? = nil) throws -> S3Vault {
            let settings = S3Settings(
                endpoint: try CephGateway.shared().endpoint, region: "us-east-1", bucket: bucket.bucket, prefix: "p",
                credentials: try VaultBench.credentials(in: folder), lock: lock)
            return try S3Vault(name: "archive", settings: settings, confirmation: .head, clock: WallClock.now)
        }
    }

    /// A real bucket with Object Lock, where no policy asks for locks.
    @Test func aHoldIsOnTheVersionAndNobodyCanRemoveIt() throws {
        let bench = try LockBench()
        let vault = try bench.vault()
        let consignment = try SealedSample.make(in: bench.folder.path)
        let stored = try object(consignment, Answers(vault, [consignment]).receipt())
        let version = try #require(stored.receipt.version)
        #expect(try vault.standing(of: stored).get() == .there(ObjectLock.State()))
        #expect(try vault.setHold(true, on: stored).get() == .changed)
        #expect(try vault.setHold(true, on: stored).get() == .wasSo)
        #expect(try vault.standing(of: stored).get() == .there(ObjectLock.State(legalHold: true)))
        #expect(try !bench.bucket.canRemove(stored.receipt.key, version: version))
        let refused = try vault.destroy(permit(stored)).failure
        #expect(refused?.code == .conflict && refused?.why.contains("legal hold") == true)
        #expect(try bench.bucket.bytes(stored.receipt.key) == Data(contentsOf: URL(fileURLWithPath: consignment.file)))
        #expect(try vault.setHold(false, on: stored).get() == .changed)
        #expect(try vault.setHold(false, on: stored).get() == .wasSo)
        try vault.destroy(permit(stored)).get()
        #expect(try bench.bucket.versions() == 0 && vault.standing(of: stored).get() == .gone)
        #expect(vault.setHold(true, on: stored).failure?.code == .notFound)
    }

    @Test func aVersionThatIsLockedStaysAndSoDoesANewerOne() throws {
        let bench = try LockBench()
        let vault = try bench.vault(ObjectLock.Policy(retention: .init(mode: .governance, days: 3)))
        let consignment = try SealedSample.make(in: bench.folder.path)
        let stored = try object(consignment, Answers(vault, [consignment]).receipt())
        let refused = try vault.destroy(permit(stored)).failure
        #expect(refused?.code == .conflict && refused?.why.contains("it is locked until") == true)

        let plain = try bench.vault()
        let other = try SealedSample.make(in: bench.folder.path, name: "free")
        let free = try object(other, Answers(plain, [other]).receipt())
        let newer = Data("somebody else's, later".utf8)
        try bench.bucket.plant(newer, at: free.receipt.key)
        #expect(try bench.bucket.versions() == 3)
        try plain.destroy(permit(free)).get()
        #expect(try bench.bucket.versions() == 2)
        #expect(try bench.bucket.bytes(free.receipt.key) == newer)
    }

    @Test func whereNothingCanBeHeldNothingIsTried() throws {
        let bench = try LockBench(locks: false)
        let vault = try bench.vault()
        let consignment = try SealedSample.make(in: bench.folder.path)
        let stored = try object(consignment, Answers(vault, [consignment]).receipt())
        #expect(try vault.setHold(true, on: stored).get() == .unsupported("the object has no version"))
        let folder = try VaultBench(.linked)
        #expect(try folder.vault().setHold(true, on: stored).get() == .unsupported("a folder has no legal holds"))
    }

    /// These take a legal hold: one forgets it, the other puts its text in the object's place.
    @Test(arguments: ["lock-forgets", "lock-replaces"]) func aServiceThatOnlyPretendsIsNotSentOne(_ name: String) throws
    {
        let bench = try HostileBench(name)
        let consignment = try SealedSample.make(in: bench.folder.path)
        let stored = try object(consignment, Answers(bench.vault, [consignment]).receipt())
        let before = try bench.vault.standing(of: stored).get()
        guard case .unsupported = try bench.vault.setHold(true, on: stored).get() else {
            Issue.record("a hold that is not kept counts as one")
            return
        }
        #expect(try bench.vault.standing(of: stored).get() == before, "nothing was sent to the object itself")
    }
}

extension Result where Failure == DockError {
    fileprivate var failure: DockError? { if case .failure(let error) = self { error } else { nil } }
}
