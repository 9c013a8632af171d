import Dispatch
import Foundation

/// A thread of its own for blocking work, never one of Swift's cooperative pool.
public final class Worker: Sendable {
    private let ended = DispatchSemaphore(value: 0)

    /// Starts `body` on a new thread named `name` (at most 15 characters are shown by the system).
    public init(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread { [ended] in
            body()
            ended.signal()
        }
        thread.name = name
        thread.start()
    }

    /// Waits until the body has returned.
    public func join() {
        ended.wait()
        ended.signal()
    }
}
