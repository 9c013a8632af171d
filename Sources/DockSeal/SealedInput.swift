import DockCore
import DockSystem

/// The bytes of a sealed file, read ahead far enough to know whether a chunk is the last.
struct SealedInput: ~Copyable {
    private static let capacity = 16 * Sealer.sealedChunk

    private let place: String
    private let buffer: UnsafeMutableRawBufferPointer
    private var range = 0..<0
    private var isAtEnd = false
    /// Bytes of the file that are part of it and were not read yet.
    private var left: Int64

    /// Begins at the file's current position.
    /// - Parameters:
    ///   - place: the file's name, for errors.
    ///   - bytes: where it ends, if not with the file.
    init(place: String, bytes: Int64 = .max) {
        self.place = place
        left = bytes
        buffer = .allocate(byteCount: SealedInput.capacity, alignment: 16)
    }

    deinit { buffer.deallocate() }

    /// The next bytes of the file, at least `count` of them, or all if there are fewer. Valid until the next call.
    mutating func peek(_ count: Int, from file: borrowing Descriptor) throws(DockError) -> UnsafeRawBufferPointer {
        if range.count < count, !isAtEnd {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[range]))
            let free = UnsafeMutableRawBufferPointer(rebasing: buffer[range.count...])
            let room = UnsafeMutableRawBufferPointer(rebasing: free.prefix(Int(min(left, Int64(free.count)))))
            let got = try attempt("cannot read the sealed file", at: place, next: "check the file and its disk") {
                () throws(Errno) in try file.readFully(into: room)
            }
            range = 0..<(range.count + got)
            left -= Int64(got)
            isAtEnd = got < room.count || left == 0
        }
        return UnsafeRawBufferPointer(rebasing: buffer[range])
    }

    /// Goes on behind `count` bytes that were peeked at.
    mutating func skip(_ count: Int) { range = (range.lowerBound + count)..<range.upperBound }
}
