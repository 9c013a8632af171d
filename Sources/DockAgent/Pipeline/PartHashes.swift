import DockCore
import DockSystem

/// Hashes sealed bytes as they pass: the file as a whole, and where a vault needs it part by part. The first part holds the header and
/// the first chunks, so that all borders lie on chunk borders. A file of one part is hashed once: its part is the whole.
struct PartHashes: ~Copyable {
    private let hashesParts: Bool
    private let partBytes: Int64
    /// Of the part under way; of the whole file where nobody needs parts.
    private var digester: Digester
    /// Of the whole file, from the end of its first part on.
    private var whole: Digester?
    private var parts: [SealedSegment.Part] = []
    private var offset: Int64 = 0
    private var size: Int64 = 0
    private var limit: Int64 = 0

    init(hashesParts: Bool, chunkBytes: Int, chunksPerPart: Int) throws(DockError) {
        self.hashesParts = hashesParts
        digester = try Digester(.sha256)
        partBytes = Int64(chunkBytes * chunksPerPart)
    }

    mutating func begin(_ header: [UInt8]) throws(DockError) {
        limit = partBytes + Int64(header.count)
        try digester.update(header)
        size = Int64(header.count)
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) throws(DockError) {
        guard hashesParts else { return try digester.update(bytes) }
        var rest = bytes
        while !rest.isEmpty {
            if size == limit { try closePart(isLast: false) }
            let take = Int(min(Int64(rest.count), limit - size))
            let piece = UnsafeRawBufferPointer(rebasing: rest[..<take])
            try digester.update(piece)
            try whole?.update(piece)
            size += Int64(take)
            rest = UnsafeRawBufferPointer(rebasing: rest[take...])
        }
    }

    /// The parts, or nil if none were wanted; and the hash of the whole, or nil if the one part is the whole.
    mutating func finish() throws(DockError) -> (parts: [SealedSegment.Part]?, whole: SHA256Digest?) {
        guard hashesParts else { return (nil, try digester.finishSHA256()) }
        try closePart(isLast: true)
        return (parts, try whole?.finishSHA256())
    }

    private mutating func closePart(isLast: Bool) throws(DockError) {
        if !isLast, whole == nil { whole = try digester.copy() }
        parts.append(SealedSegment.Part(offset: offset, size: size, sha256: try digester.finishSHA256()))
        offset += size
        size = 0
        limit = partBytes
    }
}
