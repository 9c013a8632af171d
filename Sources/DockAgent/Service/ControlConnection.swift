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

    /// An answer is a dock's status at most.
    private static let longestReply = 16 << 20

    /// Asks, and waits for the answer.
    public func ask(_ request: ControlRequest) throws(DockError) -> ControlReply {
        let sent: Bool
        do { sent = client.send(try request.line) } catch { throw unreadable(error) }
        guard sent, let line = client.line(longest: ControlConnection.longestReply) else { throw ended }
        return try read(line)
    }

    private func read(_ line: [UInt8]) throws(DockError) -> ControlReply {
        do { return try ControlReply(Data(line)) } catch { throw unreadable(error) }
    }

    private func unreadable(_ error: any Error) -> DockError {
        DockError(
            .malformed, "cannot ask the agent", at: path, because: "its answer cannot be read: \(error)",
            next: "use the program of the agent's version")
    }

    /// Has told how the dock is, now and whenever that changes (``ControlSocket/mostOften`` a second at most), and at least twice
    /// a minute. Blocks until `each` answers false.
    /// - Throws: as ``ask(_:)``; also if nothing is said for so long that the agent must hang.
    public func watch(_ each: (DockStatus) throws(DockError) -> Bool) throws(DockError) {
        client.limit(seconds: 3 * ControlSocket.heartbeat)
        var reply = try ask(.watch)
        while true {
            guard case .status(let status) = reply else { throw ended }
            guard try each(status) else { return }
            guard let line = client.line(longest: ControlConnection.longestReply) else { throw ended }
            reply = try read(line)
        }
    }

    private var ended: DockError {
        DockError(
            .unreachable, "cannot ask the agent", at: path, because: "it ended the connection",
            next: "look at its journal, and ask again", isPassing: true)
    }
}
