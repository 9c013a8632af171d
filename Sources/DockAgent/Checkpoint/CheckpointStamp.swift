import DockCore
import DockDelivery
import DockLedger
import DockSeal

/// Has an authority say that a checkpoint exists now (RFC 3161): then not even who has the dock's key can make an earlier one of it.
struct CheckpointStamp {
    let resources: DockResources
    let settings: TimestampSettings

    /// Longest answer that is kept: what vaults take as a record.
    private static let limit = 64 << 10

    /// Asks, and puts the answer on its way to the vaults, beside the checkpoint.
    /// - Returns: what the authority says, for a person.
    func make(for checkpoint: CheckpointRecord) throws(DockError) -> String {
        let request = try TimeStampRequest(of: Array(checkpoint.note.utf8))
        let answer = try TimeStampAuthority(url: settings.url).answer(to: request.bytes)
        let now = resources.clock()
        let time = try request.time(of: answer, authorities: settings.caFile, at: settings.url)
        guard answer.count <= CheckpointStamp.limit else {
            throw DockError(
                .malformed, "cannot keep a time-stamp", at: settings.url,
                because: "it has \(answer.count) bytes, and \(CheckpointStamp.limit) are taken",
                next: "ask the authority for a shorter chain of certificates")
        }
        let record = PlainRecord(
            name: "timestamp-\(checkpoint.entries)", content: answer, object: checkpoint.object.ending("tsr"))
        try record.keep(resources, at: now) { sealing in
            .checkpointStamped(
                CheckpointStamped(
                    entries: checkpoint.entries, checkpoint: checkpoint.sealing, authority: settings.url, time: time,
                    sealing: sealing))
        }
        return "\(settings.url) says that the checkpoint existed at \(time); by the dock's clock that was at \(now)"
    }
}
