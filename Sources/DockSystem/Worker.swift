import Dispatch
import Foundation
import Synchronization

/// A thread of its own for blocking work, never one of Swift's cooperative pool.
public final class Worker: Sendable {
    private let ended = DispatchSemaphore(value: 0)

    /// Starts `body` on a new thread named `name` (at most 15 characters are shown by the system).
    public init(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let work = Work(body)
        let thread = Thread { [ended] in
            work.run()
            ended.signal()
        }
        thread.name = name
        thread.start()
    }

    /// Waits until the body has returned, and what it held was let go of.
    public func join() {
        ended.wait()
        ended.signal()
    }
}

/// What a thread has to do, once. A thread lets go of its own closure some time after it has said that it ended.
private final class Work: Sendable {
    private let body: Mutex<(@Sendable () -> Void)?>

    init(_ body: @escaping @Sendable () -> Void) { self.body = Mutex(body) }

    func run() {
        let body = body.withLock { body in
            defer { body = nil }
            return body
        }
        body?()
    }
}
