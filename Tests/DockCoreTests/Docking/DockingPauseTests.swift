import Testing

@testable import DockCore

/// Dockings that pause and go on.
@Suite struct DockingPauseTests {
    private let gone = DockError(.disconnected, "cannot read", at: "DCIM", because: "gone", next: "plug it in again")
    private let refusal = DockError(
        .unreachable, "cannot deliver", at: "archive", because: "down", next: "run again", isPassing: true)
    private let pausing = ["record docking.paused", "close interrupted"]

    /// A docking of one segment that is read and delivered.
    private func delivered(canPause: Bool = true) throws -> DockingStory {
        var story = try DockingStory(segments: 1, canPause: canPause)
        story.inspected()
        try story.seals(0)
        try story.receipt(0)
        #expect(story.words.last == "relist")
        return story
    }

    private func outcome(_ story: DockingStory) -> DockingOutcome? {
        if case .close(let outcome)? = story.actions.last { outcome } else { nil }
    }

    @Test func aPulledCameraPausesWhereSomebodyTakesItUpAgain() throws {
        var story = try DockingStory(segments: 3, canPause: true)
        story.inspected()
        try story.seals(0)
        story.tell(.cameraLost(gone))
        #expect(story.words == pausing)
        #expect(outcome(story)?.reasons == [gone.description] && outcome(story)?.canGoOn == true)
        guard case .record(.dockingPaused(let entry))? = story.actions.first else { return }
        #expect(entry.docking == "d1" && entry.camera == "BWC1" && entry.outcome == outcome(story))
        try story.receipt(0)
        story.tell(.relisted(differences: [], at: DockingStory.now))
        #expect(story.words == [], "nothing follows")
    }

    @Test func aCameraThatIsGoneAtTheSecondLookPauses() throws {
        let difference = Finding(.cameraGone, holds: true, "it is gone")
        var story = try delivered()
        story.tell(
            .relisted(
                differences: [Finding(.listingChanged, holds: true, "all is missing"), difference], at: DockingStory.now
            ))
        #expect(story.words == pausing, "and no finding that would hold it when it comes back")
        #expect(outcome(story) == .interrupted(reasons: ["it is gone"]))
        story = try delivered(canPause: false)
        story.tell(.relisted(differences: [difference], at: DockingStory.now))
        #expect(story.words == ["record finding", "record docking.ended", "close held"])
    }

    @Test func aCameraThatIsLostBeforeTheSecondLookPauses() throws {
        var story = try delivered()
        story.tell(.cameraLost(gone))
        #expect(story.words == pausing)
    }

    @Test func aStoppedAgentPausesInTheMiddleOfWork() throws {
        for stage in 0..<3 {
            var story = stage == 2 ? try delivered() : try DockingStory(segments: 1, canPause: true)
            if stage < 2 { story.inspected() }
            if stage == 1 { try story.seals(0) }
            story.tell(.stopped)
            #expect(story.words == pausing)
            try story.receipt(0)
            story.tell(.relisted(differences: [], at: DockingStory.now))
            #expect(story.words == [])
        }
        var story = try delivered(canPause: false)
        story.tell(.stopped)
        #expect(story.words == ["record docking.ended", "close interrupted"], "nobody takes it up again")
    }

    @Test func anAgentThatIsStoppedBeforeTheStartBeginsNothing() throws {
        for resumed in [false, true] {
            var story = try DockingStory(segments: 0, canPause: true, resumed: resumed)
            story.tell(.stopped)
            #expect(story.words == ["close interrupted"], "nothing was written, so nothing pauses")
            story.inspected()
            #expect(story.words == [])
            story.tell(.relisted(differences: [], at: DockingStory.now))
            #expect(story.words == [])
        }
    }

    @Test func anEraseThatIsUnderWayIsNotStopped() throws {
        var story = try delivered()
        story.tell(.relisted(differences: [], at: DockingStory.now))
        #expect(story.words == ["record erase.permitted", "erase 1"])
        story.tell(.stopped)
        story.tell(.cameraLost(gone))
        #expect(story.words == [], "the erase says itself how far it came")
        story.tell(.erased(count: 1, left: []))
        #expect(story.words == ["record erase.ended", "record docking.ended", "close emptied"])
    }

    @Test func anEraseThatLosesItsCameraPausesAndOneThatFailsHolds() throws {
        for (canPause, code, words) in [
            (true, DockError.Code.disconnected, pausing), (true, .io, ["record docking.ended", "close held"]),
            (false, .disconnected, ["record docking.ended", "close held"]),
        ] {
            var story = try delivered(canPause: canPause)
            story.tell(.relisted(differences: [], at: DockingStory.now))
            story.tell(.eraseFailed(DockError(code, "cannot erase", at: "DCIM", because: "x", next: "x")))
            #expect(story.words == words, "\(code)")
            #expect(outcome(story)?.reasons.last?.hasPrefix("the erase broke off: cannot erase") == true)
        }
    }

    @Test func whatIsIncompletePauses() throws {
        for (canPause, entry) in [(true, "record docking.paused"), (false, "record docking.ended")] {
            var story = try DockingStory(segments: 1, canPause: canPause)
            story.inspected()
            try story.seals(0)
            story.tell(.undelivered(0, vault: "archive", refusal))
            story.tell(.relisted(differences: [], at: DockingStory.now))
            #expect(story.words == [entry, "close incomplete"])
        }
    }

    @Test func whatIsDecidedEndsAlthoughItMightPause() throws {
        var story = try delivered()
        story.tell(.relisted(differences: [Finding(.listingChanged, holds: true, "changed")], at: DockingStory.now))
        #expect(story.words == ["record finding", "record docking.ended", "close held"])
        story = try DockingStory(segments: 0, keep: true, canPause: true)
        story.inspected()
        story.tell(.relisted(differences: [], at: DockingStory.now))
        #expect(story.words == ["record docking.ended", "close kept"])
    }

    @Test func aDockingThatGoesOnSaysSoInsteadOfStarting() throws {
        var story = try DockingStory(segments: 2, canPause: true, resumed: true)
        story.inspected()
        #expect(story.words == ["record docking.resumed", "read"])
        guard case .record(.dockingResumed(let entry))? = story.actions.first else { return }
        #expect(entry.segments == 2 && entry.bytes == 2001 && entry.visit.attachment == "boot:7")
        try story.knows(0)
        #expect(story.words == ["record segment.verified", "deliver 0 to archive"])
        try story.receipt(0)
        try story.seals(1)
        try story.receipt(1)
        story.tell(.relisted(differences: [], at: DockingStory.now))
        #expect(story.words == ["record erase.permitted", "erase 2"])
    }

    @Test func whatIsOnRecordIsNotWrittenAgainAndStillCounts() throws {
        let known = Finding(.sequenceGap, recording: "R0", holds: true, "number 7 is missing")
        let other = Finding(.timeGap, holds: false, "2 s are missing")
        var story = try DockingStory(segments: 1, canPause: true, resumed: true, recorded: [known])
        story.inspected([known, other])
        #expect(story.words == ["record docking.resumed", "record finding", "read"], "only the new one")
        story.tell(.found(known))
        #expect(story.words == [] && story.docking.findings == [known, other])
        try story.seals(0)
        try story.receipt(0)
        story.tell(.relisted(differences: [], at: DockingStory.now))
        #expect(story.words == ["record docking.ended", "close held"])
        #expect(outcome(story)?.reasons == [known.description])
    }

    @Test func aFindingOnRecordThatIsNotThereAnyMoreHoldsNothing() throws {
        var story = try DockingStory(
            segments: 0, canPause: true, resumed: true, recorded: [Finding(.readFailed, holds: true, "a bad plug")])
        story.inspected()
        story.tell(.relisted(differences: [], at: DockingStory.now))
        #expect(story.words.last == "erase 0")
    }

    @Test func aPersonWhoHoldsTheCameraBeforeItWasListedIsHeard() throws {
        var story = try DockingStory(segments: 1)
        let hold = Finding(.heldByPerson, holds: true, "court")
        story.tell(.found(hold))
        story.tell(.found(hold))
        #expect(story.words == [], "nothing is on record before the start")
        story.inspected()
        #expect(story.words == ["record docking.started", "record finding", "read"])
        try story.seals(0)
        try story.receipt(0)
        story.tell(.relisted(differences: [], at: DockingStory.now))
        #expect(story.words == ["record docking.ended", "close held"])
        #expect(outcome(story)?.reasons == ["court"])
    }
}
