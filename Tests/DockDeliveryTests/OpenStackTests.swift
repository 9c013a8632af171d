import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockDelivery

/// A second real service, which knows less than Ceph's and says so less often: OpenStack Swift behind its S3 layer. It refuses
/// conditional writes, knows no Object Lock, and puts the text of a retention in the place of the object that it is set on.
@Suite struct OpenStackTests {
    /// A bucket of its own.
    private struct Bench {
        let folder: TemporaryFolder
        let relay: Relay
        let bucket: String

        init() throws {
            folder = try TemporaryFolder()
            relay = try Relay(to: OpenStackService.shared().endpoint)
            bucket = try "bucket-" + Hex.encode(Randomness.bytes(6))
            let made = try vault().bucket.requester.send(HTTPRequest(method: "PUT", path: "/\(bucket)"))
            try #require(made.status == 200)
        }

        func vault(
            _ confirm: Receipt.Confirmation = .head, lock: ObjectLock.Policy? = nil,
            backoff: Backoff = Backoff(pauses: [])
        ) throws -> S3Vault {
            let credentials = try VaultBench.credentials(
                in: folder, access: OpenStackService.accessKey, secret: OpenStackService.secretKey)
            let settings = S3Settings(
                endpoint: relay.endpoint, region: "us-east-1", bucket: bucket, prefix: "p", credentials: credentials,
                lock: lock, connections: 1)
            return try S3Vault(
                name: "archive", settings: settings, confirmation: confirm, backoff: backoff,
                records: folder.at("uploads"), clock: WallClock.now)
        }

        /// Keys of all objects.
        func keys() throws -> [String] {
            let answer = try vault().bucket.requester.send(HTTPRequest(method: "GET", path: "/\(bucket)"))
            return answer.entries("Contents").compactMap { $0.element("Key") }
        }

        func bytes(_ key: String) throws -> [UInt8] {
            try vault().bucket.requester.send(HTTPRequest(method: "GET", path: "/\(bucket)/\(key)")).body
        }
    }

    @Test func itIsSeenAsItIsAndLeftAsItWas() throws {
        let bench = try Bench()
        #expect(try bench.vault().probe().get() == VaultAbilities(checksBody: true))
        #expect(try bench.keys().isEmpty)
    }

    @Test(arguments: [
        ObjectLock.Policy(retention: .init(mode: .governance, days: 28), legalHold: false),
        ObjectLock.Policy(retention: nil, legalHold: true),
    ])
    func aLockIsRefusedBeforeAnythingIsStored(_ policy: ObjectLock.Policy) throws {
        let bench = try Bench()
        let vault = try bench.vault(lock: policy)
        let error = try #require(vault.probe().error)
        #expect(error.code == .refused && !error.isPassing)
        #expect(error.why.contains("Object Lock is not enabled"))
        #expect(try Answers(vault, [SealedSample.make(in: bench.folder.path)]).error().why == error.why)
        #expect(try bench.keys().isEmpty)
    }

    @Test(arguments: [4096, SealedSample.fullPart + 5000], [Receipt.Confirmation.head, .readback])
    func whatIsStoredIsThereOnceAndHasAReceipt(_ bytes: Int64, _ confirm: Receipt.Confirmation) throws {
        let bench = try Bench()
        let consignment = try SealedSample.make(in: bench.folder.path, bytes: bytes)
        let receipt = try Answers(bench.vault(confirm), [consignment]).receipt()
        #expect(receipt.bytes == bytes && receipt.version == nil && receipt.lock == nil)
        #expect(
            try bench.vault(confirm).confirm(consignment.sealed, key: receipt.key).get().checksum == receipt.checksum)
        #expect(try Answers(bench.vault(confirm), [consignment]).receipt().key == receipt.key)
        #expect(try bench.keys() == [receipt.key])
    }

    @Test func anObjectOfSomebodyElseIsNotOverwritten() throws {
        let bench = try Bench()
        let consignment = try SealedSample.make(in: bench.folder.path)
        let key = "p/" + consignment.sealed.object.text
        let planted = HTTPRequest(method: "PUT", path: "/\(bench.bucket)/\(key)", body: .text("somebody else's"))
        #expect(try bench.vault().bucket.requester.send(planted).status == 200)
        let receipt = try Answers(bench.vault(), [consignment]).receipt()
        #expect(receipt.key != key)
        #expect(try bench.bytes(key) == Array("somebody else's".utf8))
        #expect(try Data(bench.bytes(receipt.key)) == Data(contentsOf: URL(fileURLWithPath: consignment.file)))
    }

    @Test func anUploadThatIsCutOffGoesOn() throws {
        let bench = try Bench()
        let part = SealedSegment.partBytes
        let consignment = try SealedSample.make(in: bench.folder.path, bytes: 2 * part)
        try bench.relay.cut(after: part + part / 2)
        #expect(try Answers(bench.vault(), [consignment]).error().isPassing)
        try bench.relay.open()
        let second = try Answers(bench.vault(.readback), [consignment])
        #expect(try second.receipt().bytes == consignment.sealed.bytes)
        #expect(second.bytes == consignment.sealed.parts?[1].size)
        #expect(try bench.keys() == ["p/" + consignment.sealed.object.text])
    }
}

extension Result where Success == VaultAbilities, Failure == DockError {
    fileprivate var error: DockError? { if case .failure(let error) = self { error } else { nil } }
}
