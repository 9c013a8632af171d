import DockCore
import DockSystem
import Glibc

/// A sealed file that is being written into the spool.
///
/// `@unchecked Sendable`: written by one thread, then handed on to the one that makes it durable; never used by both.
final class SpoolFile: @unchecked Sendable {
    let sealing: String
    /// Where it stands once it is durable.
    let path: String
    let partialPath: String
    let descriptor: Descriptor
    private(set) var bytes: Int64 = 0
    private var isPublished = false
    private let settle: @Sendable () -> Void

    /// - Parameters:
    ///   - isPlain: whether it is a record that is not sealed.
    ///   - settle: called once, when the space that was promised to the file is used or not needed.
    init(
        folder: String, sealing: String, isPlain: Bool = false, settle: @escaping @Sendable () -> Void = {}
    ) throws(DockError) {
        self.sealing = sealing
        self.settle = settle
        path = "\(folder)/\(sealing).\(isPlain ? "record" : "age")"
        partialPath = "\(folder)/\(sealing).partial"
        do throws(Errno) {
            descriptor = try Descriptor.open(partialPath, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o440)
        } catch {
            settle()
            throw error.error(
                "cannot write to the spool", at: partialPath, next: "look at the spool's disk, then run again")
        }
    }

    func write(_ bytes: [UInt8]) throws(DockError) {
        let result: Result<Void, DockError> = bytes.withUnsafeBytes { buffer in
            Result { () throws(DockError) in try write(buffer) }
        }
        try result.get()
    }

    func write(_ buffer: UnsafeRawBufferPointer) throws(DockError) {
        do throws(Errno) {
            try descriptor.writeAll(buffer)
        } catch {
            throw error.error(
                "cannot write to the spool", at: partialPath, next: "free space on the spool's disk, then run again")
        }
        bytes += Int64(buffer.count)
    }

    /// Forces the content to the disk.
    func synchronize() throws(Errno) { try descriptor.synchronize() }

    /// Gives it its lasting name. The caller synchronizes the folder.
    func publish() throws(Errno) {
        try partialPath.withCPath { from throws(Errno) in
            try path.withCPath { to throws(Errno) in try retrying { rename(from, to) } }
        }
        isPublished = true
    }

    deinit {
        if !isPublished { unlink(partialPath) }
        settle()
    }
}
