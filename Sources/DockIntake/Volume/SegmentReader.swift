import DockCore
import DockSystem
import Glibc

/// Reads one file of a camera from start to end, exactly as it was listed: never more bytes than that, and no quiet repair.
///
/// Where the medium cannot be read, zeros stand in the place of each unreadable block, and ``unreadable`` says where.
public struct SegmentReader: ~Copyable {
    /// What the page cache had to do with a read.
    public enum CacheUse: String, Sendable {
        /// The kernel may have answered from memory.
        case allowed
        /// The kernel was told to drop what it had in memory before; where pages were in use it may not have.
        case dropped
        /// Every read went past the page cache (`O_DIRECT`).
        case bypassed
    }

    /// Unreadable parts are told apart in blocks of this many bytes: a page, and a sector of what cards hold.
    public static let blockSize = 4096
    /// After this many unreadable blocks in a row the file is given up.
    public static let mostUnreadableInARow = 256
    /// How many bytes are read before the page cache is told to drop them.
    private static let dropEvery: Int64 = 8 << 20

    /// What the page cache had to do with this read; settled when ``finish()`` returned.
    public private(set) var cacheUse: CacheUse
    /// Where zeros stand for what could not be read: bytes from the start, in order, merged.
    public private(set) var unreadable: [Range<Int64>] = []

    private let volume: Volume
    private let file: CameraFile
    private let descriptor: Descriptor
    private let opened: FileIdentity
    private var position: Int64 = 0
    private var dropped: Int64 = 0
    private var hasEnded = false
    /// Set by a failed read, until a block reads well again: then one block is asked for at a time.
    private var isCareful = false
    private var failuresInARow = 0

    /// Opens `file`. Fails with ``DockError/Code/mismatch`` if it is not the file that was listed.
    /// - Parameter uncached: the bytes must come from the device. The buffers of ``read(into:)`` must then be aligned
    ///   to a page and their size a multiple of 64 KiB.
    public init(_ volume: Volume, _ file: CameraFile, uncached: Bool) throws(DockError) {
        let found = try volume.openFile(file.path)
        let status = try volume.status(of: found, at: file.path)
        guard volume.identity(status) == file.identity else {
            let difference = SegmentReader.difference(file.identity, status.identity)
            throw volume.mismatch(at: file.path, because: "it changed since it was listed: \(difference)")
        }
        self.volume = volume
        self.file = file
        descriptor = found
        opened = status.identity
        cacheUse = .allowed
        if uncached { bypassCache() }
        if cacheUse != .bypassed { descriptor.willReadSequentially() }
    }

    /// Fills `buffer` with the next bytes; returns how many, fewer than it holds only at the end, 0 after it.
    ///
    /// Fails with ``DockError/Code/disconnected`` if the camera is gone, and with ``DockError/Code/io`` where too many
    /// blocks in a row cannot be read.
    public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(DockError) -> Int {
        let wanted = Int(min(Int64(buffer.count), file.identity.size - position))
        var filled = 0
        while filled < wanted, !hasEnded {
            let offset = position + Int64(filled)
            let block = SegmentReader.blockSize - Int(offset % Int64(SegmentReader.blockSize))
            let length = isCareful ? min(block, wanted - filled) : wanted - filled
            do {
                let count = try fetch(UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]), length, at: offset)
                isCareful = false
                failuresInARow = 0
                hasEnded = count == 0
                filled += count
            } catch {
                try bear(error, at: offset)
                if isCareful {
                    let lost = min(block, wanted - filled)
                    UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<(filled + lost)]).initializeMemory(
                        as: UInt8.self, repeating: 0)
                    try giveUpBlock(offset..<(offset + Int64(lost)))
                    filled += lost
                }
                isCareful = true
            }
        }
        position += Int64(filled)
        dropFromCache(every: SegmentReader.dropEvery)
        return filled
    }

    /// Ends the read: which file the delivered bytes are. Fails with ``DockError/Code/mismatch`` if the file changed
    /// while it was read, or if not all of it was read.
    public mutating func finish() throws(DockError) -> FileIdentity {
        dropFromCache(every: 1)
        let status = try volume.status(of: descriptor, at: file.path)
        guard status.identity == opened else {
            let difference = SegmentReader.difference(opened, status.identity)
            throw volume.mismatch(at: file.path, because: "it changed while it was read: \(difference)")
        }
        guard position == opened.size else {
            guard volume.isPresent() else { throw volume.gone("cannot read a file of the camera", at: file.path) }
            throw volume.mismatch(at: file.path, because: "only \(position) of its \(opened.size) bytes were read")
        }
        return volume.identity(status)
    }
}

extension SegmentReader {
    /// One pread(2) of at most `length` bytes to the start of `buffer`; 0 at the end of the file.
    private mutating func fetch(
        _ buffer: UnsafeMutableRawBufferPointer, _ length: Int, at offset: Int64
    ) throws(Errno) -> Int {
        guard cacheUse == .bypassed else { return try pread(buffer, length, at: offset) }
        let block = SegmentReader.blockSize
        // The device is asked for whole blocks; the last one reaches beyond the end of the file.
        let whole = min((length + block - 1) / block * block, buffer.count)
        do throws(Errno) {
            let count = try pread(buffer, whole, at: offset)
            if count >= length { return length }
            // Cut short, by the end of the file or before a bad sector: the next read must start on a block again.
            if count / block > 0 || count == 0 { return count / block * block }
            if try descriptor.status().identity.size != opened.size { return 0 }
            throw Errno(EIO)
        } catch let error where error.code == EINVAL {
            // The file system took O_DIRECT at opening but cannot read this way (buffer or block does not suit it).
            try retrying { fcntl(descriptor.number, F_SETFL, 0) }
            dropBefore()
            return try pread(buffer, length, at: offset)
        }
    }

    private func pread(_ buffer: UnsafeMutableRawBufferPointer, _ length: Int, at offset: Int64) throws(Errno) -> Int {
        try retrying { Glibc.pread(descriptor.number, buffer.baseAddress, length, off_t(offset)) }
    }

    /// Returns if the failure concerns these bytes only.
    private func bear(_ error: Errno, at offset: Int64) throws(DockError) {
        guard error.meansUnreadable, volume.isPresent() else {
            throw volume.failure(error, "cannot read a file of the camera from byte \(offset) on", at: file.path)
        }
    }

    private mutating func giveUpBlock(_ block: Range<Int64>) throws(DockError) {
        if let last = unreadable.last, last.upperBound == block.lowerBound {
            unreadable[unreadable.count - 1] = last.lowerBound..<block.upperBound
        } else {
            unreadable.append(block)
        }
        failuresInARow += 1
        guard failuresInARow < SegmentReader.mostUnreadableInARow else {
            let start = unreadable.last?.lowerBound ?? block.lowerBound
            throw DockError(
                .io, "cannot read a file of the camera", at: "\(volume.path)/\(file.path)",
                because: "nothing can be read from byte \(start) to byte \(block.upperBound) of \(file.identity.size)",
                next: "the file stays on the camera; have its card examined before anything is written to it")
        }
    }

    private mutating func bypassCache() {
        do {
            try retrying { fcntl(descriptor.number, F_SETFL, Descriptor.direct) }
            cacheUse = .bypassed
        } catch {
            dropBefore()
        }
    }

    private mutating func dropBefore() {
        descriptor.dropFromCache()
        cacheUse = .dropped
    }

    /// So that a card larger than the dock's memory does not drive everything else out of it.
    private mutating func dropFromCache(every count: Int64) {
        guard cacheUse != .bypassed, position - dropped >= count else { return }
        descriptor.dropFromCache(from: dropped, count: position - dropped)
        dropped = position
    }

    private static func difference(_ before: FileIdentity, _ now: FileIdentity) -> String {
        if now.size != before.size { return "it had \(before.size) bytes and now has \(now.size)" }
        if now.modified != before.modified { return "its time of change is another" }
        return "another file stands under its name"
    }
}

extension Volume {
    fileprivate func mismatch(at path: CameraPath, because why: String) -> DockError {
        DockError(
            .mismatch, "cannot vouch for a file of the camera", at: "\(self.path)/\(path)", because: why,
            next: "the file stays on the camera; make sure that nothing writes to it, and dock it again")
    }
}
