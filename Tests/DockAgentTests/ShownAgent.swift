import DockSystem
import DockTestSupport
import Foundation
import Logging
import Synchronization

@testable import DockAgent
@testable import DockCore

/// An agent that shows what the test says, with both of its sockets, in `run` of a folder.
final class ShownAgent: Sendable {
    let folder: TemporaryFolder
    let agent: Agent
    private let shown: Shown
    private let sockets: [ControlSocket]
    private let isOver = StopFlag()
    private let threads: [Worker]

    /// What it says when it is asked.
    private final class Shown: Sendable {
        let status = Mutex(ShownAgent.status(0))
    }

    var control: String { folder.at("run/control.socket") }
    var status: String { folder.at("run/status.socket") }

    init(in folder: TemporaryFolder? = nil) throws {
        let folder = try folder ?? TemporaryFolder()
        let configuration = Configuration(
            dock: "test", state: folder.at("state"),
            spool: Configuration.Spool(path: folder.at("spool"), keepFree: 0), recipients: [], vaults: [],
            release: ReleasePolicy(require: .all, erase: .now))
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let agent = try Agent(resources: DockResources(configuration: configuration, profiles: []), log: log)
        let sockets = [
            try ControlSocket(agent, at: folder.at("run/control.socket")),
            try ControlSocket(
                agent, at: folder.at("run/status.socket"), for: .viewers(group: "no-such-group-here")),
        ]
        (self.folder, self.agent, self.sockets) = (folder, agent, sockets)
        let shown = Shown()
        self.shown = shown
        var threads = sockets.map { socket in Worker("control") { socket.run() } }
        threads.append(
            Worker("agent") { [isOver] in
                while !isOver.isSet {
                    var polls = [pollfd(fd: agent.mailbox.descriptor, events: Int16(POLLIN), revents: 0)]
                    guard poll(&polls, 1, -1) > 0 else { continue }
                    for case .ask(let request, let reply) in agent.mailbox.takeAll() {
                        let isAsked = request == .status || request == .watch
                        reply(isAsked ? .status(shown.status.withLock { $0 }) : .done)
                    }
                }
            })
        self.threads = threads
    }

    /// A dock with a worn camera, of which so many bytes were read.
    static func status(_ bytes: Int64) -> DockStatus {
        let now = Instant(seconds: 1_800_000_000 + bytes)
        return DockStatus(
            dock: "test", agent: "1", since: Instant(seconds: 1_800_000_000), now: now,
            bays: [
                BayStatus(
                    bay: "1", state: .reading, seconds: Double(bytes), reasons: [], camera: "BWC1", wearer: "4711",
                    progress: WorkProgress(bytes: bytes, total: 1000), ports: [], steps: [])
            ], spool: SpoolStatus(undelivered: 0, freeBytes: bytes, keepFree: 0), vaults: [], isStopping: false)
    }

    func show(_ bytes: Int64) { show(ShownAgent.status(bytes)) }

    func show(_ status: DockStatus) {
        shown.status.withLock { $0 = status }
        agent.feed.publish(status)
    }

    deinit {
        isOver.set()
        agent.stop()
        sockets.forEach { $0.close() }
        threads.forEach { $0.join() }
    }
}
