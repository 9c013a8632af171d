import ArgumentParser
import DockAgent
import DockBoard
import DockCore
import DockSystem
import Glibc
import Logging

/// `bodydock board`: the page on the wall, the API and the metrics.
struct BoardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "board",
        abstract: "Serve the board: a page that shows the dock, an API, and metrics (docs/board.md).",
        discussion: """
            A process of its own, which only asks the agent how the dock is. It runs until SIGTERM, with the agent or without it. A \
            changed configuration or token needs a restart.

            Exit status: 0 ended as asked, 1 it cannot go on, 64 usage, 78 configuration.
            """)

    @OptionGroup var configuration: ConfigurationOption

    func run() throws {
        ServiceSignals.hold()
        let settings = try configuration.load()
        do throws(DockError) {
            LoggingSystem.bootstrap { _ in JournalLogHandler() }
            try serve(settings)
        } catch {
            Console.complain(error)
            throw error.code == .configuration ? ExitCode.configuration : ExitCode.failure
        }
    }

    private func serve(_ settings: Configuration) throws(DockError) {
        let log = Logger(label: "board")
        let feed = BoardFeed(now: WallClock.now, clock: .system)
        let place = settings.board.listen
        let socket = settings.agent.statusSocket
        let ask: @Sendable (DutyQuestion) throws(DockError) -> DutyAnswer = { question throws(DockError) in
            try question.answer(by: socket)
        }
        let server = try BoardServer(settings.board, feed: feed, ask: ask, log: log) { port in
            log.notice("the board is at http://\(SocketPlace(address: place.address, port: port))/")
        }
        ServiceSignals.answer { request in
            guard request == .stop else { return }
            server.close()
            // Connections that do not end by then are cut off: they have nothing to lose.
            sleep(3)
            Glibc.exit(0)
        }
        let watch = AgentWatch(socket: socket, feed: feed, log: log)
        _ = Worker("agent") { watch.run() }
        let end = BoundedQueue<String>(capacity: 1)
        Task {
            do {
                try await server.run()
                end.send("")
            } catch {
                end.send("\(error)")
            }
        }
        guard let why = end.receive(), !why.isEmpty else { return log.notice("the board ends") }
        throw DockError(
            .unreachable, "cannot serve the board", at: place.description, because: why,
            next: "free the port, or set board.listen to an address of this machine and another port")
    }
}

/// Listens to the agent, as long as the process lives; what it says goes to the feed.
private struct AgentWatch: Sendable {
    let socket: String
    let feed: BoardFeed
    let log: Logger

    func run() {
        var isHeard: Bool?
        while true {
            do throws(DockError) {
                try ControlConnection(socket).watch { status throws(DockError) in
                    feed.show(status)
                    if isHeard != true { log.notice("the agent of dock \(status.dock) is heard") }
                    isHeard = true
                    return true
                }
            } catch {
                feed.lose()
                if isHeard != false { log.warning("the agent is not heard, and is tried again every second: \(error)") }
                isHeard = false
            }
            usleep(1_000_000)
        }
    }
}

extension DutyQuestion {
    /// Puts it to the agent at this socket, and waits for the answer.
    fileprivate func answer(by socket: String) throws(DockError) -> DutyAnswer {
        let request: ControlRequest =
            switch self {
            case .overview: .overview
            case .report(let shift, let date, let edition): .report(shift: shift, date: date, edition: edition)
            case .history: .history
            }
        switch try ControlConnection(socket).ask(request) {
        case .overview(let overview): return .overview(overview)
        case .report(let report): return .report(report)
        case .history(let days): return .history(days)
        case .refused(let why):
            throw DockError(
                .refused, "the agent does not answer this", at: socket, because: why, next: "ask for something else")
        case .status, .done:
            throw DockError(
                .malformed, "cannot ask the agent", at: socket, because: "it answered something else",
                next: "use the program of the agent's version")
        }
    }
}
