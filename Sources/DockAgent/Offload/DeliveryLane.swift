import DockCore
import DockDelivery
import DockSystem
import Synchronization

/// The queue of one vault, worked off on threads of its own: a slow vault keeps nobody waiting but itself.
final class DeliveryLane: Sendable {
    private struct Item: Sendable {
        let index: Int
        let consignment: Consignment
    }

    /// Segments in one call to a vault that would rather have many: enough for syncing folders together.
    private static let batch = 64
    /// Segments that fail in a row before the vault counts as down for this docking.
    private static let patience = 8

    private struct Course {
        /// Segments that failed in a row.
        var failures = 0
        /// Why nothing is tried any more.
        var down: DockError?
    }

    let vault: any Vault
    private let course = Mutex(Course())
    /// Held by whoever stores while the vault fails: one call after the other shows whether it works again.
    private let trial = Mutex(())
    private let queue = BoundedQueue<Item>(capacity: nil)
    private let givesUp: Bool
    private let stop: StopFlag
    private let report: @Sendable (Report) -> Void

    /// - Parameter givesUp: whether it judges itself that the vault is down; otherwise the vault does.
    init(
        _ vault: any Vault, givesUp: Bool, stop: StopFlag, report: @escaping @Sendable (Report) -> Void
    ) {
        self.vault = vault
        self.givesUp = givesUp
        self.stop = stop
        self.report = report
    }

    /// Adds a segment.
    func deliver(_ index: Int, _ consignment: Consignment) { queue.send(Item(index: index, consignment: consignment)) }

    /// Ends ``run()`` once the queue is empty.
    func close() { queue.close() }

    /// Delivers what is queued until ``close()``, or until the docking is broken off.
    func run() {
        let others = (1..<max(1, vault.storesAtOnce)).map { _ in Worker("vault") { [self] in work() } }
        work()
        for other in others { other.join() }
    }

    private func work() {
        while let first = queue.receive(), !stop.isSet {
            if course.withLock({ $0.failures == 0 }) {
                deliver(first, most: DeliveryLane.batch)
            } else {
                trial.withLock { _ in
                    if !stop.isSet { deliver(first, most: DeliveryLane.patience) }
                }
            }
        }
    }

    private func deliver(_ first: Item, most: Int) {
        var items = [first]
        if vault.storesAtOnce == 1 {
            while items.count < most, let next = queue.receiveIfReady() { items.append(next) }
        }
        if let down = course.withLock({ $0.down }) {
            for item in items { report(.undelivered(item.index, vault: vault.name, down)) }
            return
        }
        let error = store(items)
        course.withLock { course in
            course.failures = error == nil ? 0 : course.failures + items.count
            if givesUp, course.failures >= DeliveryLane.patience { course.down = error }
        }
    }

    /// Stores a batch; answers the last error if every one of it failed.
    private func store(_ items: [Item]) -> DockError? {
        let outcome = Mutex<(stored: Int, error: DockError?)>((0, nil))
        let done: @Sendable (Int, Result<Receipt, DockError>) -> Void = { [report, vault] place, result in
            switch result {
            case .success(let receipt):
                outcome.withLock { $0.stored += 1 }
                report(.receipt(items[place].index, receipt))
            case .failure(let error):
                outcome.withLock { $0.error = error }
                report(.undelivered(items[place].index, vault: vault.name, error))
            }
        }
        vault.store(items.map(\.consignment), progress: { _ in }, done: done)
        return outcome.withLock { $0.stored == 0 ? $0.error : nil }
    }
}
