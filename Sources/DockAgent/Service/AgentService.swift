import DockCore
import DockSystem
import Logging
import ServiceLifecycle

/// The agent as a service: its thread is none of Swift's cooperative pool, and it ends when the group does.
public struct AgentService: Service {
    private let agent: Agent

    /// Runs this agent.
    public init(_ agent: Agent) { self.agent = agent }

    /// Returns when the agent has stopped.
    public func run() async throws {
        try await withGracefulShutdownHandler {
            try await AgentService.onThread("agent") { [agent] in try agent.run() }
        } onGracefulShutdown: { [agent] in
            agent.stop()
        }
    }

    /// Runs `body` on a thread of its own.
    static func onThread(_ name: String, _ body: @escaping @Sendable () throws -> Void) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            _ = Worker(name) { continuation.resume(with: Result { try body() }) }
        }
    }
}

/// The control socket as a service.
public struct ControlService: Service {
    private let socket: ControlSocket

    /// Runs this socket.
    public init(_ socket: ControlSocket) { self.socket = socket }

    /// Returns when the socket is closed.
    public func run() async throws {
        try await withGracefulShutdownHandler {
            try await AgentService.onThread("control") { [socket] in socket.run() }
        } onGracefulShutdown: { [socket] in
            socket.close()
        }
    }
}
