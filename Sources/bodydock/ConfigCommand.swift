import ArgumentParser
import DockAgent
import DockConfig
import DockCore

/// `bodydock config`: what the administrator writes.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Work with the configuration.", subcommands: [ConfigCheckCommand.self])
}

/// `bodydock config check`: every mistake at once, each with its place.
struct ConfigCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a configuration, with the profiles it leads to, or one camera profile.",
        discussion: """
            Prints every mistake as 'file:line:column: what is wrong; allowed: what is right'. \
            Exit status: 0 there is none, 64 usage, 78 there are mistakes.
            """)

    @Flag(help: "The file is a camera profile.")
    var profile = false

    @Argument(help: "The file to check.", completion: .file(extensions: ["yaml"]))
    var file = "/etc/bodydock/bodydock.yaml"

    func run() throws {
        do {
            Console.say(try profile ? checkProfile() : checkConfiguration())
        } catch let error as DockError {
            Console.complain(error)
            throw ExitCode.configuration
        }
    }

    private func checkProfile() throws -> String {
        let profile = try ConfigurationOption.complaining { () throws(ConfigurationMistakes) in
            try ProfileFile.read(file)
        }
        return "\(file): in order: profile \(profile.name), \(profile.summary)"
    }

    private func checkConfiguration() throws -> String {
        let settings = try ConfigurationOption.complaining { () throws(ConfigurationMistakes) in
            try ConfigurationFile.read(file) { ConfigurationOption.objection(to: $0) }
        }
        let profiles = try ConfigurationOption.profiles(settings)
        if settings.recipients.contains(ConfigurationFile.exampleRecipient) {
            Console.warn("\(file): the recipient is the example's, and nobody has its key: replace it before use")
        }
        if let warning = settings.recipientWarning { Console.warn("\(file): \(warning)") }
        let vaults = settings.vaults.map(\.name).joined(separator: ", ")
        return "\(file): in order: dock \(settings.dock), vaults: \(vaults), recipients: \(settings.recipients.count), "
            + "camera profiles: \(profiles.map(\.name).joined(separator: ", "))"
    }
}
