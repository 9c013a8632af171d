import DockCore
import DockSystem
import DockTestSupport
import Foundation

@testable import DockDelivery

/// `Tests/Rigs/hostile-s3.py`: an S3 service with one fault for each bucket. It ends with this process.
final class HostileService: @unchecked Sendable {
    // `process` and `input` are only kept: nothing is done with them after `init`.
    private let process = Process()
    private let input = Pipe()
    let port: Int

    private static let started = Result { try HostileService() }
    static func shared() throws -> HostileService { try started.get() }

    /// - Parameters:
    ///   - certificate: a PEM file with certificate and key, for TLS.
    ///   - further: what else the service is told about TLS.
    init(certificate: String? = nil, _ further: String? = nil) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["python3", CephGateway.rigs + "/hostile-s3.py"] + [certificate, further].compactMap(\.self)
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw RigFailure(
                "hostile-s3.py did not start: it said '\(line)' instead of its port; is python3 installed?")
        }
        self.port = port
    }

    /// How many requests a bucket has seen.
    func requests(_ bucket: String) throws -> Int? { try ask("requests", bucket) }

    /// How many bytes of bodies a bucket has taken.
    func bytes(_ bucket: String) throws -> Int64 { try Int64(ask("bytes", bucket) ?? -1) }

    /// How many uploads in parts are unfinished in a bucket.
    func uploads(_ bucket: String) throws -> Int? { try ask("uploads", bucket) }

    private func ask(_ what: String, _ bucket: String) throws -> Int? {
        try Int(Tool.run("curl", ["-sS", "http://127.0.0.1:\(port)/-\(what)/\(bucket)"]).text)
    }
}

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
