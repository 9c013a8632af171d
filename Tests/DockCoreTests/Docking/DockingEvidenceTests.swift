import Testing

@testable import DockCore

/// Bytes that an earlier docking read, and certificates of what was erased.
@Suite struct DockingEvidenceTests {
    /// The words after the second look, for one segment that an earlier docking is said to have read.
    private func known(
        planned: (inout PlannedSegment) -> Void = { _ in }, evidence: (inout SegmentEvidence) -> Void = { _ in }
    ) throws -> [String] {
        var story = try DockingStory(segments: 1)
        var plan = story.plan
        planned(&plan[0])
        story.tell(.inspected(plan: plan, findings: []))
        try story.knows(0, evidence)
        guard story.words == ["record segment.verified", "deliver 0 to archive"] else {
            #expect(story.words == ["record finding", "relist"])
            story.tell(.relisted(differences: [], at: DockingStory.now))
            return story.words
        }
        try story.receipt(0)
        story.tell(.relisted(differences: [], at: DockingStory.now))
        return story.words
    }

    private let held = ["record docking.ended", "close held"]

    @Test func whatAnEarlierDockingReadStandsForTheSameFileWithTheSamePromise() throws {
        #expect(try known() == ["record erase.permitted", "erase 1"])
        #expect(try known(evidence: { $0.verification = .matchedSHA256 }) == ["record erase.permitted", "erase 1"])
        let elsewhere = try known(evidence: { ($0.identity.device, $0.identity.inode) = (77, 78) })
        #expect(elsewhere == ["record erase.permitted", "erase 1"], "numbers that each mount gives anew")
    }

    @Test func itStandsForNothingElse() throws {
        #expect(try known(evidence: { $0.identity.modified += 1 }) == held, "it was written since")
        #expect(try known(planned: { $0.file.identity.size += 1 }) == held)
        #expect(try known(planned: { $0.expected = nil }) == held, "the camera promises nothing now")
        #expect(try known(planned: { $0.expected = .sha256(DockingStory.digest(5)) }) == held)
        #expect(try known(planned: { $0.expected = .md5(Array(repeating: 0, count: 16)) }) == held)
        for verification in [Verification.matchedMD5, .firstRead, .singleRead, .mismatch, .partial] {
            #expect(try known(evidence: { $0.verification = verification }) == held, "\(verification)")
        }
    }

    @Test func withoutAReceiptItIsNotErasedEither() throws {
        var story = try DockingStory(segments: 1)
        story.inspected()
        try story.knows(0)
        guard case .record(.verified(let entry))? = story.actions.first else { return }
        #expect(entry.readIn == "d0" && entry.sealing == "sealing0")
        story.tell(
            .undelivered(0, vault: "archive", DockError(.unreachable, "x", at: "x", because: "x", next: "x")))
        story.tell(.relisted(differences: [], at: DockingStory.now))
        #expect(story.words.last == "close incomplete")
    }

    @Test func whatIsSealedNowWasReadNow() throws {
        var story = try DockingStory(segments: 1)
        story.inspected()
        var evidence = try DockingStory.evidence(0)
        evidence.readIn = "d0"
        story.tell(.sealed(0, evidence, try DockingStory.sealed(0)))
        #expect(story.words == ["record finding", "relist"])
        story.tell(.relisted(differences: [], at: DockingStory.now))
        #expect(story.words == held)
    }

    private func erasing() throws -> DockingStory {
        var story = try DockingStory(segments: 1, canPause: true)
        story.inspected()
        try story.seals(0)
        try story.receipt(0)
        story.tell(.relisted(differences: [], at: DockingStory.now))
        return story
    }

    @Test func aCertificateIsWrittenAfterTheEraseAndDeliveredBeforeTheEnd() throws {
        var story = try erasing()
        story.tell(.erased(count: 1, left: [], certificate: DockingStory.certificate))
        #expect(
            story.words == [
                "record erase.ended", "record erase.certified", "deliver certificate of d1", "record docking.ended",
                "close emptied",
            ])
        guard case .record(.certificate(let certificate)) = story.actions[1] else { return }
        #expect(certificate == DockingStory.certificate)
    }

    @Test func withoutACertificateNoneIsDelivered() throws {
        var story = try erasing()
        story.tell(.erased(count: 1, left: []))
        #expect(story.words == ["record erase.ended", "record docking.ended", "close emptied"])
    }

    @Test func aCertificateThatNobodyAskedForIsNotWritten() throws {
        var story = try DockingStory(segments: 1)
        story.inspected()
        story.tell(.erased(count: 1, left: [], certificate: DockingStory.certificate))
        #expect(story.words == ["record finding"])
    }
}
