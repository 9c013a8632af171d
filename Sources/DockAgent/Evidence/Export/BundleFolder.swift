import DockCore
import DockSystem
import Glibc

/// The folder that an export fills. What is whole has its name; what is on its way ends in `.partial`. An export that was cut off goes on in
/// the same folder.
struct BundleFolder {
    let path: String

    /// One that is there.
    init(at path: String) { self.path = path }

    /// Makes the folder. One that is complete, or holds something else, is left as it is.
    /// - Parameters:
    ///   - manifest: what ``BundleName/manifest`` says: only the same export goes on.
    ///   - mayBeComplete: whether one that is complete is gone on with too.
    init(making path: String, for manifest: [UInt8], mayBeComplete: Bool) throws(DockError) {
        self.path = path
        let names: [[UInt8]]
        do throws(Errno) {
            try Folder.create(path, mode: 0o700)
            let folder = try Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            names = try Folder.names(in: folder.number, limit: 1000)
        } catch { throw BundleFolder.error(error, path) }
        let texts = Set(names.map { String(decoding: $0, as: UTF8.self) })
        if texts.isEmpty { return }
        let why: String
        if texts.contains(BundleName.sums), !mayBeComplete {
            why = "an export is there already"
        } else if try digest(of: BundleName.manifest)?.sha256 == SHA256Digest(hashing: manifest) {
            return
        } else {
            why = texts.contains(BundleName.manifest) ? "another export was begun there" : "something else lies there"
        }
        throw DockError(.conflict, "cannot export", at: path, because: why, next: "name another folder")
    }

    func place(_ name: String) -> String { "\(path)/\(name)" }

    /// Refuses what the disk has no room for.
    /// - Parameters:
    ///   - names: files that will lie here; what is there of them already needs no room.
    ///   - bytes: how much they will be together, with whatever is needed for a while.
    func checkRoom(for names: [String], bytes: Int64) throws(DockError) {
        var needed = bytes
        let free: Int64
        do throws(Errno) {
            for name in names.flatMap({ [$0, "\($0).fetched", "\($0).fetched.partial"] }) {
                do throws(Errno) { needed -= try FileStatus.of(place(name)).identity.size } catch {
                    guard error.code == ENOENT else { throw error }
                }
            }
            free = try Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY).fileSystem().freeBytes
        } catch { throw BundleFolder.error(error, path) }
        guard needed > free else { return }
        throw DockError(
            .noSpace, "cannot export", at: path,
            because: "\(ByteCount.text(needed)) are needed, and \(ByteCount.text(free)) are free",
            next: "make room, or name a folder on another disk; nothing was fetched")
    }

    /// Writes a small file; one of that name is replaced.
    func write(_ content: [UInt8], to name: String) throws(DockError) {
        let file = try begin(name)
        do throws(Errno) {
            try file.truncate(to: 0)
            let result: Result<Void, Errno> = content.withUnsafeBytes { bytes in
                Result { () throws(Errno) in try file.writeAll(bytes, at: 0) }
            }
            try result.get()
        } catch { throw BundleFolder.error(error, place(name)) }
        try finish(file, name)
    }

    /// Opens a file that is on its way; what is there of it stays.
    func begin(_ name: String) throws(DockError) -> Descriptor {
        do throws(Errno) {
            if let slash = name.lastIndex(of: "/") { try Folder.create(place(String(name[..<slash])), mode: 0o700) }
            return try Descriptor.open(
                place(name) + ".partial", flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
        } catch { throw BundleFolder.error(error, place(name)) }
    }

    /// Forces a file to the disk and gives it its name.
    func finish(_ file: borrowing Descriptor, _ name: String) throws(DockError) {
        do throws(Errno) {
            try file.synchronize()
            try (place(name) + ".partial").withCPath { from throws(Errno) in
                try place(name).withCPath { to throws(Errno) in try retrying { rename(from, to) } }
            }
        } catch { throw BundleFolder.error(error, place(name)) }
    }

    /// Removes a file that is on its way.
    func discard(_ name: String) throws(DockError) {
        do throws(Errno) {
            try (place(name) + ".partial").withCPath { pointer throws(Errno) in try retrying { unlink(pointer) } }
        } catch  where error.code == ENOENT {
            return
        } catch { throw BundleFolder.error(error, place(name)) }
    }

    /// SHA-256 and size of a file; nil if it is not there, or is no regular file.
    func digest(of name: String) throws(DockError) -> (sha256: SHA256Digest, bytes: Int64)? {
        do throws(Errno) {
            let file = try Descriptor.open(place(name), flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            guard try file.status().kind == .file else { return nil }
            return try BundleFolder.digest(of: file, at: place(name))
        } catch  where error.code == ENOENT || error.code == ELOOP || error.code == ENXIO {
            return nil
        } catch { throw BundleFolder.error(error, place(name)) }
    }

    /// - Parameter stretch: the part of the file that counts, if not all of it.
    static func digest(
        of file: borrowing Descriptor, in stretch: Range<Int64>? = nil, at place: String
    ) throws(Errno) -> (sha256: SHA256Digest, bytes: Int64) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { buffer.deallocate() }
        let stretch = stretch ?? 0..<Int64.max
        var offset = stretch.lowerBound
        do {
            var digester = try Digester(.sha256)
            while true {
                let room = UnsafeMutableRawBufferPointer(
                    rebasing: buffer.prefix(Int(min(Int64(buffer.count), stretch.upperBound - offset))))
                let count = try file.readFully(into: room, at: offset)
                if count == 0 { return (try digester.finishSHA256(), offset - stretch.lowerBound) }
                try digester.update(UnsafeRawBufferPointer(rebasing: room[..<count]))
                offset += Int64(count)
            }
        } catch let error as Errno {
            throw error
        } catch {
            throw Errno(EIO)
        }
    }

    static func error(_ error: Errno, _ place: String) -> DockError {
        error.error("cannot export", at: place, next: "make room, or name a folder that can be written, and run again")
    }
}
