import DockCore
import DockSystem
import Glibc

/// Files that hold secrets: nobody but their owner may be able to touch them.
enum PrivateFile {
    /// The whole content. Refused: a file that others than its owner can touch (``Credential``), one over `limit` bytes, anything but a
    /// regular file.
    static func read(_ path: String, limit: Int, what: String) throws(DockError) -> Secret {
        let next = "check that the file is there, and whole"
        let file = try attempt(what, at: path, next: next) { () throws(Errno) in
            // Without O_NONBLOCK, opening a pipe would wait for somebody to write to it.
            try Descriptor.open(path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
        }
        let status = try attempt(what, at: path, next: next) { () throws(Errno) in try file.status() }
        guard status.kind == .file else {
            throw DockError(
                .malformed, what, at: path, because: "it is no regular file", next: "give the key's own file")
        }
        if let exposure = Credential.exposure(of: status, at: path) {
            throw DockError(
                .refused, what, at: path, because: exposure,
                next: "run as the user whom it belongs to; or find out who could read it, then: chmod 600")
        }
        let size = Int(status.identity.size)
        guard size <= limit else {
            throw DockError(
                .limit, what, at: path, because: "it is larger than \(limit) bytes", next: "give a key file")
        }
        return try attempt(what, at: path, next: next) { () throws(Errno) in
            try Secret(count: size) { buffer throws(Errno) in
                guard try file.readFully(into: buffer) == size else { throw Errno(EIO) }
            }
        }
    }
}

/// Runs system calls; an `errno` becomes an error for people.
func attempt<Value: ~Copyable>(
    _ what: String, at place: String, next: String, _ body: () throws(Errno) -> Value
) throws(DockError) -> Value {
    do { return try body() } catch { throw error.error(what, at: place, next: next) }
}
