import DockCore
import DockSystem
import Foundation
import Glibc
import Logging
import Synchronization

/// The socket over which people ask the agent: a Unix stream socket (mode 0660) that answers each line with a line.
public final class ControlSocket: Sendable {
    /// A request is short.
    private static let longestLine = 4096
    /// People who ask at the same time.
    private static let mostClients = 32
    /// Seconds after which a client that says nothing is let go.
    private static let patience = 30

    private let agent: Agent
    private let listener: Descriptor
    private let path: String
    private let clients = Atomic<Int>(0)

    /// Begins to listen at `path`; what an agent before this one left there is removed.
    public init(_ agent: Agent, at path: String) throws(DockError) {
        self.agent = agent
        self.path = path
        guard let address = UnixAddress(path) else {
            throw DockError(
                .configuration, "cannot open the control socket", at: path, because: "its path is too long",
                next: "set agent.runtime to a shorter path")
        }
        do throws(Errno) {
            if let slash = path.lastIndex(of: "/") { try Folder.create(String(path[..<slash]), mode: 0o750) }
            let number = try retrying {
                Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            }
            listener = Descriptor(owning: number)
            unlink(path)
            // Nobody may connect before the mode is right.
            let mask = umask(0o117)
            defer { umask(mask) }
            try retrying { address.with { bind(number, $0, $1) } }
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
            let reply =
                ControlRequest(line).map { agent.ask($0) }
                ?? .refused(
                    "this is no request: {\"ask\": \"status\"}, retry, release or hold, with \"bay\"; acknowledge, with \"alarm\" and \"by\""
                )
            do {
                guard client.send(try reply.line) else { return }
            } catch {
                return agent.log.error("cannot answer over the control socket: \(error)")
            }
        }
    }
}

/// One end of a connection that speaks in lines.
final class ControlClient: Sendable {
    private let socket: Descriptor
    private let rest = Mutex<[UInt8]>([])

    init(_ socket: consuming Descriptor) { self.socket = socket }

    /// Gives up reads and writes that take longer.
    func limit(seconds: Int) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            _ = setsockopt(socket.number, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    /// The next line without its end; nil if there is none, or it is too long.
    func line(longest: Int) -> [UInt8]? {
        rest.withLock { rest in
            while true {
                if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    guard end <= longest else { return nil }
                    let line = Array(rest[..<end])
                    rest.removeFirst(end + 1)
                    return line
                }
                guard rest.count < longest else { return nil }
                var piece = [UInt8](repeating: 0, count: 16_384)
                let count = read(socket.number, &piece, piece.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return nil }
                rest += piece.prefix(count)
            }
        }
    }

    /// Sends a line; false if the other end is gone.
    func send(_ line: Data) -> Bool {
        let bytes = Array(line) + [UInt8(ascii: "\n")]
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    socket.number, buffer.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}
