import ArgumentParser
import DockCore
import DockSeal
import Foundation

/// `bodydock unseal`: opens a sealed segment, or any age file for an X25519 recipient.
struct UnsealCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unseal",
        abstract: "Open a sealed segment with an age identity.",
        discussion: """
            OUT appears only when all of SEALED proved authentic; an existing OUT is never touched. Without -o the plaintext \
            goes to standard output as it is read: throw it away if the exit status is not 0.

            Exit status: 0 opened, 1 not opened, 64 wrong usage.
            """)

    @Option(
        name: .long,
        help: ArgumentHelp("A file with AGE-SECRET-KEY-1… lines (mode 0600). May be repeated.", valueName: "file"))
    var identity: [String]

    @Option(name: .customShort("o"), help: ArgumentHelp("Where the plaintext goes.", valueName: "out"))
    var output: String?

    @Argument(help: "The sealed file.")
    var sealed: String

    func run() throws {
        // A reader that goes away is an error like any other, not a silent end.
        signal(SIGPIPE, SIG_IGN)
        do throws(DockError) {
            var identities: [AgeIdentity] = []
            for file in identity { identities += try AgeIdentity.load(file: file) }
            try Unsealing.open(path: sealed, with: identities, to: output.map(Unsealing.Output.file) ?? .standardOutput)
        } catch {
            Console.complain(error)
            throw ExitCode.failure
        }
    }
}
