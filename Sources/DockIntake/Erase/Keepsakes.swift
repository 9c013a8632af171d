import DockCore
import DockSystem

/// What belongs to the camera itself and outlives a new file system: its folders, and its own files with their content.
public struct Keepsakes: Sendable, Equatable, Codable {
    /// A file with its content.
    public struct File: Sendable, Equatable, Codable {
        /// Where it lies.
        public var path: CameraPath
        /// All of it.
        public var content: [UInt8]
    }

    /// Bytes of all files together that are saved. Settings are small; what is larger is left where it is.
    public static let mostBytes: Int64 = 16 << 20
    /// Folders and files that are saved.
    public static let most = 10_000

    /// Every folder, parents before children.
    public let folders: [CameraPath]
    /// Every file that belongs to the camera.
    public let files: [File]

    /// Paths of the files.
    public var paths: Set<CameraPath> { Set(files.map(\.path)) }

    /// Takes what a listing shows to belong to the camera, by its profile, and reads the files.
    /// - Throws: ``DockError/Code/limit`` if that is more than is saved; what reading fails with.
    public init(of listing: VolumeListing, on volume: Volume, profile: CameraProfile) throws(DockError) {
        let own = listing.files.filter { profile.preserves($0.path) }
        let bytes = own.reduce(0) { $0 + $1.identity.size }
        guard bytes <= Keepsakes.mostBytes, own.count <= Keepsakes.most, listing.folders.count <= Keepsakes.most else {
            throw DockError(
                .limit, "cannot save what belongs to the camera", at: volume.path,
                because: "\(own.count) files (\(bytes) bytes) and \(listing.folders.count) folders are too many",
                next: "let the profile preserve less; the files of the footage are deleted one by one instead")
        }
        folders = listing.folders.sorted { $0.bytes.count < $1.bytes.count }
        files = try own.map { file throws(DockError) in
            File(path: file.path, content: try volume.content(of: file, limit: Keepsakes.mostBytes))
        }
    }
}
