import DockCore
import DockLedger
import DockSystem

/// A record about the ledger, on its way to the vaults as other records are: through spool, ledger and receipts.
///
/// It lies there as it is and not sealed: it says nothing about anybody, and is worth something only if strangers can read it.
/// Whatever a crash cuts off is worthless and swept away, or delivered by the next pass through the spool.
struct PlainRecord {
    /// Names its folder in the spool, and its docking in the ledger.
    let name: String
    let content: [UInt8]
    let object: ObjectName

    /// Puts it into the spool, and tells the ledger of it and of `event`, which is given its name (``SealedSegment/id``).
    /// - Returns: that name.
    @discardableResult
    func keep(
        _ resources: DockResources, at now: Instant, with event: (String) -> LedgerEvent
    ) throws(DockError) -> String {
        // Locked until the ledger knows the file: others may sweep the spool at any time.
        let session = try resources.spool.begin(docking: name)
        defer { withExtendedLifetime(session) {} }
        let digest = try SHA256Digest(hashing: content)
        let id = String(digest.description.prefix(32))
        let file = try SpoolFile(folder: session.folder, sealing: id, isPlain: true)
        try file.write(content)
        try session.makeDurable([file])
        let sealed = SealedSegment(
            id: id, plaintext: digest, plaintextBytes: file.bytes, bytes: file.bytes,
            parts: [SealedSegment.Part(offset: 0, size: file.bytes, sha256: digest)], object: object)
        let entry = SegmentSealed(
            docking: name, camera: resources.configuration.dock, recording: "checkpoints",
            path: try CameraPath("checkpoints/\(name)"), role: .record, verification: .singleRead,
            modified: now.milliseconds &* 1_000_000, sealed: sealed)
        _ = try resources.ledger.append([event(id), .sealed(entry)], at: now)
        return id
    }
}
