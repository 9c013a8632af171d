import DockCore
import DockSystem

extension Volume {
    /// The whole content of a small file, such as a manifest.
    /// - Parameter limit: bytes; a larger file fails with ``DockError/Code/limit`` and is not read.
    ///
    /// Fails with ``DockError/Code/io`` if any byte of it cannot be read: half a promise is none.
    public func content(of file: CameraFile, limit: Int64) throws(DockError) -> [UInt8] {
        let size = file.identity.size
        guard size >= 0, size <= limit else {
            throw DockError(
                .limit, "cannot read a file of the camera", at: "\(path)/\(file.path)",
                because: "it has \(size) bytes; at most \(limit) are accepted",
                next: "inspect the camera; nothing on it is erased")
        }
        var reader = try SegmentReader(self, file, uncached: false)
        var bytes = [UInt8](repeating: 0, count: Int(size))
        let result: Result<Void, DockError> = bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(DockError) in _ = try reader.read(into: buffer) }
        }
        try result.get()
        _ = try reader.finish()
        if let part = reader.unreadable.first {
            throw DockError(
                .io, "cannot read a file of the camera", at: "\(path)/\(file.path)",
                because: "its medium cannot be read from byte \(part.lowerBound) to \(part.upperBound)",
                next: "nothing on the camera is erased; have its card examined")
        }
        return bytes
    }
}
