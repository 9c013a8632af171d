import DockSystem
import Glibc

/// A directory below `/sys/devices` (sysfs(5)). The kernel may take it away at any moment: what is gone, and what a device
/// does not say, is nil.
struct SysfsNode: Hashable, Sendable {
    /// Its path below `/sys`: `/devices/…`.
    let path: String

    /// Takes a path with or without `/sys`; nil if it does not lead to a device.
    init?(_ path: some StringProtocol) {
        let below = path.hasPrefix("/sys/") ? path.dropFirst(4) : path[...]
        let parts = below.split(separator: "/", omittingEmptySubsequences: false)
        guard below.utf8.count <= 4000, below.hasPrefix("/devices/"), !below.utf8.contains(0),
            !parts.dropFirst().contains(where: { ["", ".", ".."].contains($0) })
        else { return nil }
        self.path = String(below)
    }

    /// Its own name.
    var name: String { path.split(separator: "/").last.map(String.init) ?? "" }

    /// The directory above; nil at `/devices`.
    var parent: SysfsNode? { path.lastIndex(of: "/").flatMap { SysfsNode(path[..<$0]) } }

    /// Whether it is there now.
    var exists: Bool { has("") }

    /// Whether it is or is below another.
    func isWithin(_ other: SysfsNode) -> Bool { path == other.path || path.hasPrefix(other.path + "/") }

    /// Whether it has a file, link or directory of this name.
    func has(_ name: String) -> Bool { access("/sys\(path)/\(name)", F_OK) == 0 }

    /// An attribute's text without the line end; at most `limit` bytes, what is not UTF-8 is repaired.
    func text(_ attribute: String, limit: Int = 4096) throws(Errno) -> String? {
        guard var bytes = try bytes(attribute, limit: limit) else { return nil }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A number in an attribute; nil for anything else.
    func number<Number: FixedWidthInteger>(_ attribute: String, radix: Int = 10) throws(Errno) -> Number? {
        guard let text = try text(attribute, limit: 64) else { return nil }
        return Number(text, radix: radix)
    }

    /// An attribute's bytes, at most `limit`.
    func bytes(_ attribute: String, limit: Int) throws(Errno) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: limit)
        let result: Result<Int, Errno>
        do {
            let file = try Descriptor.open("/sys\(path)/\(attribute)", flags: O_RDONLY)
            result = bytes.withUnsafeMutableBytes { buffer in
                Result { () throws(Errno) in try file.readFully(into: buffer) }
            }
        } catch {
            result = .failure(error)
        }
        do {
            return try Array(bytes.prefix(result.get()))
        } catch  where Sysfs.meansNothing(error) {
            return nil
        }
    }

    /// Writes an attribute. What the kernel makes of it is seen by reading it again.
    func write(_ text: String, to attribute: String) throws(Errno) {
        let file = try Descriptor.open("/sys\(path)/\(attribute)", flags: O_WRONLY | O_TRUNC)
        let result: Result<Void, Errno> = Array(text.utf8).withUnsafeBytes { buffer in
            Result { () throws(Errno) in try file.writeAll(buffer) }
        }
        try result.get()
    }

    /// Where a link leads.
    func link(_ name: String) throws(Errno) -> SysfsNode? {
        try Sysfs.target(of: "\(path)/\(name)").flatMap { SysfsNode($0) }
    }

    /// The subsystem that it belongs to (`usb`, `block`, …); nil for a directory that is no device, or one without.
    func subsystem() throws(Errno) -> String? {
        try Sysfs.target(of: path + "/subsystem")?.split(separator: "/").last.map(String.init)
    }

    /// The directories and files in it, sorted.
    func names() throws(Errno) -> [String] { try Sysfs.names(in: path) }

    /// What stands in it under a name.
    func child(_ name: String) -> SysfsNode? { SysfsNode(path + "/" + name) }
}

/// What is common to all of `/sys`.
enum Sysfs {
    /// Whether an error of a read only says that a device is gone, or does not have or not know what was asked.
    static func meansNothing(_ error: Errno) -> Bool {
        [ENOENT, ENOTDIR, ENODEV, ENXIO, ENODATA, EINVAL, EOPNOTSUPP, ENOTCONN, ESHUTDOWN].contains(error.code)
    }

    /// The real path, below `/sys`, of a path below `/sys`; nil if there is none.
    static func target(of path: String) throws(Errno) -> String? {
        guard let real = realpath("/sys" + path, nil) else {
            let error = Errno.current
            if meansNothing(error) { return nil }
            throw error
        }
        defer { free(real) }
        let text = String(cString: real)
        return text.hasPrefix("/sys/") ? String(text.dropFirst(4)) : nil
    }

    /// The names in a directory below `/sys`, sorted; none if it is not there.
    static func names(in path: String) throws(Errno) -> [String] {
        do {
            let folder = try Descriptor.open("/sys" + path, flags: O_RDONLY | O_DIRECTORY)
            return try Folder.names(in: folder.number, limit: 65_536).map { String(decoding: $0, as: UTF8.self) }
                .sorted()
        } catch  where meansNothing(error) {
            return []
        }
    }

    /// The devices of a list of links, such as `/class/block`, by their order there.
    static func devices(in path: String) throws(Errno) -> [SysfsNode] {
        var nodes: [SysfsNode] = []
        for name in try names(in: path) {
            if let node = try node(listed: path + "/" + name) { nodes.append(node) }
        }
        return nodes
    }

    /// The lists of the kernel lead to `/sys/devices` by the shortest way, `../../devices/…`; nothing need be resolved.
    private static func node(listed link: String) throws(Errno) -> SysfsNode? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/sys" + link, &buffer, buffer.count)
        guard count >= 0 else {
            let error = Errno.current
            if meansNothing(error) { return nil }
            throw error
        }
        let target = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard let start = target.firstRange(of: "../devices/") else { return nil }
        return SysfsNode("/devices/" + target[start.upperBound...])
    }
}
