import DockCore
import DockSystem

/// A text file that grows line by line, written in large pieces.
final class LineFile {
    private let file: Descriptor
    private let fail: (Errno) -> DockError
    private var pending: [UInt8] = []

    init(_ path: CameraPath, on volume: inout CameraVolume) throws(DockError) {
        file = try volume.create(path)
        let place = volume.place
        fail = {
            $0.error(
                "cannot write the manifest", at: "\(place)/\(path)",
                next: "check the disk, remove the folder and make the camera again")
        }
        pending.reserveCapacity(300_000)
    }

    /// Adds bytes as they are.
    func append(_ bytes: some Sequence<UInt8>) throws(DockError) {
        pending += bytes
        if pending.count >= 1 << 18 { try flush() }
    }

    /// Writes what is still pending.
    func flush() throws(DockError) {
        let result: Result<Void, Errno> = pending.withUnsafeBytes { bytes in
            Result { () throws(Errno) in try file.writeAll(bytes) }
        }
        do throws(Errno) { try result.get() } catch { throw fail(error) }
        pending.removeAll(keepingCapacity: true)
    }
}
