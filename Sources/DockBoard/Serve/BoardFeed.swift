import DockCore
import DockSystem
import NIOCore
import Synchronization

/// What the board knows, and everybody who is told when that changes. What is sent is made once for all who show the same.
public final class BoardFeed: Sendable {
    /// The page at one moment, in one language.
    struct Edition: Sendable {
        let version: Int
        let parts: BoardParts
    }

    /// What is known, as one line of JSON and as an event, shared by all who are sent it.
    struct Report: Sendable {
        /// Grows with each that says something else.
        let number: Int
        let line: String
        let event: ByteBuffer

        fileprivate init(number: Int, line: String) {
            self.number = number
            self.line = line
            event = ServerEvent.event("status", line)
        }
    }

    private struct Step: Hashable {
        let language: HandoverSettings.Language
        let from: Int
    }

    private struct State {
        var status: DockStatus?
        var lostSince: Instant?
        var version = 0
        var editions: [HandoverSettings.Language: Edition] = [:]
        var frames: [Step: ByteBuffer] = [:]
        /// The last one that was made, and whether it still holds.
        var report: Report?
        var isReportCurrent = false
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        var nextListener = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> Instant
    let clock: LocalClock

    /// - Parameters:
    ///   - now: the dock's clock.
    ///   - clock: what its local time is.
    public init(now: @escaping @Sendable () -> Instant, clock: LocalClock) {
        self.now = now
        self.clock = clock
    }

    // MARK: What is known

    /// The dock shows this now.
    public func show(_ status: DockStatus) {
        change { state in
            state.status = status.withoutPeople
            state.lostSince = nil
        }
    }

    /// Nothing is heard of the dock any more.
    public func lose() {
        let now = now()
        change { $0.lostSince = $0.lostSince ?? now }
    }

    /// Time has passed: what is shown of it follows.
    func tick() { change { _ in } }

    /// What is known now.
    var moment: BoardMoment {
        let now = now()
        return state.withLock { BoardMoment(status: $0.status, lostSince: $0.lostSince, now: now) }
    }

    private func change(_ body: (inout State) -> Void) {
        let listeners = state.withLock { state in
            body(&state)
            state.version += 1
            state.editions = [:]
            state.frames = [:]
            state.isReportCurrent = false
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.yield() }
    }

    // MARK: Those who listen

    /// Comes once at first, and then whenever something changed since it came last.
    func changes() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state -> Int? in
            guard !state.isClosed else { return nil }
            state.nextListener += 1
            state.listeners[state.nextListener] = continuation
            return state.nextListener
        }
        guard let number else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [self] _ in
            _ = state.withLock { $0.listeners.removeValue(forKey: number) }
        }
        continuation.yield()
        return stream
    }

    /// How many listen.
    var listeners: Int { state.withLock { $0.listeners.count } }

    /// Ends all that is under way.
    func close() {
        let listeners = state.withLock { state in
            state.isClosed = true
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.finish() }
    }

    // MARK: What is sent

    /// The page now.
    func edition(_ language: HandoverSettings.Language) -> Edition {
        let now = now()
        return state.withLock { edition(language, &$0, now) }
    }

    /// The page now, and an event with what a browser that shows `older` has to replace; nil if that is nothing.
    func frame(_ language: HandoverSettings.Language, since older: Edition) -> (edition: Edition, event: ByteBuffer?) {
        let now = now()
        return state.withLock { state in
            let edition = edition(language, &state, now)
            let step = Step(language: language, from: older.version)
            if let known = state.frames[step] { return (edition, known) }
            let changes = edition.parts.changes(since: older.parts)
            guard !changes.isEmpty else { return (edition, nil) }
            let event = ServerEvent.parts(changes)
            state.frames[step] = event
            return (edition, event)
        }
    }

    /// What is known now, for programs.
    var report: Report {
        let now = now()
        return state.withLock { state in
            if state.isReportCurrent, let known = state.report { return known }
            let moment = BoardMoment(status: state.status, lostSince: state.lostSince, now: now)
            let line = ServerEvent.json(StatusReport(moment))
            state.isReportCurrent = true
            // What says the same is the same: it need not be told again.
            if let known = state.report, known.line == line { return known }
            let report = Report(number: (state.report?.number ?? 0) + 1, line: line)
            state.report = report
            return report
        }
    }

    private func edition(_ language: HandoverSettings.Language, _ state: inout State, _ now: Instant) -> Edition {
        if let known = state.editions[language] { return known }
        let moment = BoardMoment(status: state.status, lostSince: state.lostSince, now: now)
        let edition = Edition(
            version: state.version, parts: BoardParts(moment, .of(language), clock: clock))
        state.editions[language] = edition
        return edition
    }
}
