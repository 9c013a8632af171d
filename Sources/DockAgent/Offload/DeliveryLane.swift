import DockCore
import DockDelivery
import DockSystem
import Synchronization

/// The queue of one vault, worked off on a thread of its own: a slow vault keeps nobody waiting but itself.
final class DeliveryLane: Sendable {
    private struct Item: Sendable {
        let index: Int
        let consignment: Consignment
    }

    /// Segments handed to the vault at once: enough for its connections and for syncing folders together.
    private static let batch = 64
    /// Segments that fail in a row before the vault counts as down for this docking.
    private static let patience = 8

    let vault: any Vault
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
        var failures = 0
        var down: DockError?
        while let first = queue.receive(), !stop.isSet {
            var items = [first]
            let most = failures > 0 ? DeliveryLane.patience : DeliveryLane.batch
            while items.count < most, let next = queue.receiveIfReady() { items.append(next) }
            if let down {
                for item in items { report(.undelivered(item.index, vault: vault.name, down)) }
            } else if let error = store(items) {
                failures += items.count
                if givesUp, failures >= DeliveryLane.patience { down = error }
            } else {
                failures = 0
            }
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
