import DockCore
import DockDelivery
import Synchronization

@testable import DockAgent

/// A vault in memory that answers as it is told, and counts what it is asked.
final class FakeVault: Vault {
    struct Counts: Equatable {
        var stored = 0
        var probed = 0
        var confirmed = 0
    }

    let name = "cloud"
    let needsPartDigests = false
    let storesAtOnce: Int
    /// What it answers; nil if it works.
    let fault = Mutex<DockError?>(nil)
    private let asked = Mutex(Counts())
    /// Called with each consignment while it is stored.
    let whileStoring: @Sendable (SealedSegment) -> Void

    init(storesAtOnce: Int = 1, whileStoring: @escaping @Sendable (SealedSegment) -> Void = { _ in }) {
        self.storesAtOnce = storesAtOnce
        self.whileStoring = whileStoring
    }

    var counts: Counts { asked.withLock { $0 } }

    func set(_ error: DockError?) { fault.withLock { $0 = error } }

    func probe() -> Result<VaultAbilities, DockError> {
        asked.withLock { $0.probed += 1 }
        return fault.withLock { $0 }.map { .failure($0) } ?? .success(VaultAbilities())
    }

    func store(
        _ consignments: [Consignment], progress: @escaping @Sendable (Int64) -> Void,
        done: @escaping @Sendable (Int, Result<Receipt, DockError>) -> Void
    ) {
        for (index, consignment) in consignments.enumerated() {
            asked.withLock { $0.stored += 1 }
            whileStoring(consignment.sealed)
            done(index, answer(consignment.sealed))
        }
    }

    func confirm(_ sealed: SealedSegment, key: String) -> Result<Receipt, DockError> {
        asked.withLock { $0.confirmed += 1 }
        return answer(sealed)
    }

    func fetch(
        _ key: String, version: String?, bytes: Int64, from start: Int64,
        write: @escaping @Sendable (UnsafeRawBufferPointer, Int64) throws(DockError) -> Void
    ) -> Result<Void, DockError> {
        .failure(DockError(.notFound, "cannot fetch an object", at: key, because: "it keeps nothing", next: "-"))
    }

    func clearStale(olderThan seconds: Double, keeping sealings: Set<String>) -> Result<Int, DockError> { .success(0) }

    func standing(of object: StoredObject) -> Result<ObjectStanding, DockError> {
        fault.withLock { $0 }.map { .failure($0) } ?? .success(.there(nil))
    }

    func setHold(_ isOn: Bool, on object: StoredObject) -> Result<HoldOutcome, DockError> { .success(.changed) }

    func destroy(_ permit: DestructionPermit) -> Result<Void, DockError> { .success(()) }

    private func answer(_ sealed: SealedSegment) -> Result<Receipt, DockError> {
        if let error = fault.withLock({ $0 }) { return .failure(error) }
        return .success(
            Receipt(
                vault: name, sealing: sealed.id, key: sealed.object.text, bytes: sealed.bytes, checksum: "none",
                confirmation: .head, confirmed: Instant(seconds: 0)))
    }
}
