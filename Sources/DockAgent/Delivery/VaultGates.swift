import DockCore
import DockDelivery
import Synchronization

/// The gates of all vaults of a dock. They outlive a new configuration: what is known of a vault stays known.
public final class VaultGates: Sendable {
    private let policy: RetryPolicy
    private let clock: @Sendable () -> Instant
    private let jitter: @Sendable () -> Double
    private let gates = Mutex<[String: VaultGate]>([:])
    private let listener = Mutex<(@Sendable (VaultNews) -> Void)?>(nil)

    /// - Parameter policy: how patiently vaults are tried again.
    public convenience init(policy: RetryPolicy = RetryPolicy()) {
        self.init(policy: policy, clock: Uptime.now) {
            var source = SystemRandomNumberGenerator()
            return Double.random(in: 0..<1, using: &source)
        }
    }

    /// - Parameters:
    ///   - clock: one that never jumps.
    ///   - jitter: 0 up to 1, from a source of randomness.
    init(
        policy: RetryPolicy, clock: @escaping @Sendable () -> Instant, jitter: @escaping @Sendable () -> Double
    ) {
        self.policy = policy
        self.clock = clock
        self.jitter = jitter
    }

    /// From now on tells this listener what follows; it must not ask any gate.
    func listen(_ listener: @escaping @Sendable (VaultNews) -> Void) { self.listener.withLock { $0 = listener } }

    /// A vault behind its gate.
    func guarding(_ vault: any Vault) -> GuardedVault { GuardedVault(vault, gate: gate(vault.name)) }

    /// The gate of a vault.
    func gate(_ name: String) -> VaultGate {
        gates.withLock { gates in
            if let gate = gates[name] { return gate }
            let gate = VaultGate(vault: name, policy: policy, clock: clock, jitter: jitter) { [weak self] news in
                self?.listener.withLock { $0 }?(news)
            }
            gates[name] = gate
            return gate
        }
    }

    /// Something happened that concerns all vaults.
    func handle(_ event: VaultEvent) { for gate in gates.withLock({ Array($0.values) }) { gate.handle(event) } }

    /// The configuration was read anew, and has these vaults.
    func reconfigure(_ vaults: [GuardedVault]) {
        for vault in vaults { gate(vault.name).take(vault.edition) }
        let names = Set(vaults.map(\.name))
        let gone = gates.withLock { gates in
            let gone = gates.filter { !names.contains($0.key) }
            for name in gone.keys { gates[name] = nil }
            return Array(gone.values)
        }
        for gate in gone { gate.handle(.removed) }
        handle(.configured)
    }

    /// When people are to be told next of a vault that is still away; then ``VaultEvent/time`` is due.
    var nextAlarm: Instant? { gates.withLock { $0.values.compactMap(\.health.alarmDue).min() } }

    /// How these vaults stand, in this order.
    /// - Parameter now: the moment, by the dock's clock.
    func status(_ names: [String], now: Instant) -> [VaultStatus] {
        names.map { VaultStatus(gate($0).health, now: clock(), clock: now) }
    }
}
