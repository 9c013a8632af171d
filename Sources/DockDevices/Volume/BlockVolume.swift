import CLinux
import DockCore
import DockSystem
import Glibc

/// Owns an open block device: a disk or a partition, without the file system on it. Everything goes past the page cache
/// (`O_DIRECT`): what is read comes from the device, and a write that fails says so itself.
///
/// Calls can wait for as long as a device hangs (a kernel's patience is 30 s and more), and cannot be interrupted.
public struct BlockVolume: ~Copyable, Sendable {
    /// Which device it is.
    public let node: BlockNode
    /// Its size in bytes.
    public let bytes: Int64
    /// Bytes of a logical block: what is read and written starts and ends at a multiple of it.
    public let logicalBlockBytes: Int
    /// Whether it was opened for writing.
    public let isWritable: Bool

    let opened: OpenNode

    /// Opens a device.
    /// - Parameters:
    ///   - node: which one; if another device has taken the name, that one is not opened.
    ///   - forWriting: also to write. Then nobody else may have it (`O_EXCL`): the kernel refuses what is mounted anywhere.
    /// - Throws: ``DockError/Code/disconnected`` if it is gone, is another one, or has no medium;
    ///   ``DockError/Code/conflict`` if it is in use; ``DockError/Code/refused`` if it is write-protected or no block device.
    public static func open(_ node: BlockNode, forWriting: Bool) throws(DockError) -> BlockVolume {
        let flags = (forWriting ? O_RDWR | O_EXCL : O_RDONLY) | Descriptor.direct
        return try BlockVolume(node, try node.open(flags, "cannot open a device"), isWritable: forWriting)
    }

    private init(_ node: BlockNode, _ opened: consuming OpenNode, isWritable: Bool) throws(DockError) {
        var size: UInt64 = 0
        var block: Int32 = 0
        var isReadOnly: Int32 = 0
        do throws(Errno) {
            try opened.descriptor.call { bodydock_block_size($0, &size) }
            try opened.descriptor.call { bodydock_block_logical($0, &block) }
            try opened.descriptor.call { bodydock_block_is_read_only($0, &isReadOnly) }
            // The kernel opens a write-protected partition for writing, and refuses each write.
            if isWritable, isReadOnly != 0 { throw Errno(EROFS) }
            if size == 0 { throw Errno(ENOMEDIUM) }
        } catch {
            throw node.failure(error, "cannot open a device")
        }
        guard let bytes = Int64(exactly: size), (512...65_536).contains(block), block & (block - 1) == 0 else {
            throw DockError(
                .malformed, "cannot open a device", at: node.path,
                because: "a size of \(size) bytes in blocks of \(block) cannot be", next: "inspect the camera's card")
        }
        self.node = node
        self.bytes = bytes
        logicalBlockBytes = Int(block)
        self.isWritable = isWritable
        self.opened = opened
    }

    /// Writes what the page cache has of the device to it, and forgets that (BLKFLSBUF): others read what is there now.
    public func dropCache() throws(DockError) {
        try attempt("cannot drop what is cached of a device") { number throws(Errno) in
            _ = try retrying { bodydock_block_drop_cache(number) }
        }
    }

    /// Forces what was written to the medium (fsync(2)). An error is told once only: who gets one must not believe what was
    /// written, and must not call again to make it go away.
    public func synchronize() throws(DockError) {
        try attempt("cannot force what was written to the medium") { number throws(Errno) in
            _ = try retrying { fsync(number) }
        }
    }

    /// Up to `count` bytes from `offset`, from the device; fewer only at its end. At most 4 MiB.
    func read(at offset: Int64, count: Int) throws(DockError) -> [UInt8] {
        guard offset >= 0, offset < bytes, count > 0, count <= 4 << 20 else { return [] }
        let block = Int64(max(logicalBlockBytes, AlignedBuffer.alignment))
        let start = offset / block * block
        let end = min(bytes, offset + Int64(count))
        let window = Int((end - start + block - 1) / block * block)
        let buffer = try memory(window)
        let got = try attempt("cannot read a device", at: start) { number throws(Errno) in
            try transfer(window) { done in
                pread(number, buffer.bytes.baseAddress! + done, window - done, off_t(start) + off_t(done))
            }
        }
        let first = Int(offset - start)
        guard first < got else { return [] }
        return Array(buffer.bytes[first..<min(got, Int(end - start))])
    }

    /// Fills the first `count` bytes of `buffer` from `offset`; both are whole logical blocks that the device has.
    func read(into buffer: borrowing AlignedBuffer, _ count: Int, at offset: Int64) throws(DockError) {
        let start = buffer.bytes.baseAddress!
        try attempt("cannot read a device", at: offset) { number throws(Errno) in
            let done = try transfer(count) { done in
                pread(number, start + done, count - done, off_t(offset) + off_t(done))
            }
            if done < count { throw Errno(EIO) }
        }
    }

    /// Writes all of `content`, a whole number of logical blocks, at `offset`, another.
    func write(_ content: [UInt8], at offset: Int64) throws(DockError) {
        try check(offset..<(offset + Int64(content.count)), "cannot write to a device")
        let buffer = try memory(content.count)
        buffer.bytes.copyBytes(from: content)
        try write(buffer, content.count, at: offset)
    }

    /// Writes the first `count` bytes of `buffer` at `offset`.
    func write(_ buffer: borrowing AlignedBuffer, _ count: Int, at offset: Int64) throws(DockError) {
        let start = buffer.bytes.baseAddress!
        try attempt("cannot write to a device", at: offset) { number throws(Errno) in
            let done = try transfer(count) { done in
                pwrite(number, start + done, count - done, off_t(offset) + off_t(done))
            }
            // A device does not get smaller: nothing written and no error is an error.
            if done < count { throw Errno(EIO) }
        }
    }

    /// Memory for transfers.
    func memory(_ count: Int) throws(DockError) -> AlignedBuffer {
        do { return try AlignedBuffer(count: count) } catch { throw node.failure(error, "cannot get memory") }
    }

    /// Fails unless `range` lies on the device and starts and ends at logical blocks.
    func check(_ range: Range<Int64>, _ what: String) throws(DockError) {
        let block = Int64(logicalBlockBytes)
        guard range.lowerBound >= 0, range.upperBound <= bytes, range.lowerBound % block == 0,
            range.upperBound % block == 0
        else {
            throw DockError(
                .malformed, what, at: node.path,
                because: "\(range) is not a range of its \(bytes) bytes in blocks of \(block)",
                next: "report this: it must not happen")
        }
    }

    /// Runs a system call on the device; what fails reads as an error for people, with the place on the device.
    func attempt<Value>(
        _ what: String, at offset: Int64? = nil, _ body: (Int32) throws(Errno) -> Value
    ) throws(DockError) -> Value {
        do {
            return try body(opened.descriptor.number)
        } catch {
            // A pulled plug answers EIO as a bad block does: the kernel's record tells them apart.
            let isGone = access(DeviceNumber(opened.number).sysfs, F_OK) != 0
            var failure = node.failure(isGone ? Errno(ENODEV) : error, what)
            if let offset { failure.place += ", from byte \(offset)" }
            throw failure
        }
    }

    /// Repeats `step` (which is told how much is done, and does more) until `count` bytes are done or it makes no progress.
    private func transfer(_ count: Int, _ step: (Int) -> Int) throws(Errno) -> Int {
        var done = 0
        while done < count {
            let more = try retrying { step(done) }
            if more == 0 { break }
            done += more
        }
        return done
    }
}
