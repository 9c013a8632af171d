import Testing

@testable import DockCore

@Suite struct DockingTests {
    private let refusal = DockError(
        .unreachable, "cannot deliver", at: "archive", because: "down", next: "run again", isPassing: true)

    @Test func aCameraIsReadDeliveredListedAgainErasedAndReleased() throws {
        var story = try DockingStory()
        story.inspected()
        #expect(story.words == ["record docking.started", "read"])
        try story.seals(0)
        #expect(story.words == ["record segment.sealed", "deliver 0 to archive"])
        try story.receipt(0)
        #expect(story.words == ["record receipt", "unspool sealing0"])
        try story.seals(1)
        try story.receipt(1)
        #expect(story.words == ["record receipt", "unspool sealing1", "relist"])
        story.tell(.relisted(differences: [], at: DockingStory.now))
        #expect(story.words == ["record erase.permitted", "erase 2"])
        story.tell(.erased(count: 2, left: []))
        #expect(story.words == ["record erase.ended", "record docking.ended", "close emptied"])
    }

    @Test func anEntryAlwaysStandsBeforeTheActThatItJustifies() throws {
        var story = try DockingStory(segments: 1)
        story.inspected()
        try story.seals(0)
        #expect(
            story.words.firstIndex(of: "record segment.sealed")! < story.words.firstIndex(of: "deliver 0 to archive")!)
        try story.receipt(0)
        story.tell(.relisted(differences: [], at: DockingStory.now))
        #expect(story.words.first == "record erase.permitted")
    }

    @Test func keepingOrErasingLaterEndsWithoutAPermit() throws {
        for (keep, erase) in [(true, ReleasePolicy.Erase.now), (false, .later)] {
            var story = try DockingStory(segments: 1, erase: erase, keep: keep)
            story.inspected()
            try story.seals(0)
            try story.receipt(0)
            story.tell(.relisted(differences: [], at: DockingStory.now))
            #expect(story.words == ["record docking.ended", "close kept"])
        }
    }

    @Test func aMismatchIsDeliveredAndHoldsTheCamera() throws {
        var story = try DockingStory(segments: 1)
        story.inspected()
        try story.seals(0, .mismatch)
        #expect(story.words == ["record segment.sealed", "record finding", "deliver 0 to archive"])
        try story.receipt(0)
        story.tell(.relisted(differences: [], at: DockingStory.now))
        #expect(story.words == ["record docking.ended", "close held"])
    }

    @Test func oneVaultOfTwoIsEnoughOnlyWhereThePolicySaysSo() throws {
        let cases: [(ReleasePolicy.Requirement, String)] = [
            (.all, "close incomplete"), (.any, "erase 1"), (.named(["archive"]), "erase 1"),
            (.named(["nas"]), "close incomplete"),
            (.named(["elsewhere"]), "close incomplete"), (.named([]), "close incomplete"),
        ]
        for (requirement, last) in cases {
            var story = try DockingStory(segments: 1, vaults: ["archive", "nas"], require: requirement)
            story.inspected()
            try story.seals(0)
            try story.receipt(0)
            #expect(!story.words.contains("unspool sealing0"), "the spool keeps it until both have it")
            story.tell(.undelivered(0, vault: "nas", refusal))
            story.tell(.relisted(differences: [], at: DockingStory.now))
            #expect(story.words.last == last, "\(requirement)")
        }
    }

    /// What people are told in their language, and programs as codes, is written down with the end.
    @Test func anEndSaysItsCausesInValues() throws {
        func causes(_ story: DockingStory) throws -> [Cause]? {
            let entry = try #require(
                story.actions.compactMap { action -> DockingEnded? in
                    if case .record(.dockingEnded(let entry)) = action { entry } else { nil }
                }.first)
            #expect(entry.causes ?? [] == story.docking.causes)
            return entry.causes
        }
        var story = try DockingStory(segments: 1, vaults: ["archive", "nas"], require: .all)
        story.inspected()
        try story.seals(0)
        try story.receipt(0)
        story.tell(.undelivered(0, vault: "nas", refusal))
        story.tell(.relisted(differences: [], at: DockingStory.now))
        #expect(try causes(story) == [Cause(.state(.undelivered), vault: "nas", count: 1)])

        story = try DockingStory(segments: 1)
        story.inspected()
        try story.seals(0)
        try story.receipt(0)
        let path = try CameraPath("DCIM/4711.mp4")
        let findings = (0..<60).map {
            Finding(.listingChanged, path: path, missing: .items($0), holds: true, "it changed")
        }
        story.tell(.relisted(differences: findings, at: DockingStory.now))
        #expect(try causes(story)?.count == Cause.most && causes(story)?.first == Cause(findings[0]))
        story = try DockingStory(segments: 1)
        story.inspected()
        try story.seals(0)
        try story.receipt(0)
        story.tell(.relisted(differences: [], at: DockingStory.now))
        story.tell(.erased(count: 1, left: []))
        #expect(try causes(story) == nil, "nothing is left to do")
    }

    @Test func withoutVaultsNothingIsEverErased() throws {
        var story = try DockingStory(segments: 1, vaults: [], require: .any)
        story.inspected()
        try story.seals(0)
        story.tell(.relisted(differences: [], at: DockingStory.now))
        #expect(story.words.last == "close incomplete")
    }

    @Test func aReceiptForOtherBytesHoldsTheCamera() throws {
        let sealed = try DockingStory.sealed(0)
        var wrong: [Receipt] = []
        for change in 0..<4 {
            var receipt = DockingStory.receipt(sealed, "archive")
            if change == 0 { receipt.bytes += 1 }
            if change == 1 { receipt.sealing = "other" }
            if change == 2 { receipt.key = "somewhere/else.age" }
            if change == 3 { receipt.vault = "unknown" }
            wrong.append(receipt)
        }
        for receipt in wrong {
            var story = try DockingStory(segments: 1)
            story.inspected()
            try story.seals(0)
            story.tell(.receipt(0, receipt))
            #expect(story.words == ["record finding"])
            try story.receipt(0)
            story.tell(.relisted(differences: [], at: DockingStory.now))
            #expect(story.words.last == "close held")
        }
    }

    @Test func aListingThatChangedHoldsTheCamera() throws {
        var story = try DockingStory(segments: 1)
        story.inspected()
        try story.seals(0)
        try story.receipt(0)
        story.tell(
            .relisted(
                differences: [Finding(.listingChanged, holds: true, "the camera reads as empty")], at: DockingStory.now)
        )
        #expect(story.words == ["record finding", "record docking.ended", "close held"])
    }

    @Test func aCameraThatIsPulledIsHeldAndWhatWasReadIsStillDelivered() throws {
        var story = try DockingStory(segments: 3)
        story.inspected()
        try story.seals(0)
        story.tell(
            .cameraLost(DockError(.disconnected, "cannot read", at: "DCIM", because: "gone", next: "plug it in again")))
        #expect(story.words == ["record finding"])
        try story.receipt(0)
        #expect(story.words.last == "relist")
        story.tell(.relisted(differences: [], at: DockingStory.now))
        #expect(story.words.last == "close held")
    }

    @Test func aFullSpoolIsIncompleteAndNotAFaultOfTheCamera() throws {
        var story = try DockingStory(segments: 1)
        story.inspected()
        story.tell(.failed(0, DockError(.noSpace, "cannot seal", at: "spool", because: "full", next: "free space")))
        #expect(story.words == ["relist"])
        story.tell(.relisted(differences: [], at: DockingStory.now))
        #expect(story.words.last == "close incomplete")
    }

    @Test func footageIsErasedBeforeTheManifestThatTellsOfIt() throws {
        var story = try DockingStory(segments: 2)
        var plan = story.plan
        plan[0].role = .manifest
        story.tell(.inspected(plan: plan, findings: []))
        for index in 0..<2 {
            try story.seals(index)
            try story.receipt(index)
        }
        story.tell(.relisted(differences: [], at: DockingStory.now))
        guard case .erase(let permit)? = story.actions.last else { Issue.record("no permit"); return }
        #expect(permit.files.map(\.role) == [.listed, .manifest])
    }

    @Test func whatTheEraserLeavesHoldsTheCamera() throws {
        var story = try DockingStory(segments: 1)
        story.inspected()
        try story.seals(0)
        try story.receipt(0)
        story.tell(.relisted(differences: [], at: DockingStory.now))
        story.tell(
            .erased(count: 0, left: [LeftFile(path: story.plan[0].file.path, reason: "changed since it was read")]))
        #expect(story.words == ["record erase.ended", "record docking.ended", "close held"])
    }

    @Test func anEmptyCameraIsReleasedAfterASecondLook() throws {
        var story = try DockingStory(segments: 0)
        story.inspected()
        #expect(story.words == ["record docking.started", "read", "relist"])
        story.tell(.relisted(differences: [], at: DockingStory.now))
        #expect(story.words == ["record erase.permitted", "erase 0"])
    }
}
