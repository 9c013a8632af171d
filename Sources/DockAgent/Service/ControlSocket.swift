import DockCore
import DockSystem
import Foundation
import Glibc
import Logging
import Synchronization

/// A socket over which the agent is asked: a Unix stream socket (mode 0660) that answers each line with a line.
public final class ControlSocket: Sendable {
    /// Who asks.
    public enum Audience: Sendable {
        /// Those who steer the dock: they may give orders.
        case staff
        /// Those who look: they are told how the dock is, without badges, and nothing else. The socket belongs to their group,
        /// if there is one and the agent is in it.
        case viewers(group: String)
    }

    /// How often a watcher is told of changes, in one second.
    static let mostOften = 4
    /// Seconds after which a watcher is told that nothing changed: then the agent's thread is known to work.
    static let heartbeat = 30
    /// A request is short.
    private static let longestLine = 4096
    /// People who ask at the same time.
    private static let mostClients = 32
    /// Seconds after which a client that says nothing is let go.
    private static let patience = 30

    private let agent: Agent
    private let audience: Audience
    private let listener: Descriptor
    private let path: String
    private let clients = Atomic<Int>(0)

    /// Begins to listen at `path`; what an agent before this one left there is removed.
    public init(_ agent: Agent, at path: String, for audience: Audience = .staff) throws(DockError) {
        self.agent = agent
        self.audience = audience
        self.path = path
        guard let address = UnixAddress(path) else {
            throw DockError(
                .configuration, "cannot open the control socket", at: path, because: "its path is too long",
                next: "set agent.runtime to a shorter path")
        }
        do throws(Errno) {
            if let slash = path.lastIndex(of: "/") { try Folder.create(String(path[..<slash]), mode: 0o751) }
            let number = try retrying {
                Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            }
            listener = Descriptor(owning: number)
            unlink(path)
            // Nobody may connect before the mode is right: the file gets that of the socket, less what umask(2) takes, which other threads
            // go by too.
            try retrying { fchmod(number, 0o660) }
            try retrying { address.with { bind(number, $0, $1) } }
            try retrying { chmod(path, 0o660) }
            if case .viewers(let group) = audience { ControlSocket.give(path, to: group, log: agent.log) }
            try retrying { listen(number, 16) }
        } catch {
            throw error.error(
                "cannot open the control socket", at: path, next: "make agent.runtime writable for the agent")
        }
    }

    /// Takes clients until ``close()``. Blocks.
    public func run() {
        while true {
            let connection: Descriptor
            do throws(Errno) { connection = try listener.accept() } catch {
                guard [ECONNABORTED, EMFILE, ENFILE, ENOMEM, ENOBUFS].contains(error.code) else { return }
                usleep(100_000)
                continue
            }
            guard clients.add(1, ordering: .acquiringAndReleasing).newValue <= ControlSocket.mostClients else {
                clients.subtract(1, ordering: .acquiringAndReleasing)
                continue
            }
            let client = ControlClient(connection)
            _ = Worker("control") { [self] in
                serve(client)
                clients.subtract(1, ordering: .acquiringAndReleasing)
            }
        }
    }

    /// Ends ``run()`` and removes the socket.
    public func close() {
        shutdown(listener.number, Int32(SHUT_RDWR))
        unlink(path)
    }

    private func serve(_ client: ControlClient) {
        client.limit(seconds: ControlSocket.patience)
        while let line = client.line(longest: ControlSocket.longestLine) {
            let request = ControlRequest(line).flatMap { audience.mayAsk($0) ? $0 : nil }
            if request == .watch { return watch(client) }
            guard send(request.map { agent.ask($0) } ?? audience.refusal, to: client) else { return }
        }
    }

    /// Tells a client how the dock is until it goes. What changes faster than it takes it is left out.
    private func watch(_ client: ControlClient) {
        let watch: StatusWatch
        do throws(Errno) { watch = try agent.feed.watch() } catch {
            return agent.log.error("nobody can watch the dock: \(error)")
        }
        defer { agent.feed.leave(watch) }
        var reply = agent.ask(.watch)
        while send(reply, to: client) {
            usleep(1_000_000 / useconds_t(ControlSocket.mostOften))
            if client.speaks(before: watch.descriptor, milliseconds: ControlSocket.heartbeat * 1000) { return }
            reply = watch.take().map { .status($0) } ?? agent.ask(.watch)
        }
    }

    /// False if the client is gone.
    private func send(_ reply: ControlReply, to client: ControlClient) -> Bool {
        do { return client.send(try audience.view(of: reply).line) } catch {
            agent.log.error("cannot answer over \(path): \(error)")
            return false
        }
    }

    /// Lets a group connect. Without it only the agent's own user and group can.
    private static func give(_ path: String, to group: String, log: Logger) {
        var entry = Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        var names = [CChar](repeating: 0, count: 65_536)
        guard getgrnam_r(group, &entry, &names, names.count, &found) == 0, found != nil else { return }
        if chown(path, uid_t.max, entry.gr_gid) != 0 {
            log.warning(
                "\(path) is not given to the group \(group): \(Errno.current); the agent's user must be a member of it")
        }
    }
}

extension ControlSocket.Audience {
    /// Whether this may be asked.
    fileprivate func mayAsk(_ request: ControlRequest) -> Bool {
        switch (self, request) {
        case (.staff, _), (.viewers, .status), (.viewers, .watch): true
        case (.viewers, .overview), (.viewers, .report), (.viewers, .history): true
        case (.viewers, .night), (.viewers, .look), (.viewers, .acknowledge), (.viewers, .command): false
        }
    }

    /// What is said to anything else.
    fileprivate var refusal: ControlReply {
        switch self {
        case .staff:
            .refused(
                "this is no request: {\"ask\": \"status\"}, watch, overview, history, retry, release or hold, with \"bay\"; "
                    + "report, with \"shift\" and \"date\"; acknowledge, with \"alarm\" and \"by\""
            )
        case .viewers:
            .refused(
                "this is no request here: {\"ask\": \"status\"}, watch, overview, history, or report, with \"shift\" and \"date\""
            )
        }
    }

    /// What may be told of an answer.
    fileprivate func view(of reply: ControlReply) -> ControlReply {
        guard case .viewers = self, case .status(let status) = reply else { return reply }
        return .status(status.withoutPeople)
    }
}
