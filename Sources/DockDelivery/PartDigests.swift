import DockCore
import DockSystem
import Glibc

/// Hashes sealed bytes that come in order: the whole, and every part on its own, in one pass.
struct PartDigests: ~Copyable {
    /// What came in.
    struct Result: Equatable {
        let bytes: Int64
        let whole: SHA256Digest
        let parts: [SHA256Digest]
    }

    /// Sizes of the parts; bytes beyond their sum are counted and hashed as a part of their own.
    private let sizes: [Int64]
    private var whole: Digester
    private var part: Digester
    private var inPart: Int64 = 0
    private var bytes: Int64 = 0
    private var parts: [SHA256Digest] = []

    init(sizes: [Int64]) throws(DockError) {
        let whole = try Digester(.sha256)
        let part = try Digester(.sha256)
        self.sizes = sizes
        self.whole = whole
        self.part = part
    }

    mutating func update(_ buffer: UnsafeRawBufferPointer) throws(DockError) {
        var rest = buffer[...]
        // With a single part, the whole is that part: no byte is hashed twice.
        if sizes.count > 1 { try whole.update(buffer) }
        while !rest.isEmpty {
            let room = parts.count < sizes.count ? sizes[parts.count] - inPart : Int64.max
            let piece = rest.prefix(Int(min(room, Int64(rest.count))))
            try part.update(UnsafeRawBufferPointer(rebasing: piece))
            rest = rest.dropFirst(piece.count)
            inPart += Int64(piece.count)
            bytes += Int64(piece.count)
            if parts.count < sizes.count, inPart == sizes[parts.count] { try closePart() }
        }
    }

    mutating func finish() throws(DockError) -> Result {
        if inPart > 0 || parts.isEmpty { try closePart() }
        let single = sizes.count > 1 ? try whole.finishSHA256() : parts[0]
        return Result(bytes: bytes, whole: single, parts: parts)
    }

    private mutating func closePart() throws(DockError) {
        parts.append(try part.finishSHA256())
        inPart = 0
    }

    /// Hashes an open file from start to end, with a buffer of 1 MiB.
    static func of(_ file: borrowing Descriptor, sizes: [Int64], place: String) throws(DockError) -> Result {
        var digests = try PartDigests(sizes: sizes)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { buffer.deallocate() }
        file.willReadSequentially()
        var offset: Int64 = 0
        while true {
            let count: Int
            do { count = try file.readFully(into: buffer, at: offset) } catch {
                throw error.error(
                    "cannot read a sealed file", at: place, next: "check the disk; the next run tries again")
            }
            if count == 0 { break }
            try digests.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += Int64(count)
        }
        return try digests.finish()
    }
}

extension SealedSegment {
    /// Size in bytes of every part but the first and the last (C2SP age.md: chunks of 64 KiB, each with a tag of 16 bytes).
    static let partBytes = Int64(chunksPerPart) * 65_552

    /// The parts if they are known, after a check that they lie end to end and cover exactly the sealed file.
    func knownParts() throws(DockError) -> [Part]? {
        guard let parts else { return nil }
        var offset: Int64 = 0
        for part in parts {
            guard part.offset == offset, part.size > 0, part.size <= bytes - offset else { break }
            offset += part.size
        }
        guard offset == bytes, !parts.isEmpty else {
            throw DockError(
                .corrupt, "cannot use the recorded parts of a sealed segment", at: object.text,
                because: "they do not cover its \(bytes) bytes end to end",
                next: "verify the ledger (bodydock ledger verify)")
        }
        return parts
    }

    /// The parts: as recorded, or where nobody asked for them when it was sealed, from the spool file.
    func parts(from spool: borrowing SpoolFile, path: String) throws(DockError) -> [Part] {
        if let parts = try knownParts() { return parts }
        var sizes: [Int64] = []
        var rest = bytes
        while rest > 0 {
            let front = sizes.isEmpty ? Int64(spool.ends.header.count) + 16 : 0
            sizes.append(min(rest, front + SealedSegment.partBytes))
            rest -= sizes[sizes.count - 1]
        }
        let digests = try PartDigests.of(spool.file, sizes: sizes, place: path).parts
        var offset: Int64 = 0
        return zip(sizes, digests).map { size, digest in
            defer { offset += size }
            return Part(offset: offset, size: size, sha256: digest)
        }
    }
}
