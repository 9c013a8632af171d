import DockCore

/// What a vault does with objects that it has had for a while: says how they stand, holds them, and destroys them. Every vault does
/// it to the version that a receipt names, and to nothing else.
public protocol ObjectKeeping: Sendable {
    /// Asks how an object stands. Blocks.
    /// - Returns: that it is there, exactly the one that was delivered, with its lock; or that it is gone;
    ///   ``DockError/Code/mismatch`` if something else stands there.
    func standing(of object: StoredObject) -> Result<ObjectStanding, DockError>

    /// Puts a legal hold on an object or lifts it, and asks afterwards. Blocks. Where that cannot be kept, nothing is tried.
    func setHold(_ isOn: Bool, on object: StoredObject) -> Result<HoldOutcome, DockError>

    /// Destroys an object for good, and asks afterwards. Blocks. It looks once more before: what is not exactly what was delivered,
    /// or is locked, stays. May be repeated: what is gone is destroyed.
    func destroy(_ permit: DestructionPermit) -> Result<Void, DockError>
}

/// What became of a legal hold.
public enum HoldOutcome: Sendable, Equatable {
    /// It was set or lifted, and the vault says so.
    case changed
    /// It was so before.
    case wasSo
    /// The vault has no legal holds, because of this: the ledger alone keeps the object.
    case unsupported(String)
}

extension ObjectStanding {
    /// Why an object in this state may not be destroyed now; nil if it may.
    func objection(at now: Instant) -> String? {
        guard case .there(let lock) = self else { return nil }
        if lock?.legalHold ?? false { return "a legal hold is on it" }
        return lock?.until.flatMap { $0 > now ? "it is locked until \($0)" : nil }
    }
}
