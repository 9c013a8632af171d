import DockCore

/// A sealing that the ledger knows, and who holds it.
public struct KnownSealing: Sendable, Equatable {
    /// The entry that says so.
    public var sequence: Int64
    /// When it was written down.
    public var at: Instant
    /// What was sealed, from which file of which camera.
    public var sealed: SegmentSealed
    /// Every receipt for it, oldest first.
    public var receipts: [Receipt]
}

/// A sealing that is not yet in every vault that should hold it.
public struct PendingSealing: Sendable, Equatable {
    /// The sealing, with the receipts that there are.
    public var sealing: KnownSealing
    /// Names of the vaults without a receipt, in the order asked for.
    public var missing: [String]
}
