import DockCore
import DockLedger
import DockSystem

/// Signs a checkpoint, and puts it on its way to the vaults as other records are: into the spool, then into the ledger.
///
/// It lies there as it is and not sealed: it says nothing but a number and a hash, and is worth something only if strangers can
/// read it. Whatever a crash cuts off is worthless and swept away, or delivered by the next pass through the spool.
struct CheckpointRecord {
    let resources: DockResources

    func make() throws(DockError) {
        try resources.checkpoints.sign { note, head throws(DockError) in
            let name = "checkpoint-\(head.entries)"
            let content = Array(note.note.utf8)
            let now = resources.clock()
            // Locked until the ledger knows the file: others may sweep the spool at any time.
            let session = try resources.spool.begin(docking: name)
            defer { withExtendedLifetime(session) {} }
            let sealed = try spool(content, head, now, session)
            let entry = SegmentSealed(
                docking: name, camera: resources.configuration.dock, recording: "checkpoints",
                path: try CameraPath("checkpoints/\(head.entries)"), role: .record, verification: .singleRead,
                modified: now.milliseconds &* 1_000_000, sealed: sealed)
            let signed = CheckpointSigned(head: head, note: note.note, sealing: sealed.id)
            _ = try resources.ledger.append([.checkpointSigned(signed), .sealed(entry)], at: now)
        }
    }

    private func spool(
        _ content: [UInt8], _ head: LedgerHead, _ now: Instant, _ session: SpoolSession
    ) throws(DockError) -> SealedSegment {
        let digest = try SHA256Digest(hashing: content)
        let id = String(digest.description.prefix(32))
        let file = try SpoolFile(folder: session.folder, sealing: id, isPlain: true)
        try file.write(content)
        try session.makeDurable([file])
        return SealedSegment(
            id: id, plaintext: digest, plaintextBytes: file.bytes, bytes: file.bytes,
            parts: [SealedSegment.Part(offset: 0, size: file.bytes, sha256: digest)],
            object: ObjectName(
                checkpoint: head.entries, dock: resources.configuration.dock, date: now, content: digest))
    }
}
