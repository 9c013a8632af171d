import ArgumentParser
import DockAgent
import DockCore

/// `bodydock release BAY`: empties and hands back a camera that was kept, or ends a person's hold.
struct ReleaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Empty and release the camera in a bay that was kept, or that a person held.",
        discussion:
            "A camera that is held for what was found on it is never emptied this way. Exit status: 0 begun, 2 refused."
    )

    @OptionGroup var configuration: ConfigurationOption
    @Argument(help: "Name of the bay.") var bay: String

    func run() throws { try AgentQuestion.order(.release(bay: bay), configuration) }
}

/// `bodydock retry [BAY]`: tries again what did not work.
struct RetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Look again at cameras that are held, refused, incomplete or failed: in one bay, or in all.")

    @OptionGroup var configuration: ConfigurationOption
    @Argument(help: "Name of the bay; all if it is left out.") var bay: String?

    func run() throws { try AgentQuestion.order(.retry(bay: bay), configuration) }
}

/// Questions to the running agent.
enum AgentQuestion {
    /// Has the agent do something; a refusal is printed, and ends the program with 2.
    static func order(_ command: BayCommand, _ option: ConfigurationOption) throws {
        let settings = try option.load()
        do throws(DockError) {
            let reply = try ControlConnection(settings.agent.socket).ask(.command(command))
            guard case .refused(let why) = reply else { return }
            Console.warn("bodydock: refused: \(why)")
        } catch {
            Console.complain(error)
            throw ExitCode.failure
        }
        throw ExitCode.held
    }

    /// How the dock is; nil if no agent runs.
    static func status(_ settings: Configuration) throws(DockError) -> DockStatus? {
        let connection: ControlConnection
        do throws(DockError) {
            connection = try ControlConnection(settings.agent.socket)
        } catch  where [.notFound, .unreachable].contains(error.code) {
            return nil
        }
        guard case .status(let status) = try connection.ask(.status) else { return nil }
        return status
    }
}
