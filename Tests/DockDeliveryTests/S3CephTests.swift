import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Synchronization
import Testing

@testable import DockDelivery

/// What is special to S3, against the real gateway.
@Suite struct S3CephTests {
    @Test(arguments: ["", "plain", "with space", "tilde~equals=plus+and&", "été/日本/🎥", "100% #1?", "a//b", "(x)*'!"])
    func awkwardPrefixesAreSignedRightAndKeptAsTheyAre(_ prefix: String) throws {
        let bench = try VaultBench(.bucket, prefix: prefix)
        let consignment = try SealedSample.make(in: bench.spool, name: "a~b =é.MP4")
        let receipt = try Answers(bench.vault(.readback), [consignment]).receipt()
        #expect(receipt.key == (prefix.isEmpty ? "" : prefix + "/") + consignment.sealed.object.text)
        let listed = try bench.keys().map {
            $0.replacingOccurrences(of: "&amp;", with: "&").replacingOccurrences(of: "&apos;", with: "'")
        }
        #expect(listed == [receipt.key])
    }

    @Test func uploadsThatAreNotKnownToBeOursAreLeftAlone() throws {
        let bench = try VaultBench(.bucket, prefix: "p")
        let bucket = try #require(bench.bucket)
        let consignment = try SealedSample.make(in: bench.spool, bytes: SealedSample.fullPart + 5)
        let key = "p/" + consignment.sealed.object.text
        try bucket.leaveUpload(of: key)
        try bucket.leaveUpload(of: key + ".other")
        let receipt = try Answers(bench.vault(), [consignment]).receipt()
        #expect(receipt.checksum.hasSuffix("-2"))
        #expect(try bucket.uploads().count == 2)
    }

    @Test func wrongKeysAreToldApart() throws {
        let gateway = try CephGateway.shared()
        let bench = try VaultBench(.bucket)
        let consignment = try SealedSample.make(in: bench.spool)
        func error(access: String = CephGateway.accessKey, secret: String = CephGateway.secretKey, late: Double = 0)
            throws -> DockError
        {
            let folder = try TemporaryFolder()
            let settings = try S3Settings(
                endpoint: gateway.endpoint, region: "us-east-1", bucket: #require(bench.bucket).bucket,
                credentials: VaultBench.credentials(in: folder, access: access, secret: secret))
            let vault = try S3Vault(name: "v", settings: settings, confirmation: .head) {
                WallClock.now().adding(seconds: -late)
            }
            return try Answers(vault, [consignment]).error()
        }
        #expect(try error(access: "nobody").why.contains("InvalidAccessKeyId"))
        #expect(try error(secret: "wrong").why.contains("SignatureDoesNotMatch"))
        #expect(try error(late: 1200).why.contains("RequestTimeTooSkewed"))
        #expect(try bench.keys().isEmpty)
    }

    @Test func aMissingBucketIsSaidToBeMissing() throws {
        let bench = try VaultBench(.bucket)
        let settings = try S3Settings(
            endpoint: CephGateway.shared().endpoint, region: "us-east-1", bucket: "no-such-bucket",
            credentials: VaultBench.credentials(in: bench.folder.disk))
        let vault = try S3Vault(name: "v", settings: settings, confirmation: .head, clock: WallClock.now)
        let error = try Answers(vault, [SealedSample.make(in: bench.spool)]).error()
        #expect(error.code == .notFound)
        #expect(error.why.contains("NoSuchBucket"))
    }

    /// What this run has not seen whole is read before it is sent; what rots after that, the service notices.
    @Test(arguments: [4096, SealedSample.fullPart + 4096], [false, true])
    func aSpoolFileThatRottedIsNotAccepted(_ bytes: Int64, isChecked: Bool) throws {
        let bench = try VaultBench(.bucket)
        let consignment = try SealedSample.make(in: bench.spool, bytes: bytes)
        let file = try Descriptor.open(consignment.file, flags: O_WRONLY)
        try retrying { pwrite(file.number, [1, 2, 3, 4, 5, 6, 7, 8], 8, off_t(bytes - 100)) }
        let error = try Answers(
            bench.vault(), [Consignment(sealed: consignment.sealed, file: consignment.file, isChecked: isChecked)]
        ).error()
        #expect(error.code == (isChecked ? .mismatch : .corrupt))
        #expect(try bench.keys().isEmpty)
        #expect(try #require(bench.bucket).uploads().isEmpty)
    }

    @Test func aSpoolFileThatIsCutOffWhileItIsSentStoresNothing() throws {
        let bench = try VaultBench(.bucket)
        let consignment = try SealedSample.make(in: bench.spool, bytes: 8 << 20)
        let vault = try bench.vault()
        // The first bytes are on their way when the file shrinks.
        let end = Mutex(Result<Receipt, DockError>?.none)
        vault.store([consignment]) { _ in
            _ = truncate(consignment.file, 5 << 20)
        } done: { _, result in
            end.withLock { $0 = result }
        }
        #expect(end.withLock { $0 }?.error?.code == .io)
        #expect(try bench.keys().isEmpty)
    }
}
