import ArgumentParser
import DockAgent
import DockCore
import DockLedger
import DockSeal
import DockSystem

/// `--signers FILE`: whose signatures are believed.
struct SignersOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file of allowed signers, as 'bodydock keys list' prints it; without it the dock's own keys.",
            valueName: "file"), completion: .file())
    var signers: String?

    func keys(_ settings: Configuration) throws(DockError) -> [SSHPublicKey] { try settings.keys(signers: signers) }
}

/// `bodydock ledger checkpoint`.
struct LedgerCheckpointCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint", abstract: "Print a signed checkpoint of the ledger as it is now.",
        discussion: """
            Keep it away from the dock: it proves later that no entry was changed or lost (bodydock ledger verify --against). \
            The form is c2sp.org/tlog-checkpoint. Exit status: 0 printed, 1 not, 64 usage, 78 configuration.
            """)

    @OptionGroup var configuration: ConfigurationOption

    func run() throws {
        try configuration.run { settings throws(DockError) in
            Console.print(try LedgerProofs.sign(settings).note)
        }
    }
}

/// `bodydock ledger prove`.
struct LedgerProveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Print a proof that an entry is in the ledger, or that it continues an earlier one.",
        discussion: """
            The proof leads to a checkpoint that is signed now, or to the one that --checkpoint names. It can be checked with \
            'bodydock ledger check-proof', or by hand (docs/ledger.md).

            Exit status: 0 printed, 1 not, 64 usage, 78 configuration.
            """)

    @OptionGroup var configuration: ConfigurationOption

    @Option(
        help: ArgumentHelp("Lead to this checkpoint, for example one of a vault.", valueName: "file"),
        completion: .file())
    var checkpoint: String?

    @Option(
        help: ArgumentHelp("Prove that the ledger begins with what this checkpoint tells of.", valueName: "checkpoint"),
        completion: .file())
    var since: String?

    @Argument(help: "The number of the entry, from 0.") var entry: Int64?

    func validate() throws {
        guard (entry == nil) != (since == nil) else { throw ValidationError("Give an entry, or --since.") }
    }

    func run() throws {
        try configuration.run { settings throws(DockError) in
            let ledger = try Ledger(path: settings.state, dock: settings.dock, readOnly: true)
            let note = if let checkpoint { try LedgerProofs.note(checkpoint) } else { try LedgerProofs.sign(settings) }
            if let entry {
                Console.print(try LedgerProver.proof(of: entry, in: ledger, note: note).text)
            } else if let since {
                let earlier = try LedgerProofs.checkpoint(since)
                Console.print(try LedgerProver.proof(since: earlier, in: ledger, note: note).text)
            }
        }
    }
}

/// `bodydock ledger check-proof`.
struct LedgerCheckProofCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-proof",
        abstract: "Check a proof that 'bodydock ledger prove' printed, and print its entry.",
        discussion: """
            Needs neither the ledger nor the dock, but the dock's public key as 'bodydock keys list' prints it, from somebody \
            whom you believe. Exit status: 0 it holds, 1 it does not, 64 usage.
            """)

    @Option(help: ArgumentHelp("A file of allowed signers.", valueName: "file"), completion: .file())
    var signers: String

    @Option(
        help: ArgumentHelp("The earlier checkpoint that the proof is about.", valueName: "checkpoint"),
        completion: .file())
    var since: String?

    @Argument(help: "The proof.", completion: .file()) var proof: String

    func run() throws {
        do throws(DockError) {
            guard let file = ProofFile(text: try LedgerProofs.text(proof)) else {
                throw DockError(
                    .malformed, "cannot read a proof", at: proof, because: "it is none",
                    next: "give what 'bodydock ledger prove' printed, unchanged")
            }
            let keys = try AllowedSigner.keys(of: signers)
            var earlier: Checkpoint?
            if let since {
                let note = try LedgerProofs.note(since)
                earlier = try Witnesses.check(note, origin: nil, keys: keys, at: since)
            }
            let shown = try LedgerProver.check(file, keys: keys, earlier: earlier, at: proof)
            if case .inclusion(let entry, _, _, _) = file { Console.say(String(decoding: entry, as: UTF8.self)) }
            Console.warn(shown)
        } catch {
            Console.complain(error)
            throw ExitCode.failure
        }
    }
}

/// What these commands share.
private enum LedgerProofs {
    /// Bytes of a proof or a checkpoint: an entry has at most a few MB.
    private static let limit = 64 << 20

    /// Signs for the ledger as it is now.
    static func sign(_ settings: Configuration) throws(DockError) -> SignedNote {
        let ledger = try KeysCommand.ledger(settings)
        return try CheckpointBook(ledger: ledger, signer: settings.signer(), state: settings.state).sign()
    }

    static func note(_ file: String) throws(DockError) -> SignedNote { try SignedNote(text(file), at: file) }

    static func checkpoint(_ file: String) throws(DockError) -> Checkpoint {
        guard let checkpoint = Checkpoint(text: try note(file).text) else {
            throw DockError(
                .malformed, "cannot read a checkpoint", at: file, because: "it is a note of something else",
                next: "give a checkpoint")
        }
        return checkpoint
    }

    static func text(_ file: String) throws(DockError) -> String {
        do throws(Errno) {
            let bytes = try DurableFile.read(file, most: limit)
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            throw error.error("cannot read a file", at: file, next: "name a file that is there")
        }
    }
}
