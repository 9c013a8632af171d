import Foundation

/// A file system that is mounted for a test and goes away with the value that owns it.
public final class TestMount: Sendable {
    /// What the mount program refused.
    public struct Refusal: Error { let errors: String }

    /// Where it is mounted.
    public let path: String
    /// Kept until after the unmount, so that nothing is removed through a mount.
    private let folder: TemporaryFolder

    /// Mounts onto `name` (made if missing) below `folder`, with mount(8)'s arguments before the mount point.
    public init(_ arguments: [String], on name: String, in folder: TemporaryFolder) throws {
        self.folder = folder
        path = name.isEmpty ? folder.path : folder.at(name)
        if !FileManager.default.fileExists(atPath: path) {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        let mounted = try Tool.run("mount", arguments + [path])
        guard mounted.status == 0 else { throw Refusal(errors: mounted.errors) }
    }

    /// An empty file system in memory.
    public static func memory(on name: String, in folder: TemporaryFolder) throws -> TestMount {
        try TestMount(["-t", "tmpfs", "bodydock-test"], on: name, in: folder)
    }

    /// A new ext4 file system on a loop device over `image`, a file of `megabytes` below `folder`.
    public static func ext4(
        on name: String, in folder: TemporaryFolder, image: String = "image", megabytes: Int = 16, format: [String] = []
    ) throws -> TestMount {
        let path = try folder.write(Data(), to: image)
        try FileHandle(forWritingTo: URL(fileURLWithPath: path)).truncate(atOffset: UInt64(megabytes) << 20)
        let made = try Tool.run("mkfs.ext4", ["-q", "-F"] + format + [path])
        guard made.status == 0 else { throw Refusal(errors: made.errors) }
        return try TestMount(["-o", "loop", path], on: name, in: folder)
    }

    /// Changes options of the mounted file system (`ro`).
    public func remount(_ options: String) throws {
        let done = try Tool.run("mount", ["-o", "remount," + options, path])
        guard done.status == 0 else { throw Refusal(errors: done.errors) }
    }

    /// Takes the mount away although it may be in use (umount -l).
    public func detach() {
        do { _ = try Tool.run("umount", ["-l", path]) } catch { print("could not unmount \(path): \(error)") }
    }

    deinit { detach() }
}
