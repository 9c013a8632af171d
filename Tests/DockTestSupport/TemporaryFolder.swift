import DockCore
import DockSystem
import Foundation

/// A folder that goes away with the value that owns it.
public final class TemporaryFolder: Sendable {
    /// Its absolute path.
    public let path: String

    /// Makes an empty folder below the system's temporary folder.
    /// - Parameter isInMemory: where nothing waits for a disk, if the machine has such a place.
    public init(isInMemory: Bool = false) throws {
        let memory = "/dev/shm"
        let parent = isInMemory && FileManager.default.isWritableFile(atPath: memory) ? memory : "/tmp"
        path = try parent + "/bodydock-test-" + Hex.encode(Randomness.bytes(8))
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { print("could not remove \(path): \(error)") }
    }

    /// The path of `name` in it.
    public func at(_ name: String) -> String { path + "/" + name }

    /// Writes a file (and the folders above it) and returns its path.
    @discardableResult
    public func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        let url = URL(fileURLWithPath: at(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return url.path
    }
}
