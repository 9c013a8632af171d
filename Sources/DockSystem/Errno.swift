import DockCore
import Glibc

/// An `errno` value, and how it reads as a ``DockError``.
public struct Errno: Error, Sendable, Hashable, CustomStringConvertible {
    /// The number, as in `errno.h`.
    public let code: Int32

    /// Takes a number.
    public init(_ code: Int32) { self.code = code }

    /// The current `errno`.
    public static var current: Errno { Errno(errno) }

    /// The C library's text for it.
    public var description: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// As an error for people: the cause is the C library's text, the code and whether it may pass follow from the number.
    public func error(_ what: String, at place: String, next: String) -> DockError {
        DockError(dockCode, what, at: place, because: description, next: next, isPassing: isPassing)
    }

    private var dockCode: DockError.Code {
        switch code {
        case ENOENT, ENOTDIR: .notFound
        case EACCES, EPERM, EROFS: .refused
        case ENOSPC, EDQUOT, EFBIG: .noSpace
        case EEXIST, ENOTEMPTY: .conflict
        case ENODEV, ENXIO, ENOTCONN, ESHUTDOWN: .disconnected
        case ELOOP, EINVAL, ENAMETOOLONG: .malformed
        case ESTALE, ETIMEDOUT, EHOSTDOWN, EHOSTUNREACH, ENETUNREACH, ECONNREFUSED: .unreachable
        default: .io
        }
    }

    private var isPassing: Bool {
        switch code {
        case ENOSPC, EDQUOT, ESTALE, ETIMEDOUT, EHOSTDOWN, EHOSTUNREACH, ENETUNREACH, ECONNREFUSED, EAGAIN, EIO,
            ENOTCONN, EMFILE,
            ENFILE, ENOMEM:
            true
        default: false
        }
    }
}

/// Calls `body` until it is not interrupted by a signal; a result below zero becomes the thrown `errno`.
@discardableResult
public func retrying<Value: SignedInteger>(_ body: () -> Value) throws(Errno) -> Value {
    while true {
        let value = body()
        if value >= 0 { return value }
        let error = Errno.current
        if error.code != EINTR { throw error }
    }
}
