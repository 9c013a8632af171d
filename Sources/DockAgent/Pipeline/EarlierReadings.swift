import DockCore
import DockLedger

/// What was read from a camera before and need not be read again.
///
/// As long as the plug was not pulled, nothing on the camera can change: what this docking read stands. Once it was pulled, only
/// a file stands whose SHA-256 an unchanged manifest still promises, that was compared with it then, and whose size and time
/// are what they were.
struct EarlierReadings: Sendable {
    /// The docking that goes on, or a new one.
    let docking: String
    let camera: String
    /// The camera was never unplugged since this docking read from it.
    let isSameAttachment: Bool
    /// An earlier docking under the very same manifest (it may be this one, before the plug was pulled).
    let sameManifest: String?

    /// What is known of `planned`, whose content `sealed` covers; nil if it must be read.
    func evidence(
        of planned: PlannedSegment, sealed: SegmentSealed, ledger: Ledger
    ) throws(DockError) -> SegmentEvidence? {
        let identity = planned.file.identity
        guard sealed.sealed.plaintextBytes == identity.size, sealed.modified == identity.modified else { return nil }
        if isSameAttachment, let reading = try reading(in: docking, planned, sealed, ledger), reading.isWhole {
            return SegmentEvidence(sha256: reading.sha256, identity: identity, verification: reading.verification)
        }
        guard let sameManifest, let reading = try reading(in: sameManifest, planned, sealed, ledger),
            [.matchedManifest, .matchedSHA256].contains(reading.verification),
            planned.expected == .sha256(reading.sha256)
        else { return nil }
        return SegmentEvidence(
            sha256: reading.sha256, identity: identity, verification: reading.verification, readIn: sameManifest)
    }

    private func reading(
        in docking: String, _ planned: PlannedSegment, _ sealed: SegmentSealed, _ ledger: Ledger
    ) throws(DockError) -> KnownReading? {
        let known = try ledger.reading(docking: docking, camera: camera, path: planned.file.path)
        return known?.sealing == sealed.sealed.id && known?.sha256 == sealed.sealed.plaintext ? known : nil
    }
}

extension KnownReading {
    /// Whether nothing speaks against what was read: what failed or differed is read again.
    fileprivate var isWhole: Bool { ![.mismatch, .partial].contains(verification) }
}
