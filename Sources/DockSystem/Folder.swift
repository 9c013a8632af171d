import DockCore
import Glibc

/// Folders of the dock's own disk.
public enum Folder {
    /// Makes `path` and what is missing above it, for the owner and group only (0750). An existing folder is left as it is.
    public static func create(_ path: String, mode: mode_t = 0o750) throws(Errno) {
        do {
            try make(path, mode)
        } catch  where error.code == ENOENT {
            let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
            guard !parent.isEmpty, parent != path else { throw error }
            try create(parent, mode: mode)
            try make(path, mode)
        }
    }

    private static func make(_ path: String, _ mode: mode_t) throws(Errno) {
        do {
            try path.withCPath { pointer throws(Errno) in try retrying { mkdir(pointer, mode) } }
        } catch  where error.code == EEXIST {
            var raw = stat()
            try path.withCPath { pointer throws(Errno) in try retrying { stat(pointer, &raw) } }
            guard raw.st_mode & S_IFMT == S_IFDIR else { throw Errno(ENOTDIR) }
        }
    }

    /// Forces the names in a folder to the disk.
    public static func synchronize(_ path: String) throws(Errno) {
        try Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY).synchronize()
    }

    /// The names in a folder, unsorted, without `.` and `..`. Stops with `EOVERFLOW` beyond `limit` names.
    public static func names(in folder: Int32, limit: Int) throws(Errno) -> [[UInt8]] {
        let duplicate = try Descriptor.open(".", under: folder, flags: O_RDONLY | O_DIRECTORY)
        guard let stream = fdopendir(duplicate.release()) else { throw Errno.current }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw Errno.current }
                return names
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                Array(UnsafeRawBufferPointer(start: pointer, count: 256).prefix { $0 != 0 })
            }
            if name == [46] || name == [46, 46] { continue }
            guard names.count < limit else { throw Errno(EOVERFLOW) }
            names.append(name)
        }
    }
}
