import DockCore
import Synchronization

/// Notices that it is the vault that fails and not a consignment, so that a batch of thousands does not wait thousands of
/// times for a service that is away.
final class Outage: Sendable {
    private struct State {
        var failures = 0
        var error: DockError?
    }

    private let patience: Int
    private let state = Mutex(State())

    /// Believes in an outage after `patience` such failures without a success in between.
    init(patience: Int) { self.patience = patience }

    /// Why nothing more is tried; nil as long as there is hope.
    var error: DockError? { state.withLock { $0.failures >= patience ? $0.error : nil } }

    /// Takes note of how a delivery ended.
    func note(_ result: Result<Receipt, DockError>) {
        state.withLock { state in
            switch result {
            case .success: state = State()
            case .failure(let error)
            where [.unreachable, .refused, .noSpace, .notFound, .malformed, .limit].contains(error.code):
                state.failures += 1
                state.error = error
            case .failure: break
            }
        }
    }
}
