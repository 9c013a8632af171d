import DockCore

/// What a vault needs to take one sealed segment.
public struct Consignment: Sendable {
    /// What was sealed, and the name that it shall have.
    public let sealed: SealedSegment
    /// Path of the sealed file in the spool: complete, fsynced, and never written to again.
    public let file: String
    /// How urgent it is. A limit on sending lets what is urgent go first.
    public let rank: DeliveryRank
    /// Whether this run has seen that the file's bytes are those that were sealed: it wrote them, or read them anew. Otherwise whoever
    /// stores it does, before anything of it is stored: disks rot.
    public let isChecked: Bool

    /// Takes the parts.
    public init(
        sealed: SealedSegment, file: String, rank: DeliveryRank = DeliveryRank(), isChecked: Bool = false
    ) {
        self.sealed = sealed
        self.file = file
        self.rank = rank
        self.isChecked = isChecked
    }

    /// Reads the file, past the page cache, and compares every byte with what was sealed. Throws ``DockError/Code/corrupt`` if it is not that.
    public func check() throws(DockError) { _ = try SpoolFile(Consignment(sealed: sealed, file: file)) }
}

/// A place that keeps sealed segments. This is the whole contract; every vault runs the same conformance suite.
///
/// **A receipt is a measurement.** It is given only after the object was durable under its final name and the vault was asked
/// about it once more, after the last write to it. What is asked depends on ``VaultSettings/confirm``: size, tag and proof of
/// sealing (`head`), or every byte (`readback`).
///
/// **Nothing is overwritten.** An object that stands under the name already is looked at. If it is provably this very sealing
/// (an earlier run was cut off between store and receipt), it counts as stored. If it is anything else, it is not touched, and
/// the consignment is stored under ``ObjectName/besideOther(sealing:)``; if that is taken by something else too, the answer
/// is a ``DockError/Code/conflict``.
///
/// **Nothing partial is visible** under a final name, at any instant.
///
/// **Every call may be repeated**, after any crash, by several threads or processes at once: the same consignment ends as one
/// object under one name.
///
/// **Errors.** `isPassing` says that the same call may succeed later by itself (unreachable, overloaded, full). A vault tries
/// again a few times within a call, for seconds and not for hours; everything beyond that is the caller's next run.
public protocol Vault: ObjectKeeping {
    /// Its name in the configuration and in receipts.
    var name: String { get }

    /// Whether ``SealedSegment/parts`` must be known. Where it is nil all the same (the configuration changed since the
    /// sealing), `store` reads the spool file once more to know them; `confirm` may have to answer with an error.
    var needsPartDigests: Bool { get }

    /// How many calls of ``store(_:progress:done:)`` at once, with one consignment each, serve it best: each has its answer as soon
    /// as it is stored, and none waits for others. 1 if it would rather have many consignments in one call.
    var storesAtOnce: Int { get }

    /// Finds out what the vault does, with a scratch object of its own, and whether that is enough for what the configuration asks
    /// of it. To be asked before the first delivery; a vault that is never asked is taken to do the least, unless locks are asked
    /// for: then it is asked by the first delivery. Blocks, for seconds where objects can be locked.
    /// - Returns: what was seen; a ``DockError/Code/refused`` if it cannot give what is asked.
    func probe() -> Result<VaultAbilities, DockError>

    /// Stores every consignment and confirms it. Blocks until all are done; may use several connections and threads.
    /// - Parameters:
    ///   - consignments: what to store; their spool files stay as they are.
    ///   - progress: called from any thread with bytes that were newly handed over; a repeated part counts once, and what
    ///     an earlier run handed over does not count.
    ///   - done: called exactly once for every index of `consignments`, from any thread, before the call returns.
    func store(
        _ consignments: [Consignment],
        progress: @escaping @Sendable (_ bytes: Int64) -> Void,
        done: @escaping @Sendable (_ index: Int, _ result: Result<Receipt, DockError>) -> Void)

    /// Asks the vault again for an object of which a receipt says that it has it; the spool file is not needed. Blocks.
    /// - Parameters:
    ///   - sealed: what must be there.
    ///   - key: the receipt's ``Receipt/key``.
    /// - Returns: a fresh receipt; ``DockError/Code/notFound`` if nothing is there; ``DockError/Code/mismatch`` if
    ///   something else is.
    func confirm(_ sealed: SealedSegment, key: String) -> Result<Receipt, DockError>

    /// Brings bytes of an object back, in order, from `start` to its end. What comes is not checked here. Blocks.
    /// - Parameters:
    ///   - key: the receipt's ``Receipt/key``.
    ///   - version: the receipt's ``Receipt/version``.
    ///   - bytes: the object's size.
    ///   - start: bytes that are there already.
    ///   - write: takes bytes and their place in the object; on a thread of the vault's. After an error the next call goes on where this
    ///     one came to.
    /// - Returns: ``DockError/Code/notFound`` if nothing is there, ``DockError/Code/mismatch`` if it has another size.
    func fetch(
        _ key: String, version: String?, bytes: Int64, from start: Int64,
        write: @escaping @Sendable (UnsafeRawBufferPointer, Int64) throws(DockError) -> Void
    ) -> Result<Void, DockError>

    /// Gives up what deliveries that were cut off have left unfinished and nobody will finish. Only what Bodydock itself began is
    /// touched, never an object. May run beside `store`, and may be repeated. Blocks.
    ///
    /// In a bucket these are uploads that stand in this dock's own records (`records` of ``Vaults/open(_:records:clock:)``),
    /// in a folder partial files by their name, if nobody holds their lock.
    /// - Parameters:
    ///   - seconds: how long no run may have worked on it.
    ///   - sealings: ``SealedSegment/id`` of everything that is still to be delivered; it is left alone, however old.
    /// - Returns: how many were given up.
    func clearStale(olderThan seconds: Double, keeping sealings: Set<String>) -> Result<Int, DockError>
}

extension Vault {
    /// One.
    public var storesAtOnce: Int { 1 }
}

/// Makes vaults from the configuration.
public enum Vaults {
    /// Prepares a vault. Nothing is contacted yet: a destination that is away now is an answer of `store`, not of this.
    /// - Parameters:
    ///   - settings: the vault's part of the configuration.
    ///   - limiter: holds what is sent over the uplink to the limits; nil for none.
    ///   - records: a folder of the dock's own for records of unfinished uploads; it is made when it is needed. Without one,
    ///     uploads that were cut off are gone on with all the same, but none is ever given up as stale.
    ///   - clock: the dock's clock, for receipts and for the time in signatures.
    /// - Throws: ``DockError/Code/configuration`` and its kin, if the settings can never work: an unusable endpoint,
    ///   credentials that cannot be read or that others can read.
    public static func open(
        _ settings: VaultSettings, limiter: RateLimiter? = nil, records: String? = nil,
        clock: @escaping @Sendable () -> Instant
    ) throws(DockError) -> any Vault {
        switch settings.kind {
        case .directory(let path, let mounted):
            return DirectoryVault(
                name: settings.name, root: path, mustBeMounted: mounted, confirmation: settings.confirm, clock: clock)
        case .s3(let s3):
            var vault = try S3Vault(
                name: settings.name, settings: s3, confirmation: settings.confirm, records: records, clock: clock)
            vault.limiter = limiter
            return vault
        }
    }
}
