import DockCore
import DockSystem
import Glibc

/// A file with a secret in it, as ``Credential`` asks for.
enum SecretFile {
    /// Reads a file of at most `most` bytes, as it is at one moment.
    static func read(_ path: String, most: Int) throws(DockError) -> (text: String, identity: FileIdentity) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: most + 1, alignment: 1)
        defer {
            if let start = buffer.baseAddress { explicit_bzero(start, buffer.count) }
            buffer.deallocate()
        }
        let status: FileStatus
        let count: Int
        do throws(Errno) {
            let file = try Descriptor.open(path, flags: O_RDONLY | O_NONBLOCK)
            status = try file.status()
            guard status.kind == .file else { throw Errno(EINVAL) }
            count = try file.readFully(into: buffer)
        } catch {
            throw error.error("cannot read a secret", at: path, next: "name a file that the agent can read")
        }
        if let exposure = Credential.exposure(of: status, at: path) { throw unusable(path, exposure) }
        guard count <= most else { throw unusable(path, "it is longer than \(most) bytes") }
        guard let text = String(validating: buffer[..<count], as: UTF8.self) else {
            throw unusable(path, "it is not UTF-8 text")
        }
        return (text, status.identity)
    }

    /// What stands at a path now; nil if that cannot be told.
    static func identity(_ path: String) -> FileIdentity? {
        var raw = stat()
        return stat(path, &raw) == 0 ? FileStatus(raw).identity : nil
    }

    private static func unusable(_ place: String, _ why: String) -> DockError {
        DockError(
            .configuration, "cannot use a secret", at: place, because: why,
            next: "chmod 600 the file, and let it belong to the agent's user")
    }
}
