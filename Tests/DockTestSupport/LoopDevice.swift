import Foundation

/// A block device over a file: a card without the camera. It goes away with the value that owns it.
public final class LoopDevice: Sendable {
    /// What losetup refused.
    public struct Refusal: Error { let errors: String }

    /// Its node (`/dev/loop7`).
    public let node: String
    /// The file below.
    public let image: String
    /// Kept until the device is gone.
    private let folder: TemporaryFolder

    /// Over an existing file below `folder`.
    public init(
        over image: String, in folder: TemporaryFolder, readOnly: Bool = false, sectorBytes: Int = 512
    ) throws {
        self.folder = folder
        self.image = image
        // Others on this machine may take the same free device at the same time.
        let options = readOnly ? ["--read-only"] : []
        let made = try Tool.run(
            "losetup", ["--find", "--show", "--sector-size", "\(sectorBytes)"] + options + [image])
        guard made.status == 0 else { throw Refusal(errors: made.errors) }
        node = made.text.trimmingCharacters(in: .whitespacesAndNewlines)
        // A write block (blockdev --setro) outlasts the file that the device had before.
        if !readOnly { _ = try Tool.run("blockdev", ["--setrw", node]) }
    }

    /// Over a new file of `bytes` bytes that all are zero.
    public convenience init(
        bytes: Int64, in folder: TemporaryFolder, name: String = "image", sectorBytes: Int = 512
    ) throws {
        let image = try folder.write(Data(), to: name)
        try FileHandle(forWritingTo: URL(fileURLWithPath: image)).truncate(atOffset: UInt64(bytes))
        try self.init(over: image, in: folder, sectorBytes: sectorBytes)
    }

    /// Bytes of the file below, without the device's cache.
    public func content(at offset: Int64, count: Int) throws -> [UInt8] {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: image))
        try file.seek(toOffset: UInt64(offset))
        return Array(try file.read(upToCount: count) ?? Data())
    }

    /// Changes the file below, behind the device's back.
    public func change(_ bytes: some Sequence<UInt8>, at offset: Int64) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: image))
        try file.seek(toOffset: UInt64(offset))
        try file.write(contentsOf: Data(bytes))
        try file.synchronize()
    }

    deinit {
        do { _ = try Tool.run("losetup", ["--detach", node]) } catch { print("could not detach \(node): \(error)") }
    }
}
