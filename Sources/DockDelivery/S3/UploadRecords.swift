import DockCore
import DockSystem
import Glibc

/// The dock's own memory of the uploads that it has begun and not ended: one small file each. By it, and by nothing that a
/// service says, an upload is known to be ours when it is given up unseen.
///
/// A record that is lost costs storage in the bucket until the bucket's own rules clean it, never footage: so nothing waits
/// for a disk here, and no delivery fails because a record cannot be written.
struct UploadRecords: Sendable {
    /// The folder of the records; nil where nobody gave one.
    let folder: String?

    /// One upload.
    struct Record: Hashable, Sendable {
        /// Endpoint and bucket.
        var service: String
        var key: String
        var upload: String
        /// ``SealedSegment/id``.
        var sealing: String
        /// When a run last worked on it, by the dock's clock.
        var touched: Instant
    }

    /// Records that are looked at, at most.
    private static let most = 100_000
    private static let title = "bodydock upload 1"

    /// Writes a record, or its new time.
    func note(_ record: Record) {
        guard let folder, let name = UploadRecords.name(record) else { return }
        let lines = [
            UploadRecords.title, record.service, record.key, record.upload, record.sealing, record.touched.description,
        ]
        guard lines.allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f } }) else { return }
        do throws(Errno) {
            try Folder.create(folder)
            let path = "\(folder)/\(name)"
            let file = try Descriptor.open(path + ".new", flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
            let result: Result<Void, Errno> = Array(lines.joined(separator: "\n").utf8).withUnsafeBytes { bytes in
                Result { () throws(Errno) in try file.writeAll(bytes) }
            }
            try result.get()
            try retrying { rename(path + ".new", path) }
        } catch {
            // See above.
        }
    }

    /// Removes a record.
    func forget(_ record: Record) {
        guard let folder, let name = UploadRecords.name(record) else { return }
        _ = unlink("\(folder)/\(name)")
    }

    /// All records of a service, or only those of one sealing. What is no whole record is passed over.
    func all(of service: String, sealing: String? = nil) throws(DockError) -> [Record] {
        guard let folder else { return [] }
        do throws(Errno) {
            let handle = try Descriptor.open(folder, flags: O_RDONLY | O_DIRECTORY)
            var records: [Record] = []
            for bytes in try Folder.names(in: handle.number, limit: UploadRecords.most) {
                let name = String(decoding: bytes, as: UTF8.self)
                guard name.hasSuffix(".upload"), sealing.map({ name.hasPrefix($0) }) ?? true else { continue }
                guard let record = try UploadRecords.read(name, in: handle), record.service == service else { continue }
                if sealing == nil || record.sealing == sealing { records.append(record) }
            }
            return records
        } catch let error where error.code == ENOENT {
            return []
        } catch {
            throw error.error("cannot read the records of uploads", at: folder, next: "check the dock's disk")
        }
    }

    /// Nil if the file is gone, or is no record.
    private static func read(_ name: String, in folder: borrowing Descriptor) throws(Errno) -> Record? {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 1)
        defer { buffer.deallocate() }
        let count: Int
        do {
            let file = try Descriptor.open(name, under: folder.number, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            count = try file.readFully(into: buffer)
        } catch let error where error.code == ENOENT || error.code == ELOOP {
            return nil
        }
        let lines = String(decoding: buffer[..<count], as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 6, lines[0] == title, let touched = Instant(rfc3339: lines[5]) else { return nil }
        let record = Record(
            service: String(lines[1]), key: String(lines[2]), upload: String(lines[3]), sealing: String(lines[4]),
            touched: touched)
        return UploadRecords.name(record) == name ? record : nil
    }

    /// Nil where hashing fails.
    private static func name(_ record: Record) -> String? {
        let text = "\(record.service)\n\(record.key)\n\(record.upload)"
        do {
            let digest = try SHA256Digest(hashing: Array(text.utf8))
            return "\(record.sealing)-\(digest.description.prefix(24)).upload"
        } catch {
            return nil
        }
    }
}
