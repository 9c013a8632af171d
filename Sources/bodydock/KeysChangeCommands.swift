import ArgumentParser
import DockAgent
import DockCore
import DockLedger
import DockSeal
import DockSystem

/// `bodydock keys list`: who the dock is to others.
struct KeysListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Print the dock's public keys, as a file of allowed signers for ssh-keygen.",
        discussion: """
            One line for each key that may have signed, with the time in which it counts. Lines that begin with '#' say the key \
            in the form for checkpoints, what was revoked, and for whom footage was sealed since when. On a new dock the key is made.

            Exit status: 0 printed, 1 not, 64 usage, 78 configuration.
            """)

    @OptionGroup var configuration: ConfigurationOption

    func run() throws {
        try configuration.run { settings throws(DockError) in
            let ledger = try KeysCommand.ledger(settings)
            for key in try ledger.keys() { try say(key, settings) }
            for (since, recipients) in try ledger.recipients() {
                Console.say("# recipients since \(since): \(recipients.joined(separator: " "))")
            }
        }
    }

    private func say(_ known: KnownKey, _ settings: Configuration) throws(DockError) {
        guard let key = SSHPublicKey(known.adopted.key) else { return }
        if let revoked = known.revoked {
            return Console.say(
                "# revoked \(revoked.at): \(try key.fingerprint): \(StatusText.printable(revoked.reason))")
        }
        Console.say(
            AllowedSigner(
                principal: settings.dock, namespaces: DockSigner.Purpose.allCases.map(\.rawValue),
                validAfter: known.since, validBefore: known.until, key: key
            ).description)
        Console.say("# \(try NoteKey(name: known.adopted.origin, key: key).verifierKey)")
    }
}

/// `bodydock keys rotate`.
struct KeysRotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Make a new signing key, for which the one in force signs.",
        discussion: """
            The hand-over is written to the ledger; then the new key takes the place of the old one, which is destroyed. With \
            'dock.key' in the configuration, name the file of the new key with --to, and let 'dock.key' name it afterwards. \
            Then reload the agent, and give 'bodydock keys list' to everybody who checks signatures.

            Exit status: 0 done, 1 not, 64 usage, 78 configuration.
            """)

    @OptionGroup var configuration: ConfigurationOption

    @Option(help: ArgumentHelp("Days for which both keys count.", valueName: "days"))
    var overlap = 30

    @Option(help: ArgumentHelp("The file of the new key; made if it is not there.", valueName: "file"))
    var to: String?

    func validate() throws {
        guard (0...3650).contains(overlap) else { throw ValidationError("--overlap takes 0 to 3650 days.") }
    }

    func run() throws {
        try configuration.run { settings throws(DockError) in
            let key = try KeysCommand.change(settings).rotate(
                to: to, overlap: Double(overlap) * 86_400, at: WallClock.now())
            Console.say("the dock's new key: \(key), \(try key.fingerprint)")
            KeysCommand.sayWhatFollows(to: to)
        }
    }
}

/// `bodydock keys revoke`.
struct KeysRevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Say that a signing key must not be believed any more.",
        discussion: """
            Nothing is signed with it from then on. If it is the key in force, a new one takes its place at once, for which it does \
            not sign: who stole it could do so too. Exit status: 0 done, 1 not, 64 usage, 78 configuration.
            """)

    @OptionGroup var configuration: ConfigurationOption

    @Option(help: "Why; it is written to the ledger.") var reason: String

    @Option(help: ArgumentHelp("The file of the new key; made if it is not there.", valueName: "file"))
    var to: String?

    @Argument(help: "The key, as 'ssh-ed25519 AAAA…' or its fingerprint 'SHA256:…'.") var key: String

    func run() throws {
        try configuration.run { settings throws(DockError) in
            let known = try KeysCommand.ledger(settings).keys().compactMap { SSHPublicKey($0.adopted.key) }
            var found: SSHPublicKey?
            for one in known {
                let fingerprint = try one.fingerprint
                if [one.description, fingerprint].contains(key) { found = one }
            }
            guard let found else {
                throw DockError(
                    .notFound, "cannot revoke a key", at: key, because: "the dock never had this key",
                    next: "see 'bodydock keys list'")
            }
            let new = try KeysCommand.change(settings).revoke(found, reason: reason, to: to, at: WallClock.now())
            Console.say("revoked: \(try found.fingerprint)")
            guard let new else { return }
            Console.say("the dock's new key: \(new), \(try new.fingerprint)")
            KeysCommand.sayWhatFollows(to: to)
        }
    }
}

extension KeysCommand {
    /// The ledger, which knows the key in force.
    static func ledger(_ settings: Configuration) throws(DockError) -> Ledger {
        do throws(DockError) {
            let ledger = try Ledger(path: settings.state, dock: settings.dock, readOnly: true)
            if try !ledger.keys().isEmpty { return ledger }
        } catch  where error.code == .notFound {}
        let ledger = try Ledger(path: settings.state, dock: settings.dock, readOnly: false)
        _ = try KeyRegister(ledger: ledger, configuration: settings).settle(at: WallClock.now())
        return ledger
    }

    static func change(_ settings: Configuration) throws(DockError) -> KeyChange {
        let ledger = try Ledger(path: settings.state, dock: settings.dock, readOnly: false)
        let signer = try KeyRegister(ledger: ledger, configuration: settings).settle(at: WallClock.now()).signer
        return KeyChange(
            ledger: ledger, signer: signer,
            file: DockKeyFile(configured: settings.signingKey, state: settings.state))
    }

    static func sayWhatFollows(to file: String?) {
        if let file { Console.warn("let 'dock.key' of the configuration name \(file)") }
        Console.warn("reload the agent, and give 'bodydock keys list' to everybody who checks the dock's signatures")
    }
}
