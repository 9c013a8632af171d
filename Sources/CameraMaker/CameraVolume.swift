import DockCore
import DockSystem
import Glibc

/// The folder that becomes a camera. Everything is made below it by relative names; nothing outside is touched.
struct CameraVolume: ~Copyable {
    /// The folder, as named by the caller.
    let place: String
    private let root: Descriptor
    private var folders: Set<[UInt8]> = []

    /// Makes the folder if it is not there; it must be empty but for the `lost+found` of a new file system.
    init(at place: String) throws(DockError) {
        let root = try CameraVolume.make(place)
        guard try CameraVolume.isEmpty(root, place) else {
            throw DockError(
                .conflict, "cannot make a camera", at: place, because: "the folder is not empty",
                next: "name a new or empty folder")
        }
        self.place = place
        self.root = root
    }

    private static func make(_ place: String) throws(DockError) -> Descriptor {
        do throws(Errno) {
            try Folder.create(place, mode: 0o755)
            return try Descriptor.open(place, flags: O_RDONLY | O_DIRECTORY)
        } catch {
            throw error.error(
                "cannot make a camera", at: place, next: "name a new or empty folder that can be written to")
        }
    }

    private static func isEmpty(_ root: borrowing Descriptor, _ place: String) throws(DockError) -> Bool {
        do throws(Errno) {
            return try Folder.names(in: root.number, limit: 8).allSatisfy { $0 == Array("lost+found".utf8) }
        } catch  where error.code == EOVERFLOW {
            return false
        } catch {
            throw error.error("cannot look into the folder", at: place, next: "name a folder that can be read")
        }
    }

    /// A new file for reading and writing; its folder is made as well.
    mutating func create(_ path: CameraPath) throws(DockError) -> Descriptor {
        try makeFolder(of: path)
        do throws(Errno) {
            return try Descriptor.open(path.bytes, under: root.number, flags: O_RDWR | O_CREAT | O_EXCL, mode: 0o644)
        } catch {
            throw failure(error, path)
        }
    }

    /// A new file with this content.
    mutating func write(_ content: some Sequence<UInt8>, to path: CameraPath) throws(DockError) {
        let file = try create(path)
        let result: Result<Void, Errno> = Array(content).withUnsafeBytes { bytes in
            Result { () throws(Errno) in try file.writeAll(bytes) }
        }
        do throws(Errno) { try result.get() } catch { throw failure(error, path) }
    }

    /// What is no file.
    mutating func place(_ special: Scenario.Special, at path: CameraPath) throws(DockError) {
        try makeFolder(of: path)
        try call(path) { pointer in
            switch special {
            case .link(let target): symlinkat(target, root.number, pointer)
            case .pipe: mknodat(root.number, pointer, S_IFIFO | 0o644, 0)
            }
        }
    }

    /// Takes a file away.
    func remove(_ path: CameraPath) throws(DockError) { try call(path) { unlinkat(root.number, $0, 0) } }

    /// Moves a file that a program has made to its name; never over another.
    mutating func move(_ temporary: CameraPath, to path: CameraPath) throws(DockError) {
        _ = try create(path)  // Fails if the name is taken; what the rename then replaces is this empty file.
        do throws(Errno) {
            try temporary.bytes.withCPath { old throws(Errno) in
                try path.bytes.withCPath { new throws(Errno) in
                    try retrying { renameat(root.number, old, root.number, new) }
                }
            }
        } catch {
            throw failure(error, path)
        }
    }

    /// Opens a file that is there, for reading and writing.
    func open(_ path: CameraPath) throws(DockError) -> Descriptor {
        do throws(Errno) { return try Descriptor.open(path.bytes, under: root.number, flags: O_RDWR) } catch {
            throw failure(error, path)
        }
    }

    /// Makes the folders that lead to `path`, each once.
    mutating func makeFolder(of path: CameraPath) throws(DockError) {
        guard let end = path.bytes.lastIndex(of: UInt8(ascii: "/")), !folders.contains(Array(path.bytes[..<end])) else {
            return
        }
        let folder = try CameraPath(path.bytes[..<end])
        try makeFolder(of: folder)
        try call(folder) { mkdirat(root.number, $0, 0o755) }
        folders.insert(folder.bytes)
    }

    /// The error of a failed step.
    func failure(_ error: Errno, _ path: CameraPath) -> DockError {
        error.error(
            "cannot make a camera", at: "\(place)/\(path)",
            next: "check the disk, remove the folder and make the camera again")
    }

    private func call(_ path: CameraPath, _ body: (UnsafePointer<CChar>) -> Int32) throws(DockError) {
        do throws(Errno) {
            try path.bytes.withCPath { pointer throws(Errno) in try retrying { body(pointer) } }
        } catch {
            throw failure(error, path)
        }
    }
}
