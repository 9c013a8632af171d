import DockCore
import DockSystem
import Glibc

/// Writes to a camera that is mounted for writing: puts back what a new file system took, and what a profile wants to be there.
/// A file stands complete under its name, or not at all.
public struct CameraWriter: Sendable {
    /// Ends the names of files that are being written.
    public static let partial: [UInt8] = Array(".bodydock".utf8)

    let volume: Volume

    /// Writes to this volume.
    public init(_ volume: Volume) { self.volume = volume }

    /// Makes folders that are missing, with those above them.
    public func make(folders: [CameraPath]) throws(DockError) {
        for folder in folders { try makeFolder(folder.bytes[...], for: folder) }
    }

    /// Writes a file anew: beside its name, forced to the medium, then under its name.
    public func write(_ content: [UInt8], to path: CameraPath) throws(DockError) {
        let parent = path.bytes.dropLast(path.name.count).dropLast()
        if !parent.isEmpty { try makeFolder(parent, for: path) }
        try volume.attempt("cannot write a file to the camera", at: path) { () throws(Errno) in
            let folder = try volume.openFolder(parent.isEmpty ? nil : parent)
            let name = Array(path.name)
            let temporary = name.prefix(200) + CameraWriter.partial
            do throws(Errno) { try remove(Array(temporary), in: folder.number) } catch  where error.code == ENOENT {}
            let file = try Descriptor.open(
                Array(temporary), under: folder.number, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o644)
            let written: Result<Void, Errno> = content.withUnsafeBytes { buffer in
                Result { () throws(Errno) in try file.writeAll(buffer) }
            }
            try written.get()
            try file.synchronize()
            try Array(temporary).withCPath { from throws(Errno) in
                try name.withCPath { to throws(Errno) in
                    try retrying { renameat(folder.number, from, folder.number, to) }
                }
            }
            try folder.synchronize()
        }
    }

    private func remove(_ name: [UInt8], in folder: Int32) throws(Errno) {
        try name.withCPath { pointer throws(Errno) in try retrying { unlinkat(folder, pointer, 0) } }
    }

    private func makeFolder(_ path: ArraySlice<UInt8>, for place: CameraPath) throws(DockError) {
        try volume.attempt("cannot make a folder on the camera", at: place) { () throws(Errno) in
            var parent: ArraySlice<UInt8>?
            for name in path.split(separator: UInt8(ascii: "/")) {
                let above = try volume.openFolder(parent)
                do throws(Errno) {
                    try Array(name).withCPath { pointer throws(Errno) in
                        try retrying { mkdirat(above.number, pointer, 0o755) }
                    }
                } catch  where error.code == EEXIST {}
                parent = path[path.startIndex..<name.endIndex]
                // What stands there must be a folder, not a link out of the volume.
                _ = try volume.openFolder(parent)
            }
        }
    }
}
