import DockCore
import DockSystem
import Foundation
import Glibc

/// Asks a running agent over its control socket.
public final class ControlConnection: Sendable {
    private let client: ControlClient
    private let path: String

    /// Connects.
    /// - Throws: ``DockError/Code/notFound`` or ``DockError/Code/unreachable`` if no agent runs there; ``DockError/Code/refused`` if
    ///   this user may not ask it.
    public init(_ path: String) throws(DockError) {
        self.path = path
        guard let address = UnixAddress(path) else {
            throw DockError(
                .configuration, "cannot ask the agent", at: path, because: "its socket's path is too long",
                next: "set agent.runtime to a shorter path")
        }
        do throws(Errno) {
            let number = try retrying {
                Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            }
            client = ControlClient(Descriptor(owning: number))
            try retrying { address.with { connect(number, $0, $1) } }
        } catch {
            throw error.error(
                "cannot ask the agent", at: path,
                next: "start it (systemctl start bodydock), and ask as a member of the group bodydock")
        }
        client.limit(seconds: 30)
    }

    /// Asks, and waits for the answer.
    public func ask(_ request: ControlRequest) throws(DockError) -> ControlReply {
        do {
            guard client.send(try request.line), let line = client.line(longest: 16 << 20) else { throw ended }
            return try ControlReply(Data(line))
        } catch let error as DockError {
            throw error
        } catch {
            throw DockError(
                .malformed, "cannot ask the agent", at: path, because: "its answer cannot be read: \(error)",
                next: "use the program of the agent's version")
        }
    }

    private var ended: DockError {
        DockError(
            .unreachable, "cannot ask the agent", at: path, because: "it ended the connection",
            next: "look at its journal, and ask again", isPassing: true)
    }
}
