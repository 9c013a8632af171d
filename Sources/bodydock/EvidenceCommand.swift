import ArgumentParser
import DockAgent
import DockCore
import DockLedger
import DockSeal
import DockSystem
import Foundation

/// `bodydock evidence`: footage with everything that proves where it comes from.
struct EvidenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence", abstract: "Hand out footage with its proofs, and verify what was handed out.",
        subcommands: [Export.self, Verify.self, Clock.self])

    /// `bodydock evidence export`
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fetch footage from the vaults into a folder that anybody can verify.",
            discussion: """
                Which footage: by incident, recording, docking, camera, wearer, mark and time; whatever is given must hold. An incident \
                is a recording with everything that any camera recorded at the same time. As it is, footage stays sealed. With --recipient it is sealed anew for somebody else, and opened in memory only; with --open it is \
                opened. Both need --identity. Before anything is fetched, the ledger says who gets what, and why. An export \
                that was cut off goes on in the same folder. A name that ends in .tar makes one file of it.

                Exit status: 0 done, 1 not done, 64 wrong usage, 78 configuration.
                """)

        @OptionGroup var configuration: ConfigurationOption

        @Option(help: ArgumentHelp("Why it is handed out, such as a case number.", valueName: "text"))
        var reason: String

        @Option(help: ArgumentHelp("Who asked for it.", valueName: "who"))
        var requestedBy: String

        @Option(help: ArgumentHelp("A recording by which an incident is known.", valueName: "camera/recording"))
        var incident: EvidenceSelection.Incident?

        @Flag(help: "Only what its wearer marked.")
        var flagged = false

        @Option(help: ArgumentHelp("The recording's name on the camera; may be repeated.", valueName: "name"))
        var recording: [String] = []

        @Option(help: ArgumentHelp("The docking's name; may be repeated.", valueName: "name"))
        var docking: [String] = []

        @Option(help: ArgumentHelp("The camera's serial number; may be repeated.", valueName: "serial"))
        var camera: [String] = []

        @Option(help: ArgumentHelp("The wearer's badge number; may be repeated.", valueName: "badge"))
        var wearer: [String] = []

        @Option(help: ArgumentHelp("Leave out footage that ends before this (RFC 3339).", valueName: "time"))
        var from: Moment?

        @Option(help: ArgumentHelp("Leave out footage that begins after this (RFC 3339).", valueName: "time"))
        var to: Moment?

        @Option(help: ArgumentHelp("Seal it anew for this age1… recipient; may be repeated.", valueName: "age1"))
        var recipient: [String] = []

        @Flag(help: "Open it.")
        var open = false

        @Option(
            help: ArgumentHelp("A file with AGE-SECRET-KEY-1… lines (mode 0600); may be repeated.", valueName: "file"))
        var identity: [String] = []

        @Option(help: ArgumentHelp("Fetch from this vault alone.", valueName: "name"))
        var vault: String?

        @Argument(help: "The folder to make, or the file if it ends in .tar.")
        var folder: String

        func validate() throws {
            if selection.isEmpty {
                throw ValidationError(
                    "say which footage: --incident, --recording, --docking, --camera, --wearer, --flagged, --from, --to"
                )
            }
            if open, !recipient.isEmpty { throw ValidationError("--open and --recipient exclude each other") }
            if (open || !recipient.isEmpty) == identity.isEmpty {
                throw ValidationError("--identity goes with --open or --recipient, and they with it")
            }
            for text in [reason, requestedBy] where text.allSatisfy(\.isWhitespace) || text.utf8.count > 1000 {
                throw ValidationError("--reason and --requested-by must say something, in at most 1000 bytes")
            }
        }

        private var selection: EvidenceSelection {
            EvidenceSelection(
                dockings: docking, recordings: recording, cameras: camera, wearers: wearer, incident: incident,
                flagged: flagged ? true : nil, from: from?.instant, to: to?.instant)
        }

        func run() throws {
            let settings = try configuration.load()
            do throws(DockError) {
                try ProcessGuard.keepMemoryPrivate()
                let resources = try DockResources(configuration: settings, profiles: [])
                let request = EvidenceExport.Request(
                    selection: selection, form: try form(), reason: reason, requestedBy: requestedBy,
                    account: Export.account, vault: vault)
                let summary = try EvidenceExport(resources).run(request, to: folder) { Console.say($0) }
                Console.say("\(summary.footage.count) files of \(summary.dockings.count) dockings in \(folder)")
                Console.say("the dock's key is \(summary.fingerprint): tell the recipient by another way")
            } catch {
                Console.complain(error)
                throw error.code == .configuration ? ExitCode.configuration : ExitCode.failure
            }
        }

        private func form() throws(DockError) -> EvidenceExport.Form {
            var identities: [AgeIdentity] = []
            for file in identity { identities += try AgeIdentity.load(file: file) }
            if open { return .opened(identities) }
            if recipient.isEmpty { return .sealed }
            return .resealed(
                identities, try recipient.map { text throws(DockError) in try AgeRecipient(text) })
        }

        /// Who does it: the account, and who became it by sudo.
        private static var account: String {
            let sudo = ProcessInfo.processInfo.environment["SUDO_USER"].map { " (by sudo: \($0.prefix(64)))" } ?? ""
            return "\(NSUserName())\(sudo)"
        }
    }

    /// `bodydock evidence verify`
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check an export, and name what is not as it was handed out.",
            discussion: """
                A .tar file is read as it is, and not unpacked. Without --signers the keys of the export itself are used: then compare the fingerprint that is printed with what \
                the dock's owner says. No configuration is needed.

                Exit status: 0 whole, 1 not whole, 64 wrong usage.
                """)

        @Option(
            help: ArgumentHelp(
                "Keys to believe, from another source (ALLOWED SIGNERS of ssh-keygen(1)).", valueName: "file"))
        var signers: String?

        @Option(help: ArgumentHelp("Open sealed footage too, in memory; may be repeated.", valueName: "file"))
        var identity: [String] = []

        @Argument(help: "The folder of the export, or its .tar file.")
        var path: String

        func run() throws {
            let result: EvidenceVerification
            do throws(DockError) {
                var identities: [AgeIdentity] = []
                for file in identity { identities += try AgeIdentity.load(file: file) }
                result = try EvidenceVerification(of: path, signers: signers, identities: identities)
            } catch {
                Console.complain(error)
                throw ExitCode.failure
            }
            for fault in result.faults { Console.say(StatusText.printable("WRONG: \(fault)")) }
            for fingerprint in result.fingerprints { Console.say("key: \(fingerprint)") }
            guard result.faults.isEmpty else {
                Console.say("NOT as it was handed out: \(result.faults.count) faults")
                throw ExitCode.failure
            }
            Console.say("\(result.files) files of dock \(result.dock): whole")
        }
    }

    /// `bodydock evidence clock`
    struct Clock: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "What is known of a camera's clock: offsets, drift, resets, and when its recordings really began.",
            discussion: "Prints one object of JSON (docs/custody.md).")

        @OptionGroup var configuration: ConfigurationOption

        @Argument(help: "The camera's serial number.")
        var camera: String

        func run() throws {
            let settings = try configuration.load()
            do throws(DockError) {
                let ledger = try Ledger(path: settings.state, dock: settings.dock, readOnly: true)
                Console.say(try EvidenceClock.text(of: camera, in: ledger))
            } catch {
                Console.complain(error)
                throw ExitCode.failure
            }
        }
    }
}

extension EvidenceSelection.Incident: ExpressibleByArgument {
    /// From `CAMERA/RECORDING`.
    public init?(argument: String) { self.init(text: argument) }
}
