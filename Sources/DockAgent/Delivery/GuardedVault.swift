import DockCore
import DockDelivery
import DockSystem
import Glibc
import Synchronization

/// A vault behind its ``VaultGate``: while it is down, every question is answered at once with what was wrong with it, but for the
/// one that is let through to see whether it works again. Before the first delivery the vault is probed.
final class GuardedVault: Vault {
    private let base: any Vault
    private let gate: VaultGate
    /// Which of the vaults behind this gate it is.
    let edition: Int
    /// Waits some seconds.
    private let sleep: @Sendable (Double) -> Void
    /// Whether it was seen to give what is asked of it. Held by whoever finds out; others wait for that.
    private let isProbed = Mutex(false)

    init(
        _ base: any Vault, gate: VaultGate,
        sleep: @escaping @Sendable (Double) -> Void = { usleep(UInt32($0 * 1_000_000)) }
    ) {
        self.base = base
        self.gate = gate
        edition = gate.makeEdition()
        self.sleep = sleep
    }

    var name: String { base.name }
    var needsPartDigests: Bool { base.needsPartDigests }
    var storesAtOnce: Int { base.storesAtOnce }

    func store(
        _ consignments: [Consignment],
        progress: @escaping @Sendable (Int64) -> Void,
        done: @escaping @Sendable (Int, Result<Receipt, DockError>) -> Void
    ) {
        guard !consignments.isEmpty else { return }
        if let error = probeFirst() {
            for index in consignments.indices { done(index, .failure(error)) }
            return
        }
        var rest = consignments.indices
        while !rest.isEmpty {
            switch gate.enter(edition) {
            case .open(let most, let visit):
                let batch = rest.prefix(most)
                base.store(Array(consignments[batch]), progress: progress) { place, result in
                    visit.note(result)
                    done(batch.lowerBound + place, result)
                }
                rest = rest.dropFirst(batch.count)
            case .soon(let seconds): wait(seconds)
            case .shut(let error):
                for index in rest { done(index, .failure(error)) }
                return
            }
        }
        // The one that was let through failed for reasons of its own, and none came after it.
        if gate.wantsTrial { _ = probe() }
    }

    func probe() -> Result<VaultAbilities, DockError> {
        while true {
            switch gate.enter(edition) {
            case .open(_, let visit):
                let result = base.probe()
                visit.note(result.mapError(\.ofVault))
                return result
            case .soon(let seconds): wait(seconds)
            case .shut(let error): return .failure(error)
            }
        }
    }

    /// Probes the vault unless that was done; answers why it cannot be used. Blocks.
    @discardableResult
    func probeFirst() -> DockError? {
        isProbed.withLock { isProbed in
            guard !isProbed else { return nil }
            switch probe() {
            case .success:
                isProbed = true
                return nil
            case .failure(let error): return error
            }
        }
    }

    /// Waits, but not long at a time: a person may ask for a try meanwhile.
    private func wait(_ seconds: Double) { sleep(min(max(seconds, 0.001), 0.2)) }

    /// Whether it failed, and may be tried now.
    var wantsTrial: Bool { gate.wantsTrial }

    /// How it answers says something about the vault only where it cannot be asked: that an object is not there is an answer.
    func confirm(_ sealed: SealedSegment, key: String) -> Result<Receipt, DockError> {
        if let error = shut { return .failure(error) }
        let began = gate.now
        let result = base.confirm(sealed, key: key)
        if case .failure(let error) = result, !error.meansNotHeld, [.passing, .permanent].contains(error.vaultFault) {
            gate.failed(edition, error, since: began)
        }
        return result
    }

    func fetch(
        _ key: String, version: String?, bytes: Int64, from start: Int64,
        write: @escaping @Sendable (UnsafeRawBufferPointer, Int64) throws(DockError) -> Void
    ) -> Result<Void, DockError> {
        base.fetch(key, version: version, bytes: bytes, from: start, write: write)
    }

    func standing(of object: StoredObject) -> Result<ObjectStanding, DockError> {
        shut.map { .failure($0) } ?? base.standing(of: object)
    }

    func setHold(_ isOn: Bool, on object: StoredObject) -> Result<HoldOutcome, DockError> {
        shut.map { .failure($0) } ?? base.setHold(isOn, on: object)
    }

    func destroy(_ permit: DestructionPermit) -> Result<Void, DockError> {
        shut.map { .failure($0) } ?? base.destroy(permit)
    }

    /// Why it is not asked now; an error that nobody takes for an answer about an object.
    private var shut: DockError? {
        gate.shut.map { error in
            DockError(
                .unreachable, "cannot ask a vault for an object", at: error.place,
                because: "it is not asked at present, because of this: \(error.why)", next: error.next,
                isPassing: true)
        }
    }

    func clearStale(olderThan seconds: Double, keeping sealings: Set<String>) -> Result<Int, DockError> {
        base.clearStale(olderThan: seconds, keeping: sealings)
    }
}

extension DockError {
    /// What a probe says is never about a consignment.
    fileprivate var ofVault: DockError {
        guard vaultFault == .consignment else { return self }
        return DockError(.unreachable, what, at: place, because: why, next: next, isPassing: true)
    }
}
