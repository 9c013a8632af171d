import DockCore
import Glibc

/// Owns an open file descriptor and closes it when it goes. Every call takes up again after a signal.
public struct Descriptor: ~Copyable, Sendable {
    /// The number; valid as long as this value lives.
    public let number: Int32

    /// Takes over an open descriptor.
    public init(owning number: Int32) { self.number = number }

    deinit { _ = Glibc.close(number) }

    /// Opens `path`, relative to `folder` if one is given. `O_CLOEXEC` is always set.
    public static func open(
        _ path: borrowing some PathBytes, under folder: Int32 = AT_FDCWD, flags: Int32, mode: mode_t = 0o600
    ) throws(Errno) -> Descriptor {
        var result: Int32 = -1
        try path.withCPath { pointer throws(Errno) in
            result = try retrying { Glibc.openat(folder, pointer, flags | O_CLOEXEC, mode) }
        }
        return Descriptor(owning: result)
    }

    /// What `fstat` says now.
    public func status() throws(Errno) -> FileStatus {
        var raw = Glibc.stat()
        try retrying { fstat(number, &raw) }
        return FileStatus(raw)
    }

    /// Reads up to `buffer.count` bytes from the current position; fewer only at the end of the file.
    public func readFully(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
        var count = 0
        while count < buffer.count {
            let got = try retrying { Glibc.read(number, buffer.baseAddress! + count, buffer.count - count) }
            if got == 0 { break }
            count += got
        }
        return count
    }

    /// Reads up to `buffer.count` bytes from `offset`; fewer only at the end of the file.
    public func readFully(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(Errno) -> Int {
        var count = 0
        while count < buffer.count {
            let got = try retrying {
                pread(number, buffer.baseAddress! + count, buffer.count - count, off_t(offset) + off_t(count))
            }
            if got == 0 { break }
            count += got
        }
        return count
    }

    /// Moves the current position (lseek(2)).
    public func seek(to offset: Int64) throws(Errno) { try retrying { lseek(number, off_t(offset), SEEK_SET) } }

    /// Writes all bytes at the current position.
    public func writeAll(_ bytes: UnsafeRawBufferPointer) throws(Errno) {
        var count = 0
        while count < bytes.count {
            count += try retrying { Glibc.write(number, bytes.baseAddress! + count, bytes.count - count) }
        }
    }

    /// Writes all bytes at `offset`.
    public func writeAll(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(Errno) {
        var count = 0
        while count < bytes.count {
            count += try retrying {
                pwrite(number, bytes.baseAddress! + count, bytes.count - count, off_t(offset) + off_t(count))
            }
        }
    }

    /// Cuts the file off, or lengthens it with zeros (ftruncate(2)).
    public func truncate(to bytes: Int64) throws(Errno) { try retrying { ftruncate(number, off_t(bytes)) } }

    /// Forces content and size to the disk (fsync(2)). An error is reported once only: never call again to make it go away.
    public func synchronize() throws(Errno) { try retrying { fsync(number) } }

    /// Tells the page cache that the file's clean pages are not needed (posix_fadvise(2)); a later read comes from the device.
    public func dropFromCache(from offset: Int64 = 0, count: Int64 = 0) {
        _ = posix_fadvise(number, off_t(offset), off_t(count), POSIX_FADV_DONTNEED)
    }

    /// Tells the kernel that reads go from start to end.
    public func willReadSequentially() { _ = posix_fadvise(number, 0, 0, POSIX_FADV_SEQUENTIAL) }

    /// Takes an advisory lock on the whole file (flock(2)), held until this descriptor closes; false if another has it.
    public func lock(waiting: Bool) throws(Errno) -> Bool {
        do {
            try retrying { flock(number, LOCK_EX | (waiting ? 0 : LOCK_NB)) }
            return true
        } catch  where error.code == EWOULDBLOCK {
            return false
        }
    }

    /// Gives up ownership without closing.
    public consuming func release() -> Int32 {
        let number = number
        discard self
        return number
    }
}

/// Something that can be handed to a system call as a path.
public protocol PathBytes {
    /// Calls `body` with the path, terminated by a NUL.
    func withCPath(_ body: (UnsafePointer<CChar>) throws(Errno) -> Void) throws(Errno)
}

extension String: PathBytes {
    /// Fails with `EINVAL` if the text contains a NUL.
    public func withCPath(_ body: (UnsafePointer<CChar>) throws(Errno) -> Void) throws(Errno) {
        try Array(utf8).withCPath(body)
    }
}

extension Array<UInt8>: PathBytes {
    /// Fails with `EINVAL` if the bytes contain a NUL.
    public func withCPath(_ body: (UnsafePointer<CChar>) throws(Errno) -> Void) throws(Errno) {
        guard !contains(0) else { throw Errno(EINVAL) }
        let terminated = map { CChar(bitPattern: $0) } + [0]
        let result: Result<Void, Errno> = terminated.withUnsafeBufferPointer { buffer in
            Result { () throws(Errno) in try body(buffer.baseAddress!) }
        }
        try result.get()
    }
}

extension ArraySlice<UInt8>: PathBytes {
    /// Fails with `EINVAL` if the bytes contain a NUL.
    public func withCPath(_ body: (UnsafePointer<CChar>) throws(Errno) -> Void) throws(Errno) {
        try Array(self).withCPath(body)
    }
}
