import Synchronization

/// Tells the threads of a docking to end.
final class StopFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    /// Whether to end.
    var isSet: Bool { flag.load(ordering: .acquiring) }

    /// From now on, end.
    func set() { flag.store(true, ordering: .releasing) }
}
