import DockCore

/// What the reader hands to the sealer: for each segment `begin`, then its bytes, then `end` or `abandon`.
enum ClearMessage: Sendable {
    case begin(Int, PlannedSegment)
    /// Bytes of the segment; a multiple of 64 KiB unless `isLast`. A segment without bytes is one empty last buffer.
    case bytes(Buffer, isLast: Bool)
    /// Everything was read: what it was.
    case end(SegmentEvidence)
    /// It could not be read to its end.
    case abandon(DockError)
    /// The camera is gone; nothing more follows.
    case cameraLost(DockError)
}

/// What the sealer hands to the writer: for each segment `begin`, then its sealed bytes, then `end` or `abandon`.
enum SealedMessage: Sendable {
    /// The header (with the payload nonce) that the sealed file starts with, and the sealing's name.
    case begin(Int, PlannedSegment, header: [UInt8], sealing: String)
    case bytes(Buffer)
    case end(SegmentEvidence)
    case abandon(DockError)
    case cameraLost(DockError)
}

/// What the threads report to the one that decides.
enum Report: Sendable {
    /// A segment was read and sealed; the file is written but not yet durable.
    case sealed(Int, SegmentEvidence, SealedSegment, SpoolFile)
    /// A segment was read; an earlier sealing covers it.
    case covered(Int, SegmentEvidence, EarlierSealings.Found)
    case failed(Int, DockError)
    case found(Finding)
    case cameraLost(DockError)
    /// The agent stops.
    case stopped
    case receipt(Int, Receipt)
    case undelivered(Int, vault: String, DockError)
}
