import DockCore
import DockSystem
import DockTestSupport
import Foundation

@testable import DockDelivery

/// The vaults that the conformance suite runs.
enum VaultKind: String, CaseIterable, Sendable {
    /// A folder on the spool's own file system: objects are hard links.
    case linked
    /// A folder on another file system: objects are copies.
    case copied
    /// A bucket of a real Ceph gateway.
    case bucket
}

/// One vault with its own spool, and ways to look at it and to change it behind its back, by other means than the vault's.
final class VaultBench: Sendable {
    let kind: VaultKind
    let folder: Scratch
    let bucket: S3Bench?
    private let settings: VaultSettings.Kind

    /// Folders on two file systems, removed in the end.
    final class Scratch: Sendable {
        let disk: TemporaryFolder
        let memory: String

        init() throws {
            disk = try TemporaryFolder()
            memory = try "/dev/shm/bodydock-test-" + Hex.encode(Randomness.bytes(8))
            try FileManager.default.createDirectory(atPath: memory, withIntermediateDirectories: true)
        }

        deinit {
            do { try FileManager.default.removeItem(atPath: memory) } catch {
                print("could not remove \(memory): \(error)")
            }
        }
    }

    init(_ kind: VaultKind, prefix: String = "dock 1/été=~") throws {
        self.kind = kind
        folder = try Scratch()
        switch kind {
        case .linked, .copied:
            bucket = nil
            settings = .directory(path: folder.disk.at("vault"), mounted: false)
            try FileManager.default.createDirectory(atPath: folder.disk.at("vault"), withIntermediateDirectories: false)
        case .bucket:
            let gateway = try CephGateway.shared()
            let bucket = try gateway.makeBucket()
            self.bucket = bucket
            let credentials = try Self.credentials(in: folder.disk)
            settings = .s3(
                S3Settings(
                    endpoint: gateway.endpoint, region: "us-east-1", bucket: bucket.bucket, prefix: prefix,
                    credentials: credentials))
        }
    }

    static func credentials(
        in folder: TemporaryFolder, access: String = CephGateway.accessKey, secret: String = CephGateway.secretKey
    ) throws -> String {
        let path = try folder.write(
            "access_key_id = \(access)\nsecret_access_key = \(secret)\n".utf8, to: "credentials")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return path
    }

    /// A fresh vault, as a new run would open it.
    func vault(_ confirm: Receipt.Confirmation = .head) throws -> any Vault {
        try Vaults.open(VaultSettings(name: "archive", confirm: confirm, kind: settings), clock: WallClock.now)
    }

    /// The spool's folder.
    var spool: String { kind == .copied ? folder.memory : folder.disk.path }

    /// Names of all objects under their final names.
    func keys() throws -> [String] { try objects().map(\.0).sorted() }

    /// Sizes of all objects under their final names.
    func sizes() throws -> [Int64] { try bucket?.sizes() ?? objects().map(\.1) }

    private func objects() throws -> [(String, Int64)] {
        if let bucket { return try bucket.keys().map { ($0, 0) } }
        let listing = try Tool.run(
            "find", [folder.disk.at("vault"), "-type", "f", "-name", "*.age", "-printf", "%P\\t%s\\n"])
        return listing.text.split(separator: "\n").map { line in
            let fields = line.split(separator: "\t")
            return (String(fields[0]), Int64(fields[1]) ?? -1)
        }
    }

    func bytes(_ key: String) throws -> Data {
        try bucket?.bytes(encoded(key)) ?? Data(contentsOf: URL(fileURLWithPath: path(key)))
    }

    /// Puts an object of somebody else under a name.
    func plant(_ bytes: Data, at key: String) throws {
        if let bucket { return try bucket.plant(bytes, at: encoded(key)) }
        try folder.disk.write(bytes, to: "vault/" + key)
    }

    func remove(_ key: String) throws {
        if let bucket { try bucket.remove(encoded(key)) } else { try FileManager.default.removeItem(atPath: path(key)) }
    }

    /// Damages an object's last byte and leaves its size, name and metadata.
    func damage(_ key: String) throws {
        if let bucket { return try bucket.flipLastByte(of: key) }
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path(key)))
        bytes[bytes.count - 1] ^= 1
        let file = try Descriptor.open(path(key), flags: O_WRONLY)
        try bytes.withUnsafeBytes { try file.writeAll($0) }
        try file.synchronize()
    }

    /// The key under which an object's receipt comes.
    func key(of sealed: SealedSegment) -> String { key(of: sealed.object) }

    func key(of object: ObjectName) -> String { bucket == nil ? object.text : "dock 1/été=~/" + object.text }

    private func path(_ key: String) -> String { folder.disk.at("vault/" + key) }

    private func encoded(_ key: String) -> String { SignatureV4.encode(key, keepingSlash: true) }
}
