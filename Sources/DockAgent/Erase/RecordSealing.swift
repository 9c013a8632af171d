import DockCore
import DockSeal
import DockSystem
import Foundation

/// Seals a record that the dock made of a docking into the spool, from where it is delivered beside the footage.
struct RecordSealing {
    let resources: DockResources
    let session: SpoolSession

    /// Seals a certificate of erasure, makes it durable, and answers what the ledger must be told.
    func seal(_ certificate: ErasureCertificate) throws(DockError) -> SegmentSealed {
        let name = "erasure-\(certificate.method.rawValue).json"
        let content = try encode(certificate)
        var sealer = try Sealer(recipients: resources.recipients)
        let file = try SpoolFile(folder: session.folder, sealing: sealer.id)
        var parts = try PartHashes(
            hashes: resources.vaults.contains { $0.needsPartDigests }, chunkBytes: Sealer.sealedChunk,
            chunksPerPart: SealedSegment.chunksPerPart)
        try file.write(sealer.header)
        try parts.begin(sealer.header)
        let body = try seal(content, by: &sealer)
        try file.write(body)
        let result: Result<Void, DockError> = body.withUnsafeBytes { buffer in
            Result { () throws(DockError) in try parts.add(buffer) }
        }
        try result.get()
        try session.makeDurable([file])
        let digest = try SHA256Digest(hashing: content)
        let object = ObjectName(
            camera: certificate.camera, date: certificate.ended, recording: certificate.docking, segment: name.utf8,
            content: digest)
        let sealed = SealedSegment(
            id: sealer.id, plaintext: digest, plaintextBytes: Int64(content.count), bytes: file.bytes,
            parts: try parts.finish(), object: object)
        return SegmentSealed(
            docking: certificate.docking, camera: certificate.camera, recording: certificate.docking,
            path: try CameraPath(Array("records/\(certificate.docking)/\(name)".utf8)), role: .record,
            verification: .singleRead, modified: certificate.ended.milliseconds &* 1_000_000, sealed: sealed)
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

    private func encode(_ certificate: ErasureCertificate) throws(DockError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do { return Array(try encoder.encode(certificate)) } catch {
            throw DockError(
                .malformed, "cannot write a certificate", at: certificate.docking, because: "\(error)",
                next: "report this; the ledger has what it would say")
        }
    }
}
