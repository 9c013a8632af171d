import ArgumentParser
import DockAgent
import DockCore
import DockLedger

/// `bodydock ledger`: the record of everything that happened.
struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Check the record of everything that happened, and prove what it holds.",
        subcommands: [
            Verify.self, LedgerCheckpointCommand.self, LedgerProveCommand.self, LedgerCheckProofCommand.self,
        ])

    /// `bodydock ledger verify`: exit status 0 if all of it is whole, 1 if not.
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Recompute every entry's hash and what it commits to, and check that the story holds.",
            discussion: """
                A ledger that lost its last entries, or was put back, is still whole in itself. Give it checkpoints that the \
                vaults have, with --against: what was lost or rewritten since is found, and between which of them. Or note down \
                what this command prints, away from the dock, and give it back with --earlier.

                Exit status: 0 whole, 1 not, 64 usage, 78 configuration.
                """)

        @OptionGroup var configuration: ConfigurationOption

        @Option(
            name: .customLong("earlier"),
            help: ArgumentHelp(
                "What the ledger was before, as number of entries and root; may be repeated.", valueName: "entries:root"
            ))
        var earlier: [EarlierHead] = []

        @Option(
            name: .customLong("against"), parsing: .upToNextOption,
            help: ArgumentHelp("Files of checkpoints, to hold the ledger against.", valueName: "file"))
        var against: [String] = []

        @OptionGroup var signers: SignersOption

        func run() throws {
            let settings = try configuration.load()
            var isWhole = false
            do throws(DockError) { isWhole = try verify(settings) } catch { Console.complain(error) }
            guard isWhole else { throw ExitCode.failure }
        }

        private func verify(_ settings: Configuration) throws(DockError) -> Bool {
            let ledger = try Ledger(path: settings.state, dock: settings.dock, readOnly: true)
            var witnesses = Witnesses(
                origin: settings.origin, keys: against.isEmpty ? [] : try signers.keys(settings))
            for file in against { witnesses.add(file: file) }
            let result = try ledger.verify(earlier: earlier.map(\.head) + witnesses.heads) { done, total in
                if done % 100_000 == 0, done < total { Console.warn("\(done) of \(total) entries checked") }
            }
            for remark in result.remarks { Console.say("remark: \(remark)") }
            for objection in witnesses.objections { Console.say("problem: \(objection)") }
            for problem in result.problems { Console.say("problem: \(problem)") }
            let unnamed = result.problemCount - result.problems.count
            if unnamed > 0 { Console.say("and \(unnamed) more problems") }
            let head = "\(result.entries) entries, root \(result.root)"
            guard result.isWhole else {
                Console.say("\(head): NOT whole")
                Console.warn(
                    "bodydock: keep a copy of \(ledger.path) as it is, and erase nothing by hand until this is explained"
                )
                return false
            }
            guard witnesses.objections.isEmpty else {
                Console.say("\(head): whole in itself, but not all checkpoints could be used")
                return false
            }
            Console.say("\(head): whole" + (against.isEmpty ? "" : ", and what \(against.count) checkpoints say"))
            return true
        }
    }
}

/// `12:9f86…`: number of entries, colon, 64 hexadecimal digits.
struct EarlierHead: ExpressibleByArgument {
    let head: LedgerHead

    init?(argument: String) {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let entries = Int64(parts[0]), entries >= 0, let root = SHA256Digest(hex: parts[1])
        else {
            return nil
        }
        head = LedgerHead(entries: entries, root: root)
    }
}
