import ArgumentParser
import DockAgent
import DockConfig
import DockCore
import DockSystem

/// `bodydock offload`: the main job for one camera whose volume is mounted, or that is a folder.
struct OffloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "offload",
        abstract: "Take in the camera mounted at PATH: verify, seal, deliver, and empty it.",
        discussion: """
            Exit status: 0 released (everything is safe; the camera is emptied, or kept as asked), 2 held (the footage is kept \
            on the camera; reasons are printed), 3 delivery incomplete (safe to run again), 64 usage, 78 configuration.
            """)

    @OptionGroup var configuration: ConfigurationOption

    @Flag(help: "Print each step as a line of JSON.")
    var json = false

    @Flag(help: "Leave the footage on the camera, whatever the policy says.")
    var keep = false

    @Argument(help: "Where the camera's volume is mounted.", completion: .directory)
    var path: String

    func run() throws {
        let settings = try configuration.load()
        let printer: any OffloadPrinter = json ? JSONPrinter() : TextPrinter()
        do {
            let profiles = try configuration.profiles(settings)
            try ProcessGuard.keepMemoryPrivate()
            let resources = try DockResources(configuration: settings, profiles: profiles)
            let result = try Offload(resources: resources, keep: keep) { printer.show($0) }.run(path)
            if let status = result.outcome.exitCode { throw status }
        } catch let error as DockError {
            printer.end()
            Console.complain(error)
            throw error.exitCode
        }
    }
}

extension DockingOutcome {
    /// The exit status that stands for it; nil for success.
    fileprivate var exitCode: ExitCode? {
        switch self {
        case .emptied, .kept: nil
        case .held: .held
        case .incomplete, .interrupted, .cooling: .incomplete
        }
    }
}

extension DockError {
    /// A run that ended before a docking was decided: nothing was erased. What may pass by itself is 3, the rest 2.
    fileprivate var exitCode: ExitCode {
        switch code {
        case .configuration: .configuration
        default: isPassing ? .incomplete : .held
        }
    }
}
