import DockCore
import DockSystem
import Glibc

/// A stretch of page-aligned memory that threads hand to each other.
///
/// `@unchecked Sendable`: it is in one hand at a time. Whoever takes it out of a queue owns it until putting it into the next.
final class Buffer: @unchecked Sendable {
    let memory: UnsafeMutableRawBufferPointer
    /// Bytes in use, from the start.
    var count = 0

    /// - Parameter isSecret: the memory will hold footage in the clear: it is kept out of swap and core dumps, and wiped.
    init(size: Int, isSecret: Bool) throws(DockError) {
        var address: UnsafeMutableRawPointer?
        guard posix_memalign(&address, 4096, size) == 0, let address else {
            throw DockError(
                .io, "cannot reserve memory for footage", at: "\(size) bytes", because: "the machine is out of memory",
                next: "stop other programs and run again", isPassing: true)
        }
        memory = UnsafeMutableRawBufferPointer(start: address, count: size)
        if isSecret {
            _ = madvise(address, size, MADV_DONTDUMP)
            guard mlock(address, size) == 0 else {
                let error = Errno.current
                free(address)
                throw error.error(
                    "cannot keep footage out of swap", at: "mlock of \(size) bytes",
                    next: "raise the memory lock limit (ulimit -l, LimitMEMLOCK=) to at least 16 MiB")
            }
        }
    }

    /// The bytes in use.
    var used: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

    deinit {
        memset_s(memory)
        munlock(memory.baseAddress!, memory.count)
        free(memory.baseAddress!)
    }
}

/// A fixed number of buffers that go round: who needs one waits until one is free, so that memory does not grow.
final class BufferPool: Sendable {
    private let free: BoundedQueue<Buffer>

    init(count: Int, size: Int, isSecret: Bool) throws(DockError) {
        free = BoundedQueue(capacity: count)
        for _ in 0..<count { free.send(try Buffer(size: size, isSecret: isSecret)) }
    }

    /// Waits for a free buffer.
    func take() -> Buffer? { free.receive() }

    /// Puts a buffer back.
    func put(_ buffer: Buffer) {
        buffer.count = 0
        free.send(buffer)
    }
}

private func memset_s(_ memory: UnsafeMutableRawBufferPointer) { explicit_bzero(memory.baseAddress!, memory.count) }
