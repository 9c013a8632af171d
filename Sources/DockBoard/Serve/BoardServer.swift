import DockCore
import DockSystem
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix

/// Serves the board over HTTP/1.1, to this machine alone. It knows what ``BoardFeed`` tells it and nothing else.
public struct BoardServer: Sendable {
    /// Connections at the same time; further ones wait to be taken.
    static let mostConnections = 512
    /// Time without a request after which a connection is let go.
    static let idleTimeout = TimeAmount.seconds(30)
    /// Time between two looks at what only time changes.
    static let tick = Duration.seconds(10)

    private let feed: BoardFeed
    private let streams: EventStreams
    private let server: Server<HTTP1Channel>

    /// Reads the token.
    /// - Parameters:
    ///   - settings: where to listen, and for whom.
    ///   - feed: what to show.
    ///   - ask: asks the agent, and waits for the answer; on one thread.
    ///   - ready: called with the port once it listens.
    public init(
        _ settings: BoardSettings, feed: BoardFeed,
        ask: @escaping @Sendable (DutyQuestion) throws(DockError) -> DutyAnswer, log: Logger,
        ready: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws(DockError) {
        self.feed = feed
        streams = EventStreams(feed)
        let token = try settings.token.map { name throws(DockError) in try BoardSecret.token(name) }
        let responder = BoardResponder(
            feed: feed, streams: streams, duty: DutyPages(feed: feed, clerk: DutyClerk(ask)),
            access: try Access(names: settings.names, token: token),
            language: settings.language)
        var quiet = log
        quiet.logLevel = .warning
        server = Server(
            childChannelSetup: HTTP1Channel(
                responder: { request, writer, channel in
                    let response = await responder.respond(to: request, channel: channel)
                    try await writer.write(response: response.head, body: response.body)
                }, configuration: BoardServer.limits),
            configuration: ServerConfiguration(
                address: .hostname(settings.listen.address, port: settings.listen.port), backlog: 128,
                availableConnectionsDelegate: MaximumAvailableConnections(BoardServer.mostConnections, logger: quiet)),
            onServerRunning: { channel in ready(channel.localAddress?.port ?? settings.listen.port) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: quiet)
    }

    /// Serves until ``close()``.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { [server] in try await server.run() }
            group.addTask { [feed, streams] in
                while true {
                    try await Task.sleep(for: BoardServer.tick)
                    feed.tick()
                    streams.sweep()
                }
            }
            group.addTask { [feed] in for await _ in feed.changes() {} }
            try await group.next()
        }
    }

    /// Ends what is under way.
    public func close() { feed.close() }

    private static let limits = HTTP1Channel.Configuration(
        idleTimeout: idleTimeout,
        httpDecoderConfiguration: .init(maxHeaderFieldSize: 8192, maxHeaderListSize: 16_384, maxHeaderFieldCount: 64))
}
