import DockSystem
import Glibc

/// The names in an open folder, one after the other: a folder of any size takes one kernel buffer.
struct FolderStream: ~Copyable {
    private let stream: OpaquePointer

    /// Takes over an open folder.
    init(_ folder: consuming Descriptor) throws(Errno) {
        guard let stream = fdopendir(folder.number) else { throw Errno.current }
        // The stream closes the descriptor from here on.
        _ = folder.release()
        self.stream = stream
    }

    deinit { closedir(stream) }

    /// The folder's descriptor; valid as long as this value lives.
    var number: Int32 { dirfd(stream) }

    /// The next name, as raw bytes, without `.` and `..`; nil at the end. Names may be longer than `NAME_MAX`: vfat
    /// gives up to 255 UTF-16 units as UTF-8.
    mutating func next() throws(Errno) -> [UInt8]? {
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw Errno.current }
                return nil
            }
            let start = UnsafeRawPointer(entry) + MemoryLayout<dirent>.offset(of: \.d_name)!
            let name = Array(
                UnsafeRawBufferPointer(start: start, count: strlen(start.assumingMemoryBound(to: CChar.self))))
            if name != [46] && name != [46, 46] { return name }
        }
    }
}
