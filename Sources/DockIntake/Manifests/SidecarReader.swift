import DockCore
import DockSystem

/// Reads a `NAME.sha256` or `NAME.md5` file: the hash of the file NAME beside it, bare or as a GNU or BSD line with its name.
public enum SidecarReader {
    /// Longest such file in bytes: one line with the longest name, every byte of it escaped.
    public static let longest = 16_384

    /// The file that `path` is the sidecar of, and its hash function; nil if it is none by its ending.
    static func subject(of path: CameraPath) -> (file: CameraPath, function: ChecksumLine.Function)? {
        let folded = path.folded
        for function in ChecksumLine.Function.allCases {
            guard folded.suffix(function.ending.utf8.count).elementsEqual(function.ending.utf8) else { continue }
            do {
                return (try CameraPath(path.bytes.dropLast(function.ending.utf8.count)), function)
            } catch {
                // The whole name is the ending: it is beside no file.
                return nil
            }
        }
        return nil
    }

    /// The hash that a sidecar gives for `file`. Throws ``DockError/Code/malformed`` if it gives none, or that of another file.
    static func digest(
        _ content: some Collection<UInt8>, of file: CameraPath, _ function: ChecksumLine.Function, at path: CameraPath
    ) throws(DockError) -> ExpectedDigest {
        func objection(_ why: String) -> DockError {
            DockError(
                .malformed, "cannot read a checksum file", at: path.description, because: why,
                next: "inspect the camera")
        }
        guard content.count <= longest else { throw objection("it is longer than \(longest) bytes") }
        let lines = content.split(separator: 10).filter { !$0.elementsEqual([13]) }
        guard lines.count == 1, let line = ChecksumLine(lines[0], function) else {
            throw objection("it is not one line with a \(function.rawValue) value")
        }
        if let name = line.plainName, !name.elementsEqual(file.name), name != file.bytes {
            throw objection("it is about another file")
        }
        return line.digest
    }

    /// Reads an open sidecar of `file`.
    static func read(
        _ sidecar: borrowing Descriptor, of file: CameraPath, _ function: ChecksumLine.Function, at path: CameraPath
    ) throws(DockError) -> ExpectedDigest {
        var bytes = [UInt8](repeating: 0, count: longest + 1)
        let result: Result<Int, Errno> = bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(Errno) in try sidecar.readFully(into: buffer) }
        }
        switch result {
        case .success(let count): return try digest(bytes[..<count], of: file, function, at: path)
        case .failure(let errno):
            throw errno.error("cannot read a checksum file", at: path.description, next: "inspect the camera")
        }
    }
}
