import DockCore
import DockLedger
import DockSeal
import DockSystem
import Glibc

/// Signs checkpoints of the ledger. The last one lies in a file beside it, `<state>/checkpoints/latest`: a ledger that was put back
/// or changed since is not signed for again.
public struct CheckpointBook: Sendable {
    private let ledger: Ledger
    private let signer: DockSigner
    private let folder: String

    private static let limit = 64 << 10

    /// - Parameters:
    ///   - ledger: the dock's; reading it is enough.
    ///   - signer: the dock's.
    ///   - state: the state folder.
    public init(ledger: Ledger, signer: DockSigner, state: String) {
        self.ledger = ledger
        self.signer = signer
        folder = state + "/checkpoints"
    }

    /// Signs for the ledger as it is now.
    /// - Throws: ``DockError/Code/corrupt`` if it does not continue what the dock has signed for before.
    public func sign() throws(DockError) -> SignedNote {
        try sign { note, _ in note }
    }

    /// As ``sign()``, and no other process signs before `use` is done.
    func sign<Value>(_ use: (SignedNote, LedgerHead) throws(DockError) -> Value) throws(DockError) -> Value {
        let lock = try claim()
        defer { withExtendedLifetime(lock) {} }
        let head = try ledger.head()
        try refuseRevoked()
        if let last = try last(), let fault = try contradiction(with: last.head, head) {
            throw DockError(
                .corrupt, CheckpointBook.what, at: ledger.path, because: fault,
                next: "keep a copy of the ledger and of \(path); run 'bodydock ledger verify --against \(path)'")
        }
        let note = try signer.sign(head)
        do throws(Errno) { try DurableFile.write(Array(note.note.utf8), to: path) } catch {
            throw error.error(CheckpointBook.what, at: path, next: "look at the state folder's disk")
        }
        return try use(note, head)
    }

    private func claim() throws(DockError) -> CheckpointLock {
        do throws(Errno) {
            try Folder.create(folder)
            let file = try Descriptor.open(folder + "/lock", flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o640)
            _ = try file.lock(waiting: true)
            return CheckpointLock(file)
        } catch {
            throw error.error(CheckpointBook.what, at: folder, next: "make the state folder writable for Bodydock")
        }
    }

    private func refuseRevoked() throws(DockError) {
        let key = signer.publicKey.description
        guard let revoked = try ledger.keys().first(where: { $0.adopted.key == key })?.revoked else { return }
        throw DockError(
            .refused, CheckpointBook.what, at: try signer.publicKey.fingerprint,
            because: "the key was revoked at \(revoked.at): \(revoked.reason)",
            next: "reload the agent, so that it takes the new key")
    }

    /// The last checkpoint that was signed; nil if there is none.
    func last() throws(DockError) -> Checkpoint? {
        let bytes: [UInt8]
        do throws(Errno) {
            bytes = try DurableFile.read(path, most: CheckpointBook.limit)
        } catch  where error.code == ENOENT {
            return nil
        } catch {
            throw error.error("cannot read the last checkpoint", at: path, next: "look at the state folder's disk")
        }
        guard let checkpoint = Checkpoint(text: try SignedNote(String(decoding: bytes, as: UTF8.self), at: path).text)
        else {
            throw DockError(
                .corrupt, "cannot read the last checkpoint", at: path, because: "it is a note of something else",
                next: "find out what happened to it, and move it away")
        }
        return checkpoint
    }

    private func contradiction(with last: LedgerHead, _ head: LedgerHead) throws(DockError) -> String? {
        if last.entries > head.entries {
            return "it has \(head.entries) entries, and the dock has signed for \(last.entries): its end is missing"
        }
        let root = try ledger.root(at: last.entries)
        return root == last.root
            ? nil : "its first \(last.entries) entries are not those that the dock has signed for (root \(last.root))"
    }

    private var path: String { folder + "/latest" }
    private static let what = "cannot sign a checkpoint"
}

/// The right to sign, as long as this lives.
private final class CheckpointLock: Sendable {
    private let file: Descriptor

    init(_ file: consuming Descriptor) { self.file = file }
}
