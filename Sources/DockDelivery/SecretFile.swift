import DockCore
import DockSystem
import Glibc

/// A file with a secret in it: readable by its owner alone, who is this process's user or root.
enum SecretFile {
    /// The path of a secret. What begins with `/` is one already; anything else is the name of a credential that systemd hands to
    /// the service, in the folder `$CREDENTIALS_DIRECTORY` (systemd.exec(5), "Credentials").
    static func path(_ name: String) throws(DockError) -> String {
        if name.hasPrefix("/") { return name }
        guard let folder = getenv("CREDENTIALS_DIRECTORY").map({ String(cString: $0) }), folder.hasPrefix("/") else {
            throw DockError(
                .configuration, "cannot find a credential", at: name,
                because: "systemd has handed none to this process ($CREDENTIALS_DIRECTORY is not set)",
                next: "add 'LoadCredential=\(name):/path' to the service, or give an absolute path")
        }
        return folder + "/" + name
    }

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
        guard isPrivate(status, path) else {
            throw unusable(path, "others than its owner may read it, or it belongs to somebody else")
        }
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

    /// systemd lets a service read its credentials by an access list, which shows as rights of the group.
    private static func isPrivate(_ status: FileStatus, _ path: String) -> Bool {
        let folder = getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) + "/" }
        let isHandedOver = folder.map { $0.hasPrefix("/") && path.hasPrefix($0) } ?? false
        let others: mode_t = isHandedOver ? 0o037 : 0o077
        return status.permissions & others == 0 && (status.owner == geteuid() || status.owner == 0)
    }

    private static func unusable(_ place: String, _ why: String) -> DockError {
        DockError(
            .configuration, "cannot use a secret", at: place, because: why,
            next: "chmod 600 the file, and let it belong to the agent's user")
    }
}
