import DockCore
import DockTestSupport
import Foundation

@testable import DockDevices

/// A file that stands for a volume: as large as a card, and with no device below.
final class ImageFile: VolumeBytes {
    let path: String
    let bytes: Int64
    private let folder: TemporaryFolder
    private let file: FileHandle

    /// A new file that is all zeros, and takes hardly any room.
    init(bytes: Int64) throws {
        folder = try TemporaryFolder()
        path = try folder.write(Data(), to: "image")
        self.bytes = bytes
        file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.truncate(atOffset: UInt64(bytes))
    }

    /// Runs a program with `arguments` and the file's path.
    @discardableResult
    func run(_ program: String, _ arguments: [String]) throws -> Tool.Result {
        let result = try Tool.run(program, arguments + [path], environment: ["LC_ALL": "C.UTF-8"])
        guard result.status == 0 else {
            throw RigFailure("\(program) \(arguments): \(result.status) \(result.text) \(result.errors)")
        }
        return result
    }

    func read(at offset: Int64, count: Int) throws(DockError) -> [UInt8] {
        do {
            try file.seek(toOffset: UInt64(offset))
            return Array(try file.read(upToCount: count) ?? Data())
        } catch {
            throw DockError(.io, "cannot read", at: path, because: "\(error)", next: "look at the test")
        }
    }

    func write(_ bytes: [UInt8], at offset: Int64) throws {
        try file.seek(toOffset: UInt64(offset))
        try file.write(contentsOf: Data(bytes))
    }

    /// Sets, clears and flips bits of one byte.
    func change(at offset: Int64, _ change: (UInt8) -> UInt8) throws {
        try write([change(try read(at: offset, count: 1)[0])], at: offset)
    }

    /// What is found in it.
    func facts() throws -> FileSystemFacts? { try Superblock.find(in: self, at: path) }

    /// What blkid(8) finds in it, by key.
    func blkid() throws -> [String: String] {
        let text = try Tool.run("blkid", ["-p", "-o", "export", path], environment: ["LC_ALL": "C.UTF-8"]).text
        var found: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { found[String(parts[0])] = String(parts[1].replacing("\\ ", with: " ")) }
        }
        return found
    }
}

/// Bytes in memory that stand for a volume: its start, and zeros up to its size.
struct MemoryVolume: VolumeBytes {
    var content: [UInt8]
    var bytes: Int64

    func read(at offset: Int64, count: Int) throws(DockError) -> [UInt8] {
        guard offset >= 0, offset < bytes, count > 0 else { return [] }
        let wanted = Int(min(Int64(count), bytes - offset))
        guard offset < Int64(content.count) else { return [UInt8](repeating: 0, count: wanted) }
        let known = content[Int(offset)..<min(content.count, Int(offset) + wanted)]
        return known + [UInt8](repeating: 0, count: wanted - known.count)
    }
}
