import ArgumentParser
import DockAgent
import DockConfig
import DockCore
import DockDevices
import DockSystem
import Logging

/// `bodydock run`: the agent.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the agent: take in every camera that is plugged in.",
        discussion: """
            Runs until SIGTERM, which ends it within seconds; what is under way goes on at the next start. SIGHUP reads the \
            configuration anew; one with mistakes is not taken. Needs the rights to mount and to reach the disks \
            (packaging/systemd/bodydock.service gives them).

            Exit status: 0 ended as asked, 1 it cannot go on, 64 usage, 78 configuration.
            """)

    @OptionGroup var configuration: ConfigurationOption

    func run() throws {
        ServiceSignals.hold()
        let settings = try configuration.load()
        let profiles = try configuration.profiles(settings)
        do throws(DockError) {
            // Before any thread is started: each belongs to the namespace of the one that starts it.
            _ = try MountNamespace.enter()
            try ProcessGuard.keepMemoryPrivate()
            LoggingSystem.bootstrap { _ in JournalLogHandler() }
            let resources = try DockResources(configuration: settings, profiles: profiles, gates: VaultGates())
            try serve(resources)
        } catch {
            Console.complain(error)
            throw error.code == .configuration ? ExitCode.configuration : ExitCode.failure
        }
    }

    private func serve(_ resources: DockResources) throws(DockError) {
        let log = Logger(label: "bodydock")
        let agent = try Agent(resources: resources, log: log)
        let places = resources.configuration.agent
        let sockets = [
            try ControlSocket(agent, at: places.socket),
            try ControlSocket(agent, at: places.statusSocket, for: .viewers(group: "bodydock-board")),
        ]
        let reload = Reload(agent: agent, option: configuration, began: resources.configuration, log: log)
        ServiceSignals.answer { request in
            switch request {
            case .stop: agent.stop()
            case .reload: reload.run()
            }
        }
        let listeners = sockets.map { socket in Worker("control") { socket.run() } }
        defer {
            sockets.forEach { $0.close() }
            listeners.forEach { $0.join() }
            log.notice("bodydock ends")
        }
        for warning in resources.warnings { log.warning("\(warning)") }
        log.notice("bodydock \(Offload.version) takes in cameras for dock \(resources.configuration.dock)")
        try agent.run()
    }
}

/// Reads the configuration anew.
private struct Reload: Sendable {
    let agent: Agent
    let option: ConfigurationOption
    let began: Configuration
    let log: Logger

    func run() {
        do {
            let settings = try option.load()
            guard settings.state == began.state, settings.spool.path == began.spool.path,
                settings.agent == began.agent
            else {
                return log.error("the configuration is not taken: state, spool.path and agent.runtime need a restart")
            }
            let resources = try DockResources(
                configuration: settings, profiles: try option.profiles(settings), after: agent.current)
            for warning in resources.warnings { log.warning("\(warning)") }
            agent.take(resources)
            log.notice("the configuration was read anew")
        } catch {
            // Mistakes in the file were printed one by one.
            let why = error is ExitCode ? "" : "\(error); "
            log.error("the configuration is not taken, the one before stays: \(why)see 'bodydock config check'")
        }
    }
}
