import DockCore
import DockSystem
import Glibc
import Synchronization

/// A stretch of a sealed file as the body of a request: read with pread(2) as it is sent, so that memory does not depend on
/// its size and several stretches of one file can be sent at once.
final class FileStretch: Sendable {
    let part: SealedSegment.Part
    /// Where it waits for its turn to be sent; nil if nothing is limited.
    let gate: SendGate?
    private let file: SharedFile
    private let progress: @Sendable (Int64) -> Void
    /// Bytes that `progress` knows of: what is sent again counts once.
    private let reported = Mutex<Int64>(0)

    init(
        _ part: SealedSegment.Part, of file: SharedFile, gate: SendGate? = nil,
        progress: @escaping @Sendable (Int64) -> Void
    ) {
        self.part = part
        self.gate = gate
        self.file = file
        self.progress = progress
    }

    /// Waits until some bytes at `position` may be sent; answers how many, at most `count`; 0 at the end.
    func turn(_ count: Int, at position: Int64) -> Int {
        let wanted = Int(min(Int64(count), part.size - position))
        return wanted > 0 ? gate?.take(wanted) ?? wanted : 0
    }

    /// Reads bytes from `position` in the stretch; 0 at its end. Fails with `EIO` if the file ends before it.
    func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int64) throws(Errno) -> Int {
        let wanted = Int(min(Int64(buffer.count), part.size - position))
        guard wanted > 0 else { return 0 }
        let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
        guard try file.descriptor.readFully(into: piece, at: part.offset + position) == wanted else { throw Errno(EIO) }
        let fresh = reported.withLock { reported in
            defer { reported = max(reported, position + Int64(wanted)) }
            return max(0, position + Int64(wanted) - reported)
        }
        if fresh > 0 { progress(fresh) }
        return wanted
    }

    /// MD5 of the stretch as it lies in the file now; nothing is reported as handed over.
    func md5() throws(DockError) -> [UInt8] {
        var digester = try Digester(.md5)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { buffer.deallocate() }
        var position: Int64 = 0
        while position < part.size {
            let piece = UnsafeMutableRawBufferPointer(
                rebasing: buffer[..<Int(min(Int64(buffer.count), part.size - position))])
            let count: Int
            do { count = try file.descriptor.readFully(into: piece, at: part.offset + position) } catch {
                throw error.error("cannot read a sealed file", at: "spool", next: "check the dock's disk")
            }
            // A file that ends early is found out when the part is sent.
            if count == 0 { break }
            try digester.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
            position += Int64(count)
        }
        return try digester.finish()
    }
}

/// An open file that several requests read from.
final class SharedFile: Sendable {
    let descriptor: Descriptor

    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
}

/// Hashes an object while it is read back. Begins anew with every attempt; used by one thread.
final class Readback {
    private let parts: [SealedSegment.Part]
    private var digests: PartDigests
    private var count: Int64 = 0

    init(_ parts: [SealedSegment.Part]) throws(DockError) {
        let digests = try PartDigests(sizes: parts.map(\.size))
        self.parts = parts
        self.digests = digests
    }

    /// How many bytes there must be.
    var bytes: Int64 { parts.reduce(0) { $0 + $1.size } }

    /// Forgets what came in.
    func begin() throws(DockError) {
        digests = try PartDigests(sizes: parts.map(\.size))
        count = 0
    }

    /// Takes bytes in order. False if there are more than the object may have: the transfer need not go on.
    func take(_ buffer: UnsafeRawBufferPointer) -> Bool {
        count += Int64(buffer.count)
        guard count <= bytes else { return false }
        do { try digests.update(buffer) } catch { return false }
        return true
    }

    /// SHA-256 of the whole if every part is what it must be; nil otherwise. To be asked once.
    func verdict() throws(DockError) -> SHA256Digest? {
        let found = try digests.finish()
        return found.bytes == bytes && found.parts == parts.map(\.sha256) ? found.whole : nil
    }
}
