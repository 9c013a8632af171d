import ArgumentParser
import DockAgent
import DockCore
import Foundation

/// `bodydock alarms`: what a person must see to.
struct AlarmsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alarms",
        abstract: "List what a person must see to, or take note of one of them.",
        discussion: """
            An alarm is raised once, and is over when its cause is gone; taking note of it says who knows.

            Exit status: 0 there is none, or it was taken note of; 2 there are some, or no such alarm is open; 1 no agent can be asked.
            """)

    @OptionGroup var configuration: ConfigurationOption

    @Option(help: ArgumentHelp("Take note of this alarm, as the list names it.", valueName: "alarm"))
    var acknowledge: String?

    @Option(help: ArgumentHelp("Who takes note of it: a badge, or the name of an account.", valueName: "name"))
    var by: String?

    func validate() throws {
        if let acknowledge, Alarm.Key(text: acknowledge) == nil {
            throw ValidationError("--acknowledge takes the name of an alarm, such as vaultDown:archive.")
        }
        if let by, !CameraIdentity.isName(by) { throw ValidationError("--by takes 1 to 64 of A-Z a-z 0-9 . _ -.") }
    }

    func run() throws {
        let settings = try configuration.load()
        let isDone: Bool
        do throws(DockError) {
            if let key = acknowledge.flatMap({ Alarm.Key(text: $0) }) {
                isDone = try takeNote(of: key, settings)
            } else {
                isDone = try list(settings)
            }
        } catch {
            Console.complain(error)
            throw ExitCode.failure
        }
        if !isDone { throw ExitCode.held }
    }

    /// - Returns: whether there is none.
    private func list(_ settings: Configuration) throws(DockError) -> Bool {
        guard let status = try AgentQuestion.status(settings) else {
            throw DockError(
                .unreachable, "cannot list the alarms", at: settings.agent.socket, because: "no agent runs",
                next: "start it: systemctl start bodydock")
        }
        DockStatusText.lines(of: status.alarms).map(StatusText.printable).forEach(Console.say)
        return status.alarms.isEmpty
    }

    /// - Returns: whether there was such an alarm.
    private func takeNote(of key: Alarm.Key, _ settings: Configuration) throws(DockError) -> Bool {
        let who = by ?? (CameraIdentity.isName(NSUserName()) ? NSUserName() : "somebody")
        let reply = try ControlConnection(settings.agent.socket).ask(.acknowledge(key, by: who))
        guard case .refused(let why) = reply else { return true }
        Console.warn("bodydock: refused: \(why)")
        return false
    }
}
