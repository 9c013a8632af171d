import DockCore
import DockSystem

// What keys and checkpoints write down.

extension Story {
    /// A first key, one that it handed over to, a checkpoint of the empty ledger, and that the first is not to be believed any more.
    func keys() throws -> [LedgerEvent] {
        let (old, new) = ("ssh-ed25519 AAAA", "ssh-ed25519 BBBB")
        let handover = KeyAdopted.Handover(
            from: old, until: Story.time.adding(seconds: 86_400), statement: "to: \(new)\n", signature: "a\nb\n")
        let head = LedgerHead(entries: 0, root: try SHA256Digest(hashing: []))
        let note = Checkpoint(origin: "o", head: head).text + "\n\u{2014} o AAAA\n"
        return [
            .keyAdopted(KeyAdopted(key: old, origin: "o")),
            .keyAdopted(KeyAdopted(key: new, origin: "o", handover: handover)),
            .keyRevoked(KeyRevoked(key: old, reason: "the disk was \"lost\"")),
            .recipientsChanged(RecipientsChanged(recipients: ["age1x", "age1y"])),
            .checkpointSigned(CheckpointSigned(head: head, note: note, sealing: try sealing(1))),
            .checkpointStamped(
                CheckpointStamped(
                    entries: 0, checkpoint: try sealing(1), authority: "https://tsa", time: Story.time, sealing: "t")),
        ]
    }
}
