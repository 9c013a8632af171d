import DockCore
import DockSystem
import Foundation

/// A real S3 service: Ceph's gateway, started once for all tests by `Tests/Rigs/ceph-up.sh`, which also stops it when this
/// process has ended. Where Ceph is not installed, tests that need it fail and say so.
public struct CephGateway: Sendable {
    /// Address of the gateway.
    public let endpoint: String
    /// Ceph's own configuration, for its tools.
    public let configuration: String

    /// The access key that may do anything.
    public static let accessKey = "labkey"
    /// Its secret.
    public static let secretKey = "labsecretlabsecret"

    private static let started = Result { try CephGateway() }

    /// The gateway; the first call takes about 15 s.
    public static func shared() throws -> CephGateway { try started.get() }

    /// Where the rigs lie.
    public static let rigs =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path + "/Rigs"

    private init() throws {
        let folder = try "/tmp/bodydock-test-ceph-" + Hex.encode(Randomness.bytes(6))
        let result = try Tool.run(
            CephGateway.rigs + "/ceph-up.sh", [folder, "\(ProcessInfo.processInfo.processIdentifier)"])
        guard result.status == 0, let line = result.text.split(separator: "\n").last, line.hasPrefix("http://") else {
            throw RigFailure("the Ceph gateway did not start (status \(result.status)): \(result.errors)")
        }
        endpoint = String(line)
        configuration = folder + "/ceph.conf"
    }

    /// Makes a bucket of its own for a test.
    /// - Parameter locks: with Object Lock, and so with versions.
    public func makeBucket(locks: Bool = false) throws -> S3Bench { try S3Bench(gateway: self, locks: locks) }
}

/// Something that tests need did not come up.
public struct RigFailure: Error, CustomStringConvertible {
    /// What, and what to do.
    public let description: String

    /// Takes the text.
    public init(_ description: String) { self.description = description }
}

/// A bucket of a Ceph gateway, seen and changed with tools that are not ours: `curl --aws-sigv4`, and Ceph's `rados` for what
/// happens on its disks.
public struct S3Bench: Sendable {
    /// The bucket's name.
    public let bucket: String
    private let gateway: CephGateway

    init(gateway: CephGateway, locks: Bool) throws {
        self.gateway = gateway
        bucket = try "bucket-" + Hex.encode(Randomness.bytes(6))
        try curl(["-X", "PUT"] + (locks ? ["-H", "x-amz-bucket-object-lock-enabled: true"] : []))
    }

    /// All keys.
    public func keys() throws -> [String] { try elements("Key", in: curl(["-G"], query: "?list-type=2")).sorted() }

    /// All keys with their sizes.
    public func sizes() throws -> [Int64] {
        try elements("Size", in: curl(["-G"], query: "?list-type=2")).compactMap { Int64($0) }
    }

    /// Unfinished uploads.
    public func uploads() throws -> [String] { try elements("UploadId", in: curl(["-G"], query: "?uploads=")) }

    /// The key of the only unfinished upload.
    public func uploadedKey() throws -> String? { try elements("Key", in: curl(["-G"], query: "?uploads=")).first }

    /// Sizes of the parts that an unfinished upload has.
    public func partSizes(of key: String, upload: String) throws -> [Int64] {
        try elements("Size", in: curl(["-G"], key: key, query: "?uploadId=\(upload)")).compactMap { Int64($0) }
    }

    /// Begins an upload and leaves it.
    public func leaveUpload(of key: String) throws { try curl(["-X", "POST"], key: key, query: "?uploads=") }

    /// An object's bytes.
    public func bytes(_ key: String) throws -> Data { try curl([], key: key) }

    /// Stores an object.
    public func plant(_ bytes: Data, at key: String) throws {
        let folder = try TemporaryFolder()
        try curl(["-T", folder.write(bytes, to: "object")], key: key)
    }

    /// How many versions of objects there are.
    public func versions() throws -> Int {
        try elements("VersionId", in: curl(["-G"], query: "?versions=")).count
    }

    /// Makes the bucket keep every object for some days (governance) by a rule of its own.
    public func keepEverything(days: Int) throws {
        let rule = "<DefaultRetention><Mode>GOVERNANCE</Mode><Days>\(days)</Days></DefaultRetention>"
        let text =
            "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule>\(rule)</Rule></ObjectLockConfiguration>"
        let digest = try Tool.run("openssl", ["dgst", "-md5", "-binary"], input: Data(text.utf8)).output
        try curl(
            ["-X", "PUT", "-H", "content-md5: \(digest.base64EncodedString())", "--data-binary", text],
            query: "?object-lock=")
    }

    /// Whether one version can be removed for good by somebody with every right but to bypass a retention.
    public func canRemove(_ key: String, version: String) throws -> Bool {
        do {
            try curl(["-X", "DELETE"], key: key, query: "?versionId=\(version)")
            return true
        } catch let failure as RigFailure where failure.description.contains("AccessDenied") {
            return false
        }
    }

    /// Removes an object.
    public func remove(_ key: String) throws { try curl(["-X", "DELETE"], key: key) }

    /// Changes the last byte of a small object on Ceph's disk, behind the gateway's back.
    public func flipLastByte(of key: String) throws {
        let stats = try Tool.run("radosgw-admin", ["-c", gateway.configuration, "bucket", "stats", "--bucket", bucket])
            .output
        guard let fields = try JSONSerialization.jsonObject(with: stats) as? [String: Any],
            let marker = fields["marker"] as? String
        else { throw RigFailure("radosgw-admin does not know the bucket \(bucket)") }
        let rados = ["-c", gateway.configuration, "-p", "default.rgw.buckets.data"]
        let folder = try TemporaryFolder()
        func run(_ verb: String) throws {
            let result = try Tool.run("rados", rados + [verb, "\(marker)_\(key)", folder.at("object")])
            guard result.status == 0 else { throw RigFailure("rados \(verb): \(result.errors)") }
        }
        try run("get")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: folder.at("object")))
        bytes[bytes.count - 1] ^= 1
        try folder.write(bytes, to: "object")
        try run("put")
    }

    @discardableResult
    private func curl(_ options: [String], key: String = "", query: String = "") throws -> Data {
        let arguments = [
            "-sS", "--fail-with-body", "--path-as-is", "--aws-sigv4", "aws:amz:us-east-1:s3",
            "--user", "\(CephGateway.accessKey):\(CephGateway.secretKey)", "-H",
            "x-amz-content-sha256: UNSIGNED-PAYLOAD",
        ]
        let path = key.isEmpty ? "" : "/" + key
        let result = try Tool.run("curl", arguments + options + [gateway.endpoint + "/" + bucket + path + query])
        guard result.status == 0 else {
            throw RigFailure("curl \(options) \(key)\(query): \(result.text) \(result.errors)")
        }
        return result.output
    }

    private func elements(_ name: String, in document: Data) -> [String] {
        String(decoding: document, as: UTF8.self).components(separatedBy: "<\(name)>").dropFirst().map {
            $0.components(separatedBy: "</\(name)>")[0]
        }
    }
}
