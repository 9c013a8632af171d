import DockCore
import DockLedger
import DockSeal
import DockSystem

/// Checkpoints that were kept outside of the dock, to hold its ledger against.
public struct Witnesses: Sendable {
    /// What they say that the ledger was.
    public private(set) var heads: [LedgerHead] = []
    /// Why others cannot be used, a sentence each.
    public private(set) var objections: [String] = []

    private let origin: String
    private let keys: [SSHPublicKey]

    private static let limit = 64 << 10

    /// - Parameters:
    ///   - origin: of the ledger.
    ///   - keys: those that may have signed for it.
    public init(origin: String, keys: [SSHPublicKey]) {
        self.origin = origin
        self.keys = keys
    }

    /// Takes a file, as a vault has it.
    public mutating func add(file: String) {
        do throws(DockError) {
            let bytes: [UInt8]
            do throws(Errno) { bytes = try DurableFile.read(file, most: Witnesses.limit) } catch {
                throw error.error("cannot read a checkpoint", at: file, next: "name the file of a checkpoint")
            }
            let note = try SignedNote(String(decoding: bytes, as: UTF8.self), at: file)
            heads.append(try Witnesses.check(note, origin: origin, keys: keys, at: file).head)
        } catch {
            objections.append("\(error.place): \(error.why)")
        }
    }

    /// What a note says of a ledger, if one of these keys signed it.
    /// - Parameter origin: of the ledger; nil if any will do.
    public static func check(
        _ note: SignedNote, origin: String?, keys: [SSHPublicKey], at place: String
    ) throws(DockError) -> Checkpoint {
        guard let checkpoint = Checkpoint(text: note.text) else {
            throw refusal(.malformed, place, "it is no checkpoint", "give the file of a checkpoint")
        }
        if let origin, checkpoint.origin != origin {
            throw refusal(
                .mismatch, place, "it is a checkpoint of the ledger '\(checkpoint.origin)', not of '\(origin)'",
                "give one of this dock; 'dock.origin' of the configuration names its ledger")
        }
        var isSigned = false
        for key in keys {
            switch try note.standing(NoteKey(name: checkpoint.origin, key: key)) {
            case .signed: isSigned = true
            case .missing: break
            case .wrong:
                throw refusal(
                    .unauthenticated, place, "its signature is not of this text by the key \(try key.fingerprint)",
                    "it was changed, or somebody else signed it: find out where it comes from")
            }
        }
        guard isSigned else {
            throw refusal(
                .unauthenticated, place, "no key that may sign for the ledger has signed it",
                "give the keys of the dock with --signers, or find out where it comes from")
        }
        return checkpoint
    }

    private static func refusal(_ code: DockError.Code, _ place: String, _ why: String, _ next: String) -> DockError {
        DockError(code, "cannot use a checkpoint", at: place, because: why, next: next)
    }
}
