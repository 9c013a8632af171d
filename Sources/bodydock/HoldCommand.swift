import ArgumentParser
import DockAgent
import DockCore
import DockSystem

/// `bodydock hold`: recordings, and cameras, that must be kept.
struct HoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Hold recordings so that nothing deletes them, or the camera in a bay.",
        discussion: "'bodydock hold BAY' is 'bodydock hold bay BAY'. What holds do stands in docs/retention.md.",
        subcommands: [Bay.self, Add.self, Remove.self, List.self], defaultSubcommand: Bay.self)

    /// `bodydock hold bay BAY`: keeps a camera's footage on it until a person releases it.
    struct Bay: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Hold the camera in a bay: it is not emptied until 'bodydock release'.")

        @OptionGroup var configuration: ConfigurationOption
        @Option(help: "Why; it is written to the ledger.") var reason = "no reason was given"
        @Argument(help: "Name of the bay.") var bay: String

        func run() throws { try AgentQuestion.order(.hold(bay: bay, reason: reason), configuration) }
    }

    /// `bodydock hold add`.
    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keep a recording, whatever its retention says, until the hold is removed.",
            discussion: """
                The hold counts as soon as it is printed. Exit status: 0 every vault that can keep legal holds has it; 3 not yet, and \
                each nightly run tries again; 1 there is no hold; 64 usage, 78 configuration.
                """)

        @OptionGroup var configuration: ConfigurationOption
        @Option(help: "Serial number of the camera.") var camera: String?
        @Option(help: "Name of the recording.") var recording: String?
        @Option(help: "Name of an object in a vault, instead of camera and recording.") var object: String?
        @OptionGroup var account: HoldAccount

        func validate() throws {
            guard (object == nil) == (camera != nil && recording != nil), object != nil || recording != nil else {
                throw ValidationError("Give --camera and --recording, or --object.")
            }
        }

        func run() throws {
            let settings = try configuration.load()
            try HoldAccount.complaining { () throws(DockError) in
                let keeper = HoldKeeper(try DockResources(configuration: settings, profiles: []))
                var name = (camera: camera ?? "", recording: recording ?? "")
                if let object { name = try keeper.recording(ofObject: object) }
                let (hold, outcome) = try keeper.add(
                    camera: name.camera, recording: name.recording, reason: account.reason, by: account.by)
                Console.say(StatusText.printable("\(hold) \(name.camera) \(name.recording)"))
                return outcome
            }
        }
    }

    /// `bodydock hold remove`.
    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a hold; legal holds that it put on objects are lifted if no other hold keeps them.",
            discussion: "Exit status: as of 'bodydock hold add'.")

        @OptionGroup var configuration: ConfigurationOption
        @Argument(help: "Name of the hold, as 'bodydock hold list' shows it.") var hold: String
        @OptionGroup var account: HoldAccount

        func run() throws {
            let settings = try configuration.load()
            try HoldAccount.complaining { () throws(DockError) in
                try HoldKeeper(try DockResources(configuration: settings, profiles: []))
                    .remove(hold, reason: account.reason, by: account.by)
            }
        }
    }

    /// `bodydock hold list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the holds in force.")

        @OptionGroup var configuration: ConfigurationOption
        @Flag(help: "Show those that ended too.") var all = false
        @Flag(help: "Print one JSON object a line.") var json = false

        private struct Line: Encodable {
            let hold: HoldDecision
            let since: Instant
            let removed: HoldDecision?
        }

        func run() throws {
            let settings = try configuration.load()
            do throws(DockError) {
                let holds = try RetentionFacts(settings).holds().all.filter { all || $0.isActive }
                if !json, holds.isEmpty { Console.say("no recording is held") }
                for hold in holds {
                    if json {
                        try Console.say(json: Line(hold: hold.added, since: hold.since, removed: hold.removed))
                        continue
                    }
                    let added = hold.added
                    let end = hold.removed.map { "; ended: \($0.reason) (\($0.by))" } ?? ""
                    Console.say(
                        StatusText.printable(
                            "\(added.hold) \(added.camera) \(added.recording) since \(hold.since): \(added.reason) (\(added.by))\(end)"
                        ))
                }
            } catch {
                Console.complain(error)
                throw ExitCode.failure
            }
        }
    }
}

/// Why a hold is added or removed, and who asked.
struct HoldAccount: ParsableArguments {
    @Option(help: "Why; it is written to the ledger.") var reason: String
    @Option(help: "Who asked for it: a number or an office, not more of a name than must be.") var by: String

    func validate() throws {
        for (name, text) in [("--reason", reason), ("--by", by)] where !HoldKeeper.isText(text) {
            throw ValidationError("\(name) takes 1 to 500 characters on one line.")
        }
    }

    /// Tells what the vaults answered, and ends the program accordingly.
    static func complaining(_ body: () throws(DockError) -> HoldKeeper.Outcome) throws {
        let outcome: HoldKeeper.Outcome
        do throws(DockError) {
            try ProcessGuard.keepMemoryPrivate()
            outcome = try body()
        } catch {
            Console.complain(error)
            throw error.code == .configuration ? ExitCode.configuration : ExitCode.failure
        }
        if outcome.placed > 0 { Console.say("  legal holds set: \(outcome.placed)") }
        if outcome.lifted > 0 { Console.say("  legal holds lifted: \(outcome.lifted)") }
        for (vault, why) in outcome.unsupported.sorted(by: { $0.key < $1.key }) {
            Console.say("  vault \(vault): held by the ledger alone: \(why)")
        }
        for trouble in outcome.troubles { Console.warn(StatusText.printable("bodydock: \(trouble)")) }
        if !outcome.troubles.isEmpty { throw ExitCode.incomplete }
    }
}
