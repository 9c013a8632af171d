import ArgumentParser
import DockCore
import DockLedger

/// `bodydock ledger`: the record of everything that happened.
struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Check the record of everything that happened.", subcommands: [Verify.self])

    /// `bodydock ledger verify`: exit status 0 if all of it is whole, 1 if not.
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Recompute every entry's hash and what it commits to, and check that the story holds.",
            discussion: """
                A ledger that lost its last entries is still whole in itself. Note down what this command prints, away from \
                the dock, and give it back with --earlier: then a lost or rewritten end is found too.
                """)

        @OptionGroup var configuration: ConfigurationOption

        @Option(
            name: .customLong("earlier"),
            help: ArgumentHelp(
                "What the ledger was before, as number of entries and root; may be repeated.", valueName: "entries:root"
            ))
        var earlier: [EarlierHead] = []

        func run() throws {
            let configuration = try configuration.load()
            let ledger = try Ledger(path: configuration.state, dock: configuration.dock, readOnly: true)
            let result = try ledger.verify(earlier: earlier.map(\.head)) { done, total in
                if done % 100_000 == 0, done < total { Console.warn("\(done) of \(total) entries checked") }
            }
            for remark in result.remarks { Console.say("remark: \(remark)") }
            for problem in result.problems { Console.say("problem: \(problem)") }
            let unnamed = result.problemCount - result.problems.count
            if unnamed > 0 { Console.say("and \(unnamed) more problems") }
            let head = "\(result.entries) entries, root \(result.root)"
            guard result.isWhole else {
                Console.say("\(head): NOT whole")
                Console.warn(
                    "bodydock: keep a copy of \(ledger.path) as it is, and erase nothing by hand until this is explained"
                )
                throw ExitCode(1)
            }
            Console.say("\(head): whole")
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
