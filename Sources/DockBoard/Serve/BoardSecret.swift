import DockCore
import DockSystem
import Glibc

/// The board's token.
enum BoardSecret {
    /// Reads a token: 32 to 256 characters that stand in an address as they are, and white space around them.
    /// - Parameter name: an absolute path, or the name of a credential of systemd.
    static func token(_ name: String) throws(DockError) -> String {
        let (path, bytes) = try read(name, most: 1024)
        let isSpace: (UInt8) -> Bool = { [9, 10, 13, 32].contains($0) }
        let token = bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        let isPlain = token.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || [45, 46, 95].contains($0)
        }
        guard (32...256).contains(token.count), isPlain else {
            throw DockError(
                .configuration, "cannot use the board's token", at: path,
                because: "it must be 32 to 256 of A-Z a-z 0-9 . _ -", next: "make one: openssl rand -hex 32")
        }
        return String(decoding: Array(token), as: UTF8.self)
    }

    private static func read(_ name: String, most: Int) throws(DockError) -> (path: String, bytes: [UInt8]) {
        let path = try Credential.path(name)
        var bytes = [UInt8](repeating: 0, count: most + 1)
        let count: Int
        let status: FileStatus
        do throws(Errno) {
            let file = try Descriptor.open(path, flags: O_RDONLY | O_NONBLOCK)
            status = try file.status()
            guard status.kind == .file else { throw Errno(EINVAL) }
            var result: Result<Int, Errno> = .success(0)
            bytes.withUnsafeMutableBytes { buffer in
                result = Result { () throws(Errno) in try file.readFully(into: buffer) }
            }
            count = try result.get()
        } catch {
            throw error.error(
                "cannot read a secret of the board", at: path, next: "name a file that the board can read")
        }
        let exposure = Credential.exposure(of: status, at: path)
        guard count <= most, exposure == nil else {
            throw DockError(
                .configuration, "cannot use a secret of the board", at: path,
                because: exposure ?? "it is longer than \(most) bytes",
                next: "chmod 600 the file, and let it belong to the board's user")
        }
        return (path, Array(bytes.prefix(count)))
    }
}
