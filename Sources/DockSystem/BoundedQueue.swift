import Dispatch
import Synchronization

/// Hands values from one thread to another in order, at most `capacity` at a time: the sender waits when the receiver is
/// behind, so memory stays bounded.
public final class BoundedQueue<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var head = 0
        var isClosed = false

        mutating func pop() -> Element? {
            guard head < elements.count else { return nil }
            let element = elements[head]
            head += 1
            if head == elements.count {
                elements.removeAll(keepingCapacity: true)
                head = 0
            } else if head >= 1024 {
                elements.removeFirst(head)
                head = 0
            }
            return element
        }
    }

    private let state = Mutex(State())
    /// Places that are free; nil if there is no bound. Begins at zero and is signalled up: a semaphore must not go with a
    /// lower value than it began with (dispatch_semaphore_create(3)).
    private let free: DispatchSemaphore?
    private let filled = DispatchSemaphore(value: 0)

    /// A queue for `capacity` values; nil for any number: then it is the sender who must be bounded.
    public init(capacity: Int?) {
        free = capacity.map { _ in DispatchSemaphore(value: 0) }
        for _ in 0..<(capacity ?? 0) { free?.signal() }
    }

    /// Adds a value; waits while the queue is full. Returns false, without adding, once the queue is closed.
    @discardableResult
    public func send(_ element: Element) -> Bool {
        free?.wait()
        let accepted = state.withLock { state in
            if state.isClosed { return false }
            state.elements.append(element)
            return true
        }
        (accepted ? filled : free)?.signal()
        return accepted
    }

    /// Takes the oldest value; waits while the queue is empty; nil once it is closed and drained.
    public func receive() -> Element? {
        filled.wait()
        let element = state.withLock { state in state.pop() }
        (element == nil ? filled : free)?.signal()
        return element
    }

    /// Takes the oldest value if there is one.
    public func receiveIfReady() -> Element? {
        guard filled.wait(timeout: .now()) == .success else { return nil }
        let element = state.withLock { state in state.pop() }
        (element == nil ? filled : free)?.signal()
        return element
    }

    /// No more values are taken in; those inside can still be received.
    public func close() {
        state.withLock { $0.isClosed = true }
        filled.signal()
        free?.signal()
    }
}
