import DockCore
import DockSystem
import Glibc

/// A bundle that is verified: a folder, or the one file that an export made of it. It is read where it lies; nothing is unpacked.
struct BundleSource: Sendable {
    /// Every name that is no folder.
    let names: Set<String>
    /// What is not as an export makes it, before any content is looked at.
    let faults: [EvidenceVerification.Fault]

    private let path: String
    /// Nil if it is a folder.
    private let archive: (file: SharedDescriptor, places: [String: Range<Int64>])?

    private static let fileLimit = 1_000_000

    /// Looks what there is.
    init(at path: String) throws(DockError) {
        self.path = path
        do throws(Errno) {
            let file = SharedDescriptor(try Descriptor.open(path, flags: O_RDONLY | O_NONBLOCK))
            switch try file.descriptor.status().kind {
            case .folder:
                names = try BundleSource.names(below: path)
                (archive, faults) = (nil, [])
            case .file:
                let found = try TarArchive(file.descriptor)
                names = Set(found.files.keys)
                faults = found.faults.map { .init(file: $0.name, why: $0.why) }
                archive = (file, found.files)
            case .link, .special: throw Errno(EINVAL)
            }
        } catch { throw BundleSource.error(error, path) }
    }

    /// A document; nil if it is not there, is no regular file, or is larger than `most` bytes.
    func document(_ name: String, most: Int) throws(DockError) -> [UInt8]? {
        guard let (file, stretch) = try open(name), stretch.count <= most else { return nil }
        do throws(Errno) { return try file.descriptor.read(stretch) } catch {
            throw BundleSource.error(error, "\(path)/\(name)")
        }
    }

    /// SHA-256 of a file; nil if it is not there, or is no regular file.
    func sha256(of name: String) throws(DockError) -> SHA256Digest? {
        guard let (file, stretch) = try open(name) else { return nil }
        let place = "\(path)/\(name)"
        do throws(Errno) {
            return try BundleFolder.digest(of: file.descriptor, in: stretch, at: place).sha256
        } catch { throw BundleSource.error(error, place) }
    }

    /// A file that stands at the start of one of the bundle's, and how many bytes that has; nil as above.
    func reader(of name: String) throws(DockError) -> (file: SharedDescriptor, bytes: Int64)? {
        guard let (file, stretch) = try open(name) else { return nil }
        do throws(Errno) { try file.descriptor.seek(to: stretch.lowerBound) } catch {
            throw BundleSource.error(error, "\(path)/\(name)")
        }
        return (file, Int64(stretch.count))
    }

    private func open(_ name: String) throws(DockError) -> (SharedDescriptor, Range<Int64>)? {
        if let archive { return archive.places[name].map { (archive.file, $0) } }
        do throws(Errno) {
            let file = try Descriptor.open("\(path)/\(name)", flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            let status = try file.status()
            guard status.kind == .file else { return nil }
            return (SharedDescriptor(file), 0..<status.identity.size)
        } catch  where [ENOENT, ENOTDIR, ELOOP, ENXIO].contains(error.code) {
            return nil
        } catch { throw BundleSource.error(error, "\(path)/\(name)") }
    }

    /// Every name below the folder that is no folder; links are not followed.
    private static func names(below path: String) throws(Errno) -> Set<String> {
        var names: Set<String> = []
        var folders = [""]
        while let folder = folders.popLast() {
            let open = try Descriptor.open(path + "/" + folder, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            for name in try Folder.names(in: open.number, limit: fileLimit) {
                let text = folder + String(decoding: name, as: UTF8.self)
                if try FileStatus.of(name, under: open.number).kind == .folder {
                    folders.append(text + "/")
                } else {
                    names.insert(text)
                }
            }
            guard names.count + folders.count <= fileLimit else { throw Errno(EOVERFLOW) }
        }
        return names
    }

    private static func error(_ error: Errno, _ place: String) -> DockError {
        error.error(
            "cannot verify an export", at: place,
            next: "name the folder or the .tar file that was handed out, and make it readable")
    }
}
