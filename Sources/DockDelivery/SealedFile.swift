import COpenSSL
import DockCore
import DockSystem
import Glibc

/// The two ends of a sealed file. The header at its front holds a share and a MAC that no other sealing has; the bytes at its
/// back exist only if the file was written to its end. A record that is not sealed is its own header, all of it.
struct SealedEnds: Equatable {
    /// Size in bytes.
    let bytes: Int64
    /// The age header, up to and including the newline after its MAC; or all of a plain record.
    let header: [UInt8]
    /// The last bytes of the file; at most ``tailLength``.
    let tail: [UInt8]

    /// How many bytes at the back are compared: the last authentication tag, and some of what it covers.
    static let tailLength = 64
    /// Longest header that is accepted: room for some 600 recipients.
    static let longestHeader = 64 << 10

    /// Longest plain record.
    static let longestRecord = 64 << 10

    /// Reads the ends of an open file; nil if it does not begin with an age header, and is too long for a plain record.
    init?(of file: borrowing Descriptor) throws(Errno) {
        bytes = try file.status().identity.size
        if let header = try SealedEnds.header(of: file) {
            self.header = header
        } else if (1...Int64(SealedEnds.longestRecord)).contains(bytes) {
            header = try SealedEnds.read(file, count: Int(bytes), at: 0)
        } else {
            return nil
        }
        let count = min(bytes, Int64(SealedEnds.tailLength))
        tail = try SealedEnds.read(file, count: Int(count), at: bytes - count)
    }

    /// ``SealedSegment/id`` of what the header says.
    func sealing() throws(DockError) -> String { Hex.encode(try SHA256Digest(hashing: header).bytes.prefix(16)) }

    /// Most headers are shorter than the first, small read.
    private static func header(of file: borrowing Descriptor) throws(Errno) -> [UInt8]? {
        for length in [1024, longestHeader] {
            let front = try read(file, count: length, at: 0)
            if let end = headerEnd(front) { return Array(front[..<end]) }
            if front.count < length { return nil }
        }
        return nil
    }

    private static func read(_ file: borrowing Descriptor, count: Int, at offset: Int64) throws(Errno) -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { buffer.deallocate() }
        let got = try file.readFully(into: buffer, at: offset)
        return Array(buffer[..<got])
    }

    /// The offset behind the line that begins with `---`, the last one of an age header (C2SP age.md).
    static func headerEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.starts(with: "age-encryption.org/v1\n".utf8) else { return nil }
        var start = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if bytes[start..<end].starts(with: "--- ".utf8) { return end + 1 }
            start = end + 1
        }
        return nil
    }
}

/// The spool file of a consignment, open for reading and checked to be the sealing that it is said to be.
struct SpoolFile: ~Copyable {
    let file: Descriptor
    let status: FileStatus
    let ends: SealedEnds

    /// Opens and checks it, every byte where this run has not seen them yet. Throws ``DockError/Code/corrupt`` if it is another file than
    /// the ledger says.
    init(_ consignment: Consignment) throws(DockError) {
        let place = consignment.file
        let file = try SpoolFile.open(place)
        let status: FileStatus
        let ends: SealedEnds?
        do throws(Errno) {
            status = try file.status()
            ends = status.kind == .file ? try SealedEnds(of: file) : nil
        } catch {
            throw error.error(SpoolFile.what, at: place, next: SpoolFile.next)
        }
        guard status.kind == .file else { throw SpoolFile.corrupt(place, "it is not a regular file") }
        guard status.identity.size == consignment.sealed.bytes else {
            let sizes = "\(status.identity.size) bytes instead of the \(consignment.sealed.bytes) that were sealed"
            throw SpoolFile.corrupt(place, "it has \(sizes)")
        }
        guard let ends, try ends.sealing() == consignment.sealed.id else {
            throw SpoolFile.corrupt(place, "its header is not the header of sealing \(consignment.sealed.id)")
        }
        if !consignment.isChecked { try SpoolFile.check(file, is: consignment.sealed, place) }
        self.file = file
        self.status = status
        self.ends = ends
    }

    /// Early versions of the ledger have no hashes of some sealings: of those the ends alone are known.
    private static func check(
        _ file: borrowing Descriptor, is sealed: SealedSegment, _ place: String
    ) throws(DockError) {
        let parts = try sealed.knownParts()
        guard parts != nil || sealed.sha256 != nil else { return }
        file.dropFromCache()
        let found: PartDigests.Result
        do throws(DockError) {
            found = try PartDigests.of(file, sizes: parts?.map(\.size) ?? [], place: place)
        } catch { throw corrupt(place, "it cannot be read: \(error.why)") }
        guard found.parts == parts?.map(\.sha256) ?? found.parts, found.whole == sealed.sha256 ?? found.whole else {
            throw corrupt(place, "its bytes are not the bytes that were sealed: the dock's disk has damaged it")
        }
    }

    private static let what = "cannot deliver a sealed segment"
    private static let next = "dock the camera again: what it still has is sealed anew; look at the dock's disk"

    private static func open(_ path: String) throws(DockError) -> Descriptor {
        do throws(Errno) {
            return try Descriptor.open(path, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        } catch {
            throw error.error(what, at: path, next: next)
        }
    }

    private static func corrupt(_ place: String, _ why: String) -> DockError {
        DockError(.corrupt, what, at: place, because: why, next: next)
    }
}
