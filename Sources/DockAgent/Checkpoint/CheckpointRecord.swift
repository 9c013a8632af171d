import DockCore
import DockLedger
import DockSystem

/// A checkpoint that was signed and is on its way to the vaults.
struct CheckpointRecord {
    let note: String
    let entries: Int64
    /// Names the object with the note (``SealedSegment/id``).
    let sealing: String
    /// Its name in the vaults.
    let object: ObjectName

    /// Signs for the ledger as it is now.
    @discardableResult
    static func make(_ resources: DockResources) throws(DockError) -> CheckpointRecord {
        try resources.checkpoints.sign { signed, head throws(DockError) in
            let (note, now) = (signed.note, resources.clock())
            let content = Array(note.utf8)
            let object = ObjectName(
                checkpoint: head.entries, dock: resources.configuration.dock, date: now,
                content: try SHA256Digest(hashing: content))
            let record = PlainRecord(name: "checkpoint-\(head.entries)", content: content, object: object)
            let sealing = try record.keep(resources, at: now) {
                .checkpointSigned(CheckpointSigned(head: head, note: note, sealing: $0))
            }
            return CheckpointRecord(note: note, entries: head.entries, sealing: sealing, object: object)
        }
    }
}
