import DockSystem
import Glibc

/// Owns memory as `O_DIRECT` wants it (open(2)): it starts at a multiple of 4096.
struct AlignedBuffer: ~Copyable {
    static let alignment = 4096

    let bytes: UnsafeMutableRawBufferPointer

    /// `count` zeros.
    init(count: Int) throws(Errno) {
        var pointer: UnsafeMutableRawPointer?
        let code = posix_memalign(&pointer, AlignedBuffer.alignment, max(count, 1))
        guard code == 0, let pointer else { throw Errno(code == 0 ? ENOMEM : code) }
        memset(pointer, 0, max(count, 1))
        bytes = UnsafeMutableRawBufferPointer(start: pointer, count: count)
    }

    deinit { free(bytes.baseAddress) }

    /// The first of `count` bytes that is not zero.
    func firstNonzero(in count: Int) -> Int? {
        guard count > 0, let start = bytes.baseAddress else { return nil }
        // All are equal to their neighbour and the first is zero: one call of the C library, also in builds that are not optimised.
        if bytes[0] == 0 && memcmp(start, start + 1, count - 1) == 0 { return nil }
        return bytes[..<count].firstIndex { $0 != 0 }
    }
}
