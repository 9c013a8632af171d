import DockCore
import DockSystem
import Synchronization

/// What the agent hears of a vault.
enum VaultNews: Sendable, Equatable {
    /// Something is to be done.
    case action(VaultAction)
    /// It works again: who was sent away may come back.
    case recovered
}

/// The health of one vault, shared by everybody in the process who uses it: they ask here before they ask the vault, and say here
/// how it answered. So a vault that is down is not hammered by every docking.
final class VaultGate: Sendable {
    /// Whether the vault may be used now.
    enum Entry {
        /// So many consignments may be given to it. How they end must be told to the visit.
        case open(most: Int, VaultVisit)
        /// It failed just now: in so many seconds.
        case soon(Double)
        /// It is down: why.
        case shut(DockError)
    }

    private struct State {
        var health: VaultHealth
        var lastError: DockError?
        var isRemoved = false
        /// Of the vault that the configuration names now.
        var edition = 0
        var newestEdition = 0
    }

    private let state: Mutex<State>
    private let clock: @Sendable () -> Instant
    private let jitter: @Sendable () -> Double
    private let tell: @Sendable (VaultNews) -> Void

    /// - Parameters:
    ///   - clock: one that never jumps.
    ///   - jitter: 0 up to 1, from a source of randomness.
    ///   - tell: hears what follows, in the order in which it happens; it must not ask the gate anything.
    init(
        vault: String, policy: RetryPolicy, clock: @escaping @Sendable () -> Instant,
        jitter: @escaping @Sendable () -> Double, tell: @escaping @Sendable (VaultNews) -> Void
    ) {
        state = Mutex(State(health: VaultHealth(vault: vault, policy: policy)))
        self.clock = clock
        self.jitter = jitter
        self.tell = tell
    }

    /// What is known of the vault now.
    var health: VaultHealth { state.withLock { $0.health } }

    /// The moment, by the gate's clock.
    var now: Instant { clock() }

    /// Counts the vaults that are made of one configuration after the other.
    func makeEdition() -> Int {
        state.withLock { state in
            state.newestEdition += 1
            return state.newestEdition
        }
    }

    /// From now on this edition is what the configuration names. Dockings go on to use older ones until they end: how those answer
    /// says nothing about this one, and they decide nothing.
    func take(_ edition: Int) { state.withLock { $0.edition = edition } }

    /// Asks whether the vault may be used now.
    func enter(_ edition: Int) -> Entry {
        state.withLock { state in
            let now = clock()
            let isOld = edition < state.edition
            switch state.health.admission(at: now) {
            case .all:
                if !isOld { handle(.began, now, &state) }
                return .open(most: .max, VaultVisit(gate: self, edition: edition, began: now))
            case .one where isOld:
                return .shut(state.lastError ?? VaultGate.unknown(state.health.vault))
            case .one:
                handle(.began, now, &state)
                return .open(most: 1, VaultVisit(gate: self, edition: edition, began: now))
            case .none(let until):
                if state.health.state == .closed, let until { return .soon(until.seconds(since: now)) }
                return .shut(state.lastError ?? VaultGate.unknown(state.health.vault))
            }
        }
    }

    /// Why the vault is down; nil if it is not, as far as that is known.
    var shut: DockError? {
        state.withLock { state in
            state.health.state == .closed ? nil : state.lastError ?? VaultGate.unknown(state.health.vault)
        }
    }

    /// Whether it failed, and may be tried now.
    var wantsTrial: Bool {
        state.withLock { state in
            guard state.health.state != .closed || state.health.failures > 0 else { return false }
            switch state.health.admission(at: clock()) {
            case .all, .one: return true
            case .none: return false
            }
        }
    }

    /// What was begun at this moment worked.
    func worked(_ edition: Int, since began: Instant) {
        state.withLock { state in
            guard edition >= state.edition else { return }
            handle(.succeeded(began: began), clock(), &state)
        }
    }

    /// What was begun at this moment failed.
    func failed(_ edition: Int, _ error: DockError, since began: Instant) {
        state.withLock { state in
            guard edition >= state.edition else { return }
            if error.vaultFault != .consignment { state.lastError = error }
            handle(.failed(error, began: began, jitter: jitter()), clock(), &state)
        }
    }

    /// Something else happened.
    func handle(_ event: VaultEvent) { state.withLock { handle(event, clock(), &$0) } }

    private func handle(_ event: VaultEvent, _ now: Instant, _ state: inout State) {
        let wasDown = state.health.state != .closed || state.health.failures > 0
        let actions = state.health.handle(event, at: now)
        guard !state.isRemoved else { return }
        for action in actions { tell(.action(action)) }
        if wasDown, state.health.state == .closed, state.health.failures == 0 { tell(.recovered) }
        // Dockings that began before may still use it; nobody is interested any more.
        if case .removed = event { state.isRemoved = true }
    }

    private static func unknown(_ vault: String) -> DockError {
        DockError(
            .unreachable, "cannot deliver to a vault", at: vault, because: "it is being tried whether it works again",
            next: "it is tried again by itself", isPassing: true)
    }
}

/// One batch of consignments on its way to a vault.
final class VaultVisit: Sendable {
    private let gate: VaultGate
    private let edition: Int
    private let began: Instant
    private let hasFailed = Mutex(false)

    init(gate: VaultGate, edition: Int, began: Instant) {
        self.gate = gate
        self.edition = edition
        self.began = began
    }

    /// One of the batch ended so. What fails because the vault does fails for the whole batch: that is one failure, not many.
    func note(_ result: Result<some Any, DockError>) {
        switch result {
        case .success:
            hasFailed.withLock { $0 = false }
            gate.worked(edition, since: began)
        case .failure(let error):
            let isNews = hasFailed.withLock { hasFailed in
                switch error.vaultFault {
                case .consignment, .permanent: return true
                case .passing, .doubtful:
                    defer { hasFailed = true }
                    return !hasFailed
                }
            }
            if isNews { gate.failed(edition, error, since: began) }
        }
    }
}
