import ArgumentParser
import DockConfig
import DockCore
import DockLedger
import DockSeal

/// `--config FILE`, and what it leads to.
struct ConfigurationOption: ParsableArguments {
    @Option(
        name: .customLong("config"), help: ArgumentHelp("The configuration.", valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var file = "/etc/bodydock/bodydock.yaml"

    /// The configuration; all its mistakes are printed, and the program ends with 78, if it has any.
    ///
    /// The recipient of the example counts as one: nobody has its key, so footage sealed for it is lost.
    func load() throws -> Configuration {
        try ConfigurationOption.complaining { () throws(ConfigurationMistakes) in
            try ConfigurationFile.read(file) { text in
                text == ConfigurationFile.exampleRecipient
                    ? "it is the example's, and nobody has its key" : ConfigurationOption.objection(to: text)
            }
        }
    }

    /// Does something with the configuration; an error is printed, and ends the program with 1.
    func run(_ body: (Configuration) throws(DockError) -> Void) throws {
        let settings = try load()
        do throws(DockError) { try body(settings) } catch {
            Console.complain(error)
            throw ExitCode.failure
        }
    }

    /// The profiles of the folders that the configuration names, and the shipped ones; mistakes as in ``load()``.
    func profiles(_ configuration: Configuration) throws -> [CameraProfile] {
        try ConfigurationOption.profiles(configuration)
    }

    static func profiles(_ configuration: Configuration) throws -> [CameraProfile] {
        let shipped = try ProfileLibrary.shippedFolder()
        return try complaining { () throws(ConfigurationMistakes) in
            try ProfileLibrary.load(folders: configuration.profileFolders + [shipped])
        }
    }

    /// What is wrong with a recipient, by the code that seals for it; nil if nothing is.
    static func objection(to recipient: String) -> String? {
        do throws(DockError) {
            _ = try AgeRecipient(recipient)
            return nil
        } catch {
            return error.why
        }
    }

    /// Turns mistakes into lines on standard error and exit status 78.
    static func complaining<Value>(_ body: () throws(ConfigurationMistakes) -> Value) throws -> Value {
        do throws(ConfigurationMistakes) {
            return try body()
        } catch {
            for mistake in error.all { Console.warn(mistake.description) }
            throw ExitCode.configuration
        }
    }
}

extension Configuration {
    /// Signs for this dock; its key is made if there is none yet.
    func signer() throws(DockError) -> DockSigner {
        DockSigner(
            dock: dock, origin: origin, key: try DockKeyFile(configured: signingKey, state: state).loadOrMake())
    }

    /// Keys that may have signed for this dock: those of a file of allowed signers, or else what its ledger says.
    func keys(signers: String?) throws(DockError) -> [SSHPublicKey] {
        if let signers { return try AllowedSigner.keys(of: signers) }
        return try Ledger(path: state, dock: dock, readOnly: true).keys()
            .filter { $0.revoked == nil }.compactMap { SSHPublicKey($0.adopted.key) }
    }
}
