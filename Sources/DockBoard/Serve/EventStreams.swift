import DockCore
import HummingbirdCore
import NIOCore
import Synchronization

/// The event streams that are open. Each waits for its own reader and holds nothing back for it: who comes back to it finds the
/// newest. A reader that takes nothing at all for a minute is let go.
final class EventStreams: Sendable {
    /// Streams at the same time; others are asked to come later.
    static let most = 256
    /// Least time between two events of one stream: eyes need no more.
    static let pace = Duration.milliseconds(500)
    /// Time that a reader may take for one event.
    static let patience = Duration.seconds(60)

    private struct Writing {
        let channel: any Channel
        var since: ContinuousClock.Instant?
    }
    private struct State {
        var open: [Int: Writing] = [:]
        var next = 0
    }
    private let state = Mutex(State())
    private let feed: BoardFeed

    init(_ feed: BoardFeed) { self.feed = feed }

    /// A stream of what `event` makes of each change, nil for nothing; nil if there are too many streams.
    func open(_ channel: any Channel, _ event: @escaping @Sendable () -> ByteBuffer?) -> ResponseBody? {
        let number = state.withLock { state -> Int? in
            guard state.open.count < EventStreams.most else { return nil }
            state.next += 1
            state.open[state.next] = Writing(channel: channel)
            return state.next
        }
        guard let number else { return nil }
        channel.closeFuture.whenComplete { [self] _ in end(number) }
        let changes = feed.changes()
        return ResponseBody { [self] writer in
            defer { end(number) }
            try await write(ServerEvent.greeting, number, &writer)
            for await _ in changes {
                try await write(event() ?? ServerEvent.heartbeat, number, &writer)
                try await Task.sleep(for: EventStreams.pace)
            }
            try await writer.finish(nil)
        }
    }

    /// Lets go those who take nothing.
    func sweep() {
        let late = ContinuousClock.now - EventStreams.patience
        let stuck = state.withLock { state in
            state.open.values.filter { $0.since.map { $0 < late } ?? false }.map(\.channel)
        }
        for channel in stuck { channel.close(promise: nil) }
    }

    /// How many are open.
    var count: Int { state.withLock { $0.open.count } }

    private func write(_ event: ByteBuffer, _ number: Int, _ writer: inout any ResponseBodyWriter) async throws {
        state.withLock { $0.open[number]?.since = .now }
        try await writer.write(event)
        state.withLock { $0.open[number]?.since = nil }
    }

    private func end(_ number: Int) { state.withLock { _ = $0.open.removeValue(forKey: number) } }
}
