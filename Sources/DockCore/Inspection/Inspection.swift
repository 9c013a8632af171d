/// Holds a manifest against what lies on the camera: what is to be taken in, and what is not as it should be.
///
/// Pure: nothing is read but the values given. Takes O(n log n) for n files and entries.
public struct Inspection: Sendable, Equatable {
    /// Every file to take in, once: listed files in the manifest's order, then unlisted ones and the manifest's own files by
    /// path. Does not depend on the order of the listing.
    public let plan: [PlannedSegment]
    /// What is wrong, in the order of the checks; see ``FindingList`` for how many are named.
    public let findings: [Finding]

    /// Inspects a camera.
    /// - Parameters:
    ///   - manifest: what the camera says it holds. The findings of its reader are not repeated here.
    ///   - files: every regular file on the volume, in any order.
    ///   - profile: the kind of camera.
    ///   - now: the dock's clock.
    ///   - namesErasedEarlier: files that an earlier erase, which did not end, removed under its permit. Needed only where
    ///     no manifest lists them: their numbers are no gap.
    ///   - erasedEarlier: whether the listed file was delivered, with this content, and erased under an earlier permit.
    public init(
        of manifest: Manifest, files: [CameraFile], profile: CameraProfile, now: Instant,
        namesErasedEarlier: [CameraPath] = [],
        erasedEarlier: (CameraPath, ExpectedDigest?) -> Bool
    ) {
        var findings = FindingList()
        ManifestPresence(manifest: manifest, profile: profile).check(
            files, erasedEarlier: erasedEarlier, into: &findings)
        var matching = FileMatching(manifest: manifest, files: files, profile: profile)
        plan = matching.plan(erasedEarlier: erasedEarlier, into: &findings)
        SequenceCheck(manifest: manifest, profile: profile, erased: namesErasedEarlier).check(into: &findings)
        TimeCheck(now: now).check(manifest, into: &findings)
        self.findings = findings.findings
    }
}
