import DockCore
import DockSystem
import Glibc

/// Reads a file line by line, in memory that does not grow with the file or with its longest line.
struct LineReader {
    /// One line, without its LF; the bytes are valid only while it is handed over.
    struct Line {
        /// Counted from 1.
        let number: Int
        let bytes: UnsafeRawBufferPointer
        /// Whether an LF ended it.
        let isComplete: Bool
        /// Whether it is longer than ``LineReader/longest``; then `bytes` is empty.
        let isTooLong: Bool
    }

    /// How the reading ended.
    struct Outcome {
        enum End: Equatable {
            case complete
            case stopped
            case limit
            case failed(Errno)
        }

        let end: End
        /// SHA-256 of the whole file; nil if it was not read to its end.
        let digest: SHA256Digest?
    }

    /// Longest line in bytes, with its LF.
    static let longest = 65_536

    /// Bytes to read at most.
    let limit: Int64

    private var buffer = [UInt8](repeating: 0, count: 4 * LineReader.longest)
    private var filled = 0
    private var number = 0
    private var isSkipping = false

    init(limit: Int64) { self.limit = limit }

    /// Hands every line to `take`, until that returns false. Reads from the descriptor's current position.
    mutating func read(
        _ file: borrowing Descriptor, _ take: (Line) throws(DockError) -> Bool
    ) throws(DockError) -> Outcome {
        var digester = try Digester(.sha256)
        var total: Int64 = 0
        while true {
            let result: Result<Int, Errno> = buffer.withUnsafeMutableBytes { bytes in
                Result { () throws(Errno) in
                    try file.readFully(into: UnsafeMutableRawBufferPointer(rebasing: bytes[filled...]))
                }
            }
            let count: Int
            switch result {
            case .success(let read): count = read
            case .failure(let errno): return Outcome(end: .failed(errno), digest: nil)
            }
            if count == 0 { break }
            total += Int64(count)
            guard total <= limit else { return Outcome(end: .limit, digest: nil) }
            try withBytes(filled..<(filled + count)) { bytes throws(DockError) in try digester.update(bytes) }
            filled += count
            guard try handOver(take) else { return Outcome(end: .stopped, digest: nil) }
        }
        let goesOn = try handOverRest(take)
        return Outcome(end: goesOn ? .complete : .stopped, digest: goesOn ? try digester.finishSHA256() : nil)
    }

    /// Hands over the complete lines of the buffer and moves what is left to its front.
    private mutating func handOver(_ take: (Line) throws(DockError) -> Bool) throws(DockError) -> Bool {
        var start = 0
        while let end = lineFeed(from: start) {
            guard try handOver(start..<end, isComplete: true, take) else { return false }
            start = end + 1
        }
        if filled - start >= LineReader.longest {
            isSkipping = true
            start = filled
        }
        if start > 0 {
            buffer.withUnsafeMutableBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                memmove(base, base + start, filled - start)
            }
            filled -= start
        }
        return true
    }

    private mutating func handOverRest(_ take: (Line) throws(DockError) -> Bool) throws(DockError) -> Bool {
        guard filled > 0 || isSkipping else { return true }
        return try handOver(0..<filled, isComplete: false, take)
    }

    private mutating func handOver(
        _ range: Range<Int>, isComplete: Bool, _ take: (Line) throws(DockError) -> Bool
    ) throws(DockError) -> Bool {
        number += 1
        let number = number
        let isTooLong = isSkipping || range.count >= LineReader.longest
        isSkipping = false
        var goesOn = false
        try withBytes(isTooLong ? 0..<0 : range) { bytes throws(DockError) in
            goesOn = try take(Line(number: number, bytes: bytes, isComplete: isComplete, isTooLong: isTooLong))
        }
        return goesOn
    }

    private func lineFeed(from start: Int) -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard start < filled, let base = bytes.baseAddress, let found = memchr(base + start, 10, filled - start)
            else {
                return nil
            }
            return UnsafeRawPointer(found) - base
        }
    }

    private func withBytes(
        _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(DockError) -> Void
    ) throws(DockError) {
        let result: Result<Void, DockError> = buffer.withUnsafeBytes { bytes in
            Result { () throws(DockError) in try body(UnsafeRawBufferPointer(rebasing: bytes[range])) }
        }
        try result.get()
    }
}
