import Dispatch
import DockCore
import Synchronization

/// Places for bodies under way, so many for each sender. What came first gets the next free one, so that segments are finished one
/// after the other and not all at the end. Requests without a body need no place.
final class UploadPlaces: Sendable {
    /// What one consignment sends waits here.
    struct Line: Sendable {
        fileprivate let places: UploadPlaces
        fileprivate let sender: String
        fileprivate let number: Int

        /// Waits for a place and has it while `body` runs.
        func hold<Value>(_ body: () throws(DockError) -> Value) throws(DockError) -> Value {
            places.enter(self)
            defer { places.leave(sender) }
            return try body()
        }
    }

    private struct Sender {
        var taken = 0
        var waiting: [(number: Int, semaphore: DispatchSemaphore)] = []
    }

    private struct State {
        var last = 0
        var senders: [String: Sender] = [:]
    }

    private let most: Int
    private let state = Mutex(State())

    /// `most` at once for each sender.
    init(_ most: Int) { self.most = most }

    /// A line for the next consignment of a sender; what got its line earlier goes first.
    func line(of sender: String) -> Line {
        let number = state.withLock { state in
            state.last += 1
            return state.last
        }
        return Line(places: self, sender: sender, number: number)
    }

    /// How many wait for a place.
    func waiting(for sender: String) -> Int { state.withLock { $0.senders[sender]?.waiting.count ?? 0 } }

    private func enter(_ line: Line) {
        let semaphore = DispatchSemaphore(value: 0)
        let waits = state.withLock { state in
            if state.senders[line.sender, default: Sender()].taken < most {
                state.senders[line.sender, default: Sender()].taken += 1
                return false
            }
            state.senders[line.sender]?.waiting.append((line.number, semaphore))
            return true
        }
        if waits { semaphore.wait() }
    }

    /// Hands the place to whoever is next.
    private func leave(_ sender: String) {
        state.withLock { state in
            guard var here = state.senders[sender] else { return }
            if let next = here.waiting.indices.min(by: { here.waiting[$0].number < here.waiting[$1].number }) {
                here.waiting.remove(at: next).semaphore.signal()
            } else {
                here.taken -= 1
            }
            state.senders[sender] = here.taken > 0 ? here : nil
        }
    }
}
