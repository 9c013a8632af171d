import DockCore
import DockSystem

/// Lists a camera's segments while they are made. Each profile has one.
protocol ManifestWriter: AnyObject {
    /// A recording begins; its segments follow.
    func begin(_ take: Scenario.Take) throws(DockError)
    /// A segment of the recording that was begun last.
    func list(_ segment: ListedPiece, on volume: inout CameraVolume) throws(DockError)
    /// Nothing follows.
    func finish() throws(DockError)
}

/// A line of a manifest: what it says of one segment.
struct ListedPiece {
    /// A path as it lies on the volume, or a text that none can have.
    enum Name {
        case path(CameraPath)
        case phantom(String)
    }

    var name: Name
    var number: Int
    var bytes: Int64
    var start: Instant
    var duration: Double
    var sha256: SHA256Digest
}

/// `SHA256SUMS` at the root, as `sha256sum` writes and checks it.
final class SumsManifest: ManifestWriter {
    private let file: LineFile

    init(on volume: inout CameraVolume) throws(DockError) {
        file = try LineFile(try CameraPath("SHA256SUMS"), on: &volume)
    }

    func begin(_ take: Scenario.Take) {}

    func list(_ segment: ListedPiece, on volume: inout CameraVolume) throws(DockError) {
        try file.append("\(segment.sha256)  ".utf8)
        switch segment.name {
        case .path(let path): try file.append(path.bytes)
        case .phantom(let text): try file.append(text.utf8)
        }
        try file.append(CollectionOfOne(UInt8(ascii: "\n")))
    }

    func finish() throws(DockError) { try file.flush() }
}

/// `NAME.sha256` beside each file, as `sha256sum NAME` writes it.
final class SidecarManifest: ManifestWriter {
    static let suffix = ".sha256"

    func begin(_ take: Scenario.Take) {}

    func list(_ segment: ListedPiece, on volume: inout CameraVolume) throws(DockError) {
        guard case .path(let path) = segment.name else { return }
        let line = Array("\(segment.sha256)  ".utf8) + path.name + [UInt8(ascii: "\n")]
        try volume.write(line, to: try path.appending(suffix: SidecarManifest.suffix))
    }

    func finish() {}
}

/// No manifest.
final class NoManifest: ManifestWriter {
    func begin(_ take: Scenario.Take) {}
    func list(_ segment: ListedPiece, on volume: inout CameraVolume) {}
    func finish() {}
}
