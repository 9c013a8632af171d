import DockCore
import DockSystem

/// Hashes sealed bytes part by part as they pass. The first part holds the header and the first chunks, so that all
/// borders lie on chunk borders.
struct PartHashes: ~Copyable {
    private var digester: Digester?
    private let partBytes: Int64
    private var parts: [SealedSegment.Part] = []
    private var offset: Int64 = 0
    private var size: Int64 = 0
    private var limit: Int64 = 0

    init(hashes: Bool, chunkBytes: Int, chunksPerPart: Int) throws(DockError) {
        digester = hashes ? try Digester(.sha256) : nil
        partBytes = Int64(chunkBytes * chunksPerPart)
    }

    mutating func begin(_ header: [UInt8]) throws(DockError) {
        limit = partBytes + Int64(header.count)
        try digester?.update(header)
        size = Int64(header.count)
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) throws(DockError) {
        guard digester != nil else { return }
        var rest = bytes
        while !rest.isEmpty {
            if size == limit { try closePart() }
            let take = Int(min(Int64(rest.count), limit - size))
            try digester?.update(UnsafeRawBufferPointer(rebasing: rest[..<take]))
            size += Int64(take)
            rest = UnsafeRawBufferPointer(rebasing: rest[take...])
        }
    }

    /// The parts, or nil if none were wanted.
    mutating func finish() throws(DockError) -> [SealedSegment.Part]? {
        guard digester != nil else { return nil }
        try closePart()
        return parts
    }

    private mutating func closePart() throws(DockError) {
        guard let digest = try digester?.finishSHA256() else { return }
        parts.append(SealedSegment.Part(offset: offset, size: size, sha256: digest))
        offset += size
        size = 0
        limit = partBytes
    }
}
