import DockCore
import DockSystem

/// How far a long run over a device came.
public struct ZeroPass: Sendable, Equatable {
    /// Bytes that were written and forced to the medium, or read.
    public var bytes: Int64 = 0
    /// Where the first byte other than zero was read, counted from the start of the device.
    public var firstNonzero: Int64?
    /// Whether `shouldStop` ended it early.
    public var wasStopped = false
}

extension BlockVolume {
    /// Bytes that are written or read by one call.
    static var pieceBytes: Int { 4 << 20 }
    /// Bytes after which what was written is forced to the medium, so that an error shows before hours have passed.
    static var syncBytes: Int64 { 256 << 20 }

    /// Writes zeros over `range` and forces them to the medium.
    /// - Parameters:
    ///   - range: in bytes, whole logical blocks.
    ///   - progress: is told the bytes written so far.
    ///   - shouldStop: is asked before each piece; what was written by then is still forced to the medium.
    /// - Returns: how far it came.
    /// - Throws: what a write or a sync answered, with its place. Nothing is tried again: a block that cannot be overwritten
    ///   stays as it was.
    public func overwrite(
        _ range: Range<Int64>, progress: (Int64) -> Void = { _ in }, shouldStop: () -> Bool = { false }
    ) throws(DockError) -> ZeroPass {
        try check(range, "cannot overwrite a device")
        let zeros = try memory(BlockVolume.pieceBytes)
        var pass = ZeroPass()
        var unsynchronized: Int64 = 0
        var offset = range.lowerBound
        while offset < range.upperBound {
            if shouldStop() {
                pass.wasStopped = true
                break
            }
            let count = BlockVolume.piece(at: offset, of: range)
            try write(zeros, count, at: offset)
            offset += Int64(count)
            unsynchronized += Int64(count)
            if unsynchronized >= BlockVolume.syncBytes {
                try synchronize()
                unsynchronized = 0
            }
            progress(offset - range.lowerBound)
        }
        try synchronize()
        pass.bytes = offset - range.lowerBound
        return pass
    }

    /// Reads `range`, or a sample of it, from the device, and looks for a byte that is not zero. Ends at the first.
    /// - Parameters:
    ///   - range: in bytes, whole logical blocks.
    ///   - sampling: how much is read.
    ///   - progress: is told the bytes read so far.
    ///   - shouldStop: is asked before each piece.
    /// - Returns: how much was read, and where the first byte other than zero is.
    /// - Throws: what a read answered, with its place.
    public func verifyZeros(
        _ range: Range<Int64>, sampling: ZeroSampling, progress: (Int64) -> Void = { _ in },
        shouldStop: () -> Bool = { false }
    ) throws(DockError) -> ZeroPass {
        try check(range, "cannot verify a device")
        let buffer = try memory(BlockVolume.pieceBytes)
        var pass = ZeroPass()
        for sample in sampling.samples(of: range, block: Int64(max(logicalBlockBytes, AlignedBuffer.alignment))) {
            var offset = sample.lowerBound
            while offset < sample.upperBound {
                if shouldStop() {
                    pass.wasStopped = true
                    return pass
                }
                let count = BlockVolume.piece(at: offset, of: sample)
                try read(into: buffer, count, at: offset)
                if let first = buffer.firstNonzero(in: count) {
                    pass.firstNonzero = offset + Int64(first)
                    pass.bytes += Int64(count)
                    return pass
                }
                offset += Int64(count)
                pass.bytes += Int64(count)
                progress(pass.bytes)
            }
        }
        return pass
    }

    /// Up to the next multiple of a piece: all but the first and the last are whole and aligned, as flash media like them.
    private static func piece(at offset: Int64, of range: Range<Int64>) -> Int {
        let size = Int64(pieceBytes)
        return Int(min(range.upperBound, (offset / size + 1) * size) - offset)
    }
}
