import Foundation

/// A folder served as a camera with faults, by the program `Tests/Rigs/faulty_camera.py` over FUSE.
public final class FaultyCamera {
    /// The program did not mount anything.
    public struct NotMounted: Error {}

    /// Where it is mounted.
    public let path: String
    private let folder: TemporaryFolder
    private let process = Process()
    private let plug: String

    /// Serves the files of `source`.
    /// - Parameter unreadable: reads that touch these bytes of any file fail with `EIO`.
    public init(serving source: TemporaryFolder, unreadable: Range<Int64> = 0..<0) throws {
        folder = try TemporaryFolder()
        path = folder.at("camera")
        plug = folder.at("pulled")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Rigs/faulty_camera.py").standardized
        process.executableURL = script
        process.arguments = [
            source.path, path, "--unreadable", "\(unreadable.lowerBound):\(unreadable.upperBound)", "--pulled-once",
            plug,
        ]
        try process.run()
        while try !String(contentsOfFile: "/proc/self/mounts", encoding: .utf8).contains(" \(path) ") {
            guard process.isRunning else { throw NotMounted() }
            usleep(5000)
        }
    }

    /// From now on it behaves as a vfat whose plug was pulled.
    public func pull() throws { try Data().write(to: URL(fileURLWithPath: plug)) }

    /// Ends the server in an instant: every call to the mount now fails with `ENOTCONN`.
    public func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    deinit {
        do { _ = try Tool.run("umount", ["-l", path]) } catch { print("could not unmount \(path): \(error)") }
        if process.isRunning { kill() }
    }
}
