/// What happened in a docking. Segments are numbered by their place in the plan.
public enum DockingEvent: Sendable, Equatable {
    /// The camera was listed, its manifest read, and both compared.
    case inspected(plan: [PlannedSegment], findings: [Finding], recordings: [Recording] = [])
    /// Something is not as it should be.
    case found(Finding)
    /// A segment was read to its end, sealed, and the sealed file is durable in the spool.
    case sealed(Int, SegmentEvidence, SealedSegment)
    /// A segment was read to its end, and an earlier sealing of exactly these bytes is held by the vaults of the receipts
    /// and, for all others, durable in the spool. The vaults were asked just now; a receipt that still says what they say may be
    /// as old as it is.
    case covered(Int, SegmentEvidence, SealedSegment, [Receipt])
    /// A segment could not be read to its end, or not be sealed.
    case failed(Int, DockError)
    /// The camera is gone: nothing more can be read from it.
    case cameraLost(DockError)
    /// A vault holds a sealed segment.
    case receipt(Int, Receipt)
    /// A vault does not hold a sealed segment, and will not in this docking.
    case undelivered(Int, vault: String, DockError)
    /// The camera was listed again, at this moment by the dock's clock; what differs from the first listing.
    case relisted(differences: [Finding], at: Instant)
    /// The erase ended; with a certificate if the whole volume was emptied.
    case erased(count: Int, left: [LeftFile], certificate: ErasureCertificate? = nil)
    /// The erase broke off, so that nobody can say how far it came.
    case eraseFailed(DockError)
    /// The agent stops: nothing new is begun.
    case stopped
}

/// What is to be done, in this order. Everything that is recorded must be durable before what follows it is begun.
public enum DockingAction: Sendable {
    /// Write to the ledger.
    case record(LedgerEvent)
    /// Read and seal every segment of the plan.
    case read
    /// Bring a sealed segment to these vaults.
    case deliver(Int, SealedSegment, vaults: [String])
    /// Every vault has it: the spool need not keep it.
    case unspool(SealedSegment)
    /// List the camera again and compare with the first listing.
    case relist
    /// Sign what was taken in, and write it to the ledger with the entries of this list, before them.
    case attest(CoverageStatement)
    /// Erase what the permit names, and nothing else.
    case erase(ErasePermit)
    /// Seal a certificate and leave it to be delivered beside the footage. The camera does not wait for it.
    case deliverRecord(ErasureCertificate)
    /// The docking is over, or pauses.
    case close(DockingOutcome)
}
