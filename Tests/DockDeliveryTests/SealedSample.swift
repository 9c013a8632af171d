import DockCore
import DockSystem
import Foundation

@testable import DockDelivery

/// Files that look like sealed segments from outside: an age header, then bytes that mean nothing.
enum SealedSample {
    /// Length of the header that samples have.
    static let headerBytes = header(Array(repeating: 0, count: 48)).utf8.count
    /// Size of a file that fills its first part to the last byte.
    static let fullPart = Int64(headerBytes + 16) + SealedSegment.partBytes

    /// Writes a sample of `count` parts of the size that services take at least, so that much happens in little time.
    static func make(parts count: Int, in folder: String, name: String = "0001.MP4") throws -> Consignment {
        let whole = try make(in: folder, bytes: Int64(count) * leastPart, name: name, withParts: false)
        let spool = try SpoolFile(whole)
        let digests = try PartDigests.of(
            spool.file, sizes: Array(repeating: leastPart, count: count), place: whole.file)
        var sealed = whole.sealed
        sealed.parts = digests.parts.enumerated().map { index, digest in
            SealedSegment.Part(offset: Int64(index) * leastPart, size: leastPart, sha256: digest)
        }
        return Consignment(sealed: sealed, file: whole.file)
    }

    /// 5 MiB ("Amazon S3 multipart upload limits", Amazon S3 User Guide).
    static let leastPart: Int64 = 5 << 20

    private static func header(_ random: [UInt8]) -> String {
        let share = Data(random).base64EncodedString().prefix(43)
        let mac = Data(random.reversed()).base64EncodedString().prefix(43)
        return "age-encryption.org/v1\n-> X25519 \(share)\n\(share)\n--- \(mac)\n"
    }

    /// Writes a sample of `bytes` bytes into `folder` and describes it.
    /// - Parameter name: the segment's name; samples with the same name get the same object name.
    static func make(
        in folder: String, bytes: Int64 = 4096, name: String = "0001.MP4", recording: String = "R1",
        camera: String = "BWC0042", withParts: Bool = true
    ) throws -> Consignment {
        let header = try Array(header(Randomness.bytes(48)).utf8)
        let block = try Randomness.bytes(min(Int(bytes), 1 << 20))
        let file = try folder + "/" + Hex.encode(Randomness.bytes(8))
        let handle = try Descriptor.open(file, flags: O_WRONLY | O_CREAT | O_EXCL)
        try header.withUnsafeBytes { try handle.writeAll($0) }
        var rest = bytes - Int64(header.count)
        while rest > 0 {
            let piece = Array(block.prefix(Int(min(rest, Int64(block.count)))))
            try piece.withUnsafeBytes { try handle.writeAll($0) }
            rest -= Int64(piece.count)
        }
        try handle.synchronize()
        let content = try SHA256Digest(hashing: Array(name.utf8))
        var sealed = SealedSegment(
            id: Hex.encode(try SHA256Digest(hashing: header).bytes.prefix(16)), plaintext: content,
            plaintextBytes: bytes,
            bytes: bytes, parts: nil,
            object: ObjectName(
                camera: camera, date: Instant(seconds: 1_790_000_000), recording: recording, segment: name.utf8,
                content: content))
        if withParts {
            let consignment = Consignment(sealed: sealed, file: file)
            sealed.parts = try sealed.parts(from: SpoolFile(consignment), path: file)
        }
        return Consignment(sealed: sealed, file: file)
    }
}

extension SealedSample {
    /// A record that is not sealed, as a checkpoint of the ledger.
    static func record(_ text: String, in folder: String, withParts: Bool = true) throws -> Consignment {
        let bytes = Array(text.utf8)
        let digest = try SHA256Digest(hashing: bytes)
        let file = try folder + "/" + Hex.encode(Randomness.bytes(8))
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        let size = Int64(bytes.count)
        return Consignment(
            sealed: SealedSegment(
                id: String(digest.description.prefix(32)), plaintext: digest, plaintextBytes: size, bytes: size,
                parts: withParts ? [SealedSegment.Part(offset: 0, size: size, sha256: digest)] : nil,
                object: ObjectName(
                    checkpoint: 7, dock: "stadhuis-1", date: Instant(seconds: 1_790_000_000),
                    content: try SHA256Digest(hashing: []))),
            file: file)
    }
}

/// What `store` said about each consignment, in order.
final class Answers: @unchecked Sendable {
    // Every index is written once, by whichever thread `store` uses, under the lock.
    private let lock = NSLock()
    private var results: [Int: [Result<Receipt, DockError>]] = [:]
    private var handedOver: Int64 = 0

    /// Stores and waits.
    init(_ vault: any Vault, _ consignments: [Consignment]) {
        vault.store(consignments) { bytes in
            self.lock.withLock { self.handedOver += bytes }
        } done: { index, result in
            self.lock.withLock { self.results[index, default: []].append(result) }
        }
    }

    /// Bytes of progress.
    var bytes: Int64 { lock.withLock { handedOver } }

    /// The only answer for `index`; fails if there is none or more than one.
    func result(_ index: Int = 0) throws -> Result<Receipt, DockError> {
        let all = lock.withLock { results[index] ?? [] }
        guard all.count == 1 else { throw Unexpected("\(all.count) answers for consignment \(index)") }
        return all[0]
    }

    func receipt(_ index: Int = 0) throws -> Receipt { try result(index).get() }

    /// The error for `index`; fails if there is a receipt.
    func error(_ index: Int = 0) throws -> DockError {
        switch try result(index) {
        case .success(let receipt): throw Unexpected("a receipt: \(receipt)")
        case .failure(let error): return error
        }
    }

    struct Unexpected: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }
}

extension Result where Success == Receipt, Failure == DockError {
    var error: DockError? { if case .failure(let error) = self { error } else { nil } }
}
