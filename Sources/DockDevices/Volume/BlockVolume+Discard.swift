import CLinux
import DockCore
import DockSystem
import Glibc

/// What came of a discard.
public enum DiscardAnswer: Sendable, Equatable {
    /// The device took it. That says that its blocks are no longer mapped, not that nothing can be recovered from its cells.
    case done
    /// The device, or what is between it and the kernel, does not take it; for people. Blocks may have been discarded before
    /// that came out.
    case notSupported(String)
    /// `shouldStop` ended it; so many bytes were discarded.
    case stopped(Int64)
}

extension BlockVolume {
    /// Bytes that are discarded by one call, so that it can be stopped and its progress be seen.
    static var discardBytes: Int64 { 1 << 30 }

    /// Tells the device that it need not keep `range` (BLKDISCARD).
    ///
    /// The kernel does not offer this for most USB devices, even if they can do it: it asks for that only where READ CAPACITY (16)
    /// is used, and leaves the disk's `provisioning_mode` at `full`. So if it refuses, the device itself is asked (VPD page B2h),
    /// and what it offers is set there. Some devices hang when they are asked for VPD pages; they come back with the next plug.
    ///
    /// Whether the blocks read as zeros then is for ``verifyZeros(_:sampling:progress:shouldStop:)`` to find: the kernel takes
    /// some refusals for success.
    /// - Parameters:
    ///   - range: in bytes, whole logical blocks.
    ///   - progress: is told the bytes discarded so far.
    ///   - shouldStop: is asked before each piece.
    /// - Throws: what the device answered, if that is no lack of support.
    public func discard(
        _ range: Range<Int64>, progress: (Int64) -> Void = { _ in }, shouldStop: () -> Bool = { false }
    ) throws(DockError) -> DiscardAnswer {
        try check(range, "cannot discard blocks")
        var modes: [ProvisioningMode]?
        var offset = range.lowerBound
        while offset < range.upperBound {
            if shouldStop() { return .stopped(offset - range.lowerBound) }
            let end = min(range.upperBound, (offset / BlockVolume.discardBytes + 1) * BlockVolume.discardBytes)
            if try discardPiece(offset..<end) {
                offset = end
                progress(offset - range.lowerBound)
                continue
            }
            let disk = ProvisionedDisk(DeviceNumber(opened.number))
            if modes == nil {
                switch disk.offers() {
                case .success(let offered): modes = offered
                case .failure(let reason): return .notSupported(reason.text)
                }
            }
            guard let mode = modes?.popLast() else {
                disk.restore()
                return .notSupported("the device says that it takes UNMAP, but refuses it")
            }
            if let reason = disk.set(mode) { return .notSupported(reason) }
        }
        return .done
    }

    /// Whether it was taken; false if it is not supported.
    private func discardPiece(_ range: Range<Int64>) throws(DockError) -> Bool {
        try attempt("cannot discard blocks", at: range.lowerBound) { number throws(Errno) in
            do throws(Errno) {
                try retrying { bodydock_block_discard(number, UInt64(range.lowerBound), UInt64(range.count)) }
                return true
            } catch  where [EOPNOTSUPP, EREMOTEIO, ENOTTY].contains(error.code) {
                // EREMOTEIO: the device called the command illegal; the kernel will not try that one again.
                return false
            }
        }
    }
}
