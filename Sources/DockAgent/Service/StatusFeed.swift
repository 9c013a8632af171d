import DockCore
import DockSystem
import Glibc
import Synchronization

/// Hands what the dock shows to those who watch it. Nobody who takes it slowly is waited for: each finds the newest only.
final class StatusFeed: Sendable {
    private struct State {
        var watches: [StatusWatch] = []
        var last: DockStatus?
    }

    private let state = Mutex(State())

    /// Whether anybody watches: nothing needs to be put together otherwise.
    var isWatched: Bool { state.withLock { !$0.watches.isEmpty } }

    /// Begins to watch, until ``leave(_:)``.
    func watch() throws(Errno) -> StatusWatch {
        let watch = StatusWatch(try Descriptor.eventCounter())
        state.withLock { state in
            // What was told before, when nobody watched, does not count.
            if state.watches.isEmpty { state.last = nil }
            state.watches.append(watch)
        }
        return watch
    }

    /// Ends it.
    func leave(_ watch: StatusWatch) { state.withLock { $0.watches.removeAll { $0 === watch } } }

    /// Tells everybody, if this shows something else than what was told last.
    func publish(_ status: DockStatus) {
        let watches = state.withLock { state in
            if let last = state.last, status.showsTheSame(as: last) { return [StatusWatch]() }
            state.last = status
            return state.watches
        }
        for watch in watches { watch.put(status) }
    }
}

/// The newest of what one watcher has not taken yet: an eventfd(2) beside it.
final class StatusWatch: Sendable {
    private let newest = Mutex<DockStatus?>(nil)
    private let event: Descriptor
    /// Readable when something waits.
    var descriptor: Int32 { event.number }

    fileprivate init(_ event: consuming Descriptor) { self.event = event }

    fileprivate func put(_ status: DockStatus) {
        newest.withLock { $0 = status }
        var one: UInt64 = 1
        _ = write(event.number, &one, 8)
    }

    /// What waits; nil if nothing does.
    func take() -> DockStatus? {
        var count: UInt64 = 0
        _ = read(event.number, &count, 8)
        return newest.withLock { newest in
            defer { newest = nil }
            return newest
        }
    }
}
