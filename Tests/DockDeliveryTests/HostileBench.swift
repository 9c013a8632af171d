import DockCore
import DockSystem
import DockTestSupport
import Foundation

@testable import DockDelivery

/// A vault in one of the hostile buckets, with a spool of its own.
struct HostileBench {
    let folder: TemporaryFolder
    var vault: S3Vault

    init(
        _ bucket: String, _ confirm: Receipt.Confirmation = .head, backoff: Backoff = Backoff(pauses: []),
        endpoint: String? = nil,
        caFile: String? = nil, stallTimeout: Double = 10, connections: Int = 4, prefix: String = "",
        client: ClientCertificate? = nil, pinned: String? = nil, lock: ObjectLock.Policy? = nil
    ) throws {
        folder = try TemporaryFolder()
        let settings = try S3Settings(
            endpoint: endpoint ?? "http://127.0.0.1:\(HostileService.shared().port)", region: "us-east-1",
            bucket: bucket, prefix: prefix, credentials: VaultBench.credentials(in: folder), caFile: caFile,
            client: client, pinnedPublicKey: pinned, lock: lock, connections: connections, stallTimeout: stallTimeout)
        vault = try S3Vault(
            name: "hostile", settings: settings, confirmation: confirm, backoff: backoff,
            records: folder.at("uploads"), clock: WallClock.now)
    }

    /// Stores one new object.
    func store(bytes: Int64 = 4096) throws -> Answers {
        Answers(vault, [try SealedSample.make(in: folder.path, bytes: bytes)])
    }
}
