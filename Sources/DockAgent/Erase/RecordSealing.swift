import DockCore
import DockSeal
import DockSystem
import Foundation

/// A document that the dock made: delivered beside the footage, sealed like it.
struct DockRecord: Sendable {
    let docking: String
    let camera: String
    /// Its file name.
    let name: String
    /// The moment that it is filed and dated under.
    let date: Instant
    let content: [UInt8]
}

extension DockRecord {
    /// A certificate of erasure.
    init(_ certificate: ErasureCertificate) throws(DockError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let content: [UInt8]
        do { content = Array(try encoder.encode(certificate)) } catch {
            throw DockError(
                .malformed, "cannot write a certificate", at: certificate.docking, because: "\(error)",
                next: "report this; the ledger has what it would say")
        }
        self.init(
            docking: certificate.docking, camera: certificate.camera,
            name: "erasure-\(certificate.method.rawValue).json", date: certificate.ended, content: content)
    }
}

/// Seals records into the spool, from where they are delivered.
struct RecordSealing {
    let resources: DockResources
    let session: SpoolSession

    /// Seals records, makes them durable together, and answers what the ledger must be told.
    func seal(_ records: [DockRecord]) throws(DockError) -> [LedgerEvent] {
        var files: [SpoolFile] = []
        var entries: [LedgerEvent] = []
        for record in records {
            let (file, sealed) = try write(record)
            files.append(file)
            entries.append(.sealed(sealed))
        }
        try session.makeDurable(files)
        return entries
    }

    private func write(_ record: DockRecord) throws(DockError) -> (SpoolFile, SegmentSealed) {
        var sealer = try Sealer(recipients: resources.recipients)
        let file = try SpoolFile(folder: session.folder, sealing: sealer.id)
        var hashes = try PartHashes(
            hashesParts: resources.vaults.contains { $0.needsPartDigests }, chunkBytes: Sealer.sealedChunk,
            chunksPerPart: SealedSegment.chunksPerPart)
        try file.write(sealer.header)
        try hashes.begin(sealer.header)
        let body = try seal(record.content, by: &sealer)
        try file.write(body)
        let result: Result<Void, DockError> = body.withUnsafeBytes { buffer in
            Result { () throws(DockError) in try hashes.add(buffer) }
        }
        try result.get()
        let (parts, whole) = try hashes.finish()
        let digest = try SHA256Digest(hashing: record.content)
        let object = ObjectName(
            camera: record.camera, date: record.date, recording: record.docking, segment: record.name.utf8,
            content: digest)
        let sealed = SealedSegment(
            id: sealer.id, plaintext: digest, plaintextBytes: Int64(record.content.count), bytes: file.bytes,
            parts: parts, object: object, sha256: whole)
        let event = SegmentSealed(
            docking: record.docking, camera: record.camera, recording: record.docking,
            path: try CameraPath(Array("records/\(record.docking)/\(record.name)".utf8)), role: .record,
            verification: .singleRead, modified: record.date.milliseconds &* 1_000_000,
            team: resources.configuration.team(ofCamera: record.camera)?.name, sealed: sealed)
        return (file, event)
    }

    private func seal(_ content: [UInt8], by sealer: inout Sealer) throws(DockError) -> [UInt8] {
        let chunks = max(1, (content.count + Sealer.chunk - 1) / Sealer.chunk)
        var body = [UInt8](repeating: 0, count: content.count + chunks * (Sealer.sealedChunk - Sealer.chunk))
        let result: Result<Int, DockError> = content.withUnsafeBytes { plain in
            body.withUnsafeMutableBytes { room in
                Result { () throws(DockError) in try sealer.seal(plain, isLast: true, into: room) }
            }
        }
        return Array(body.prefix(try result.get()))
    }
}
