import DockCore
import Synchronization

/// What has become of the parts of one upload.
final class PartsState: Sendable {
    private struct State {
        var tags: [String?]
        var failure: DockError?
        var isTaken = false
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(tags: Array(repeating: nil, count: count))) }

    var isGoing: Bool { state.withLock { $0.failure == nil && !$0.isTaken } }

    func finish(_ index: Int, _ tag: String) { state.withLock { $0.tags[index] = tag } }

    /// Ends the upload: for an error, or without one because the upload is gone.
    func end(_ error: DockError?) {
        state.withLock { state in
            // An error that stays says more than one that passes.
            if let error, state.failure?.isPassing ?? true { state.failure = error }
            if error == nil { state.isTaken = true }
        }
    }

    /// All tags in order; nil if the upload is gone.
    func tags() throws(DockError) -> [String]? {
        let end = state.withLock { $0 }
        if end.isTaken { return nil }
        if let failure = end.failure { throw failure }
        return end.tags.compactMap(\.self)
    }
}
