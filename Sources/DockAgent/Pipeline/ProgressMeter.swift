import DockCore
import DockSystem
import Synchronization

/// How far a docking is, for whoever looks.
public struct ReadingProgress: Sendable, Equatable, Codable {
    /// Files of the plan.
    public var segments: Int
    /// Files begun.
    public var segmentsBegun: Int
    /// Bytes of the plan.
    public var bytes: Int64
    /// Bytes read.
    public var bytesRead: Int64
    /// Bytes read each second since the start.
    public var bytesPerSecond: Double
    /// Whether everything is read, as far as it could be.
    public var isDone = false
    /// Seconds until everything is read at this rate; nil as long as there is no rate.
    public var secondsLeft: Double? {
        bytesPerSecond > 0 ? Double(max(0, bytes - bytesRead)) / bytesPerSecond : nil
    }
}

/// Counts what the reader does, and tells at most five times a second.
final class ProgressMeter: Sendable {
    private struct State {
        var progress: ReadingProgress
        var told: Instant
    }

    private let state: Mutex<State>
    private let start: Instant
    private let clock: @Sendable () -> Instant
    private let tell: @Sendable (ReadingProgress) -> Void

    init(
        plan: [PlannedSegment], clock: @escaping @Sendable () -> Instant,
        tell: @escaping @Sendable (ReadingProgress) -> Void
    ) {
        let bytes = plan.reduce(0) { $0 &+ $1.file.identity.size }
        let progress = ReadingProgress(
            segments: plan.count, segmentsBegun: 0, bytes: bytes, bytesRead: 0, bytesPerSecond: 0)
        start = clock()
        state = Mutex(State(progress: progress, told: start))
        self.clock = clock
        self.tell = tell
    }

    func beginSegment() { state.withLock { $0.progress.segmentsBegun += 1 } }

    /// A segment need not be read again: it counts as done, but not for the rate.
    func skip(_ bytes: Int64) { state.withLock { $0.progress.bytes -= bytes } }

    /// Reading is over.
    func finish() {
        let last = state.withLock { state in
            state.progress.isDone = true
            return state.progress
        }
        tell(last)
    }

    func read(_ bytes: Int64) {
        let now = clock()
        let due: ReadingProgress? = state.withLock { state in
            state.progress.bytesRead += bytes
            guard now.seconds(since: state.told) >= 0.2 else { return nil }
            state.told = now
            let elapsed = now.seconds(since: start)
            state.progress.bytesPerSecond = elapsed > 0 ? Double(state.progress.bytesRead) / elapsed : 0
            return state.progress
        }
        if let due { tell(due) }
    }
}
