import Testing

@testable import DockCore

/// No erase before the receipts are old enough.
@Suite struct DockingCoolOffTests {
    private func delivered(
        vaults: [String] = ["archive"], require: ReleasePolicy.Requirement = .all, dates: [String: Int64],
        erase: ReleasePolicy.Erase = .now, keep: Bool = false, canPause: Bool = true
    ) throws -> DockingStory {
        var story = try DockingStory(
            segments: 2, vaults: vaults, require: require, erase: erase, coolOff: 7200, keep: keep, canPause: canPause)
        story.inspected()
        for index in 0..<2 {
            try story.seals(index)
            let sealed = try DockingStory.sealed(index)
            for vault in vaults {
                // The first segment is a second older than the second one.
                let date = Instant(seconds: (dates[vault] ?? 0) + Int64(index))
                story.tell(.receipt(index, DockingStory.receipt(sealed, vault, confirmed: date)))
            }
        }
        #expect(story.words.last == "relist")
        return story
    }

    private func until(_ story: DockingStory) -> Int64? {
        if case .close(.cooling(let until))? = story.actions.last { until.milliseconds / 1000 } else { nil }
    }

    @Test(arguments: [true, false]) func aCameraWaitsUntilTheYoungestReceiptIsOldEnough(canPause: Bool) throws {
        for (now, cools) in [(0, true), (5000, true), (8200, true), (8201, false), (9000, false)] as [(Int64, Bool)] {
            var story = try delivered(dates: ["archive": 1000], canPause: canPause)
            story.tell(.relisted(differences: [], at: Instant(seconds: now)))
            if cools {
                #expect(story.words == ["record docking.\(canPause ? "paused" : "ended")", "close cooling"])
                #expect(until(story) == 8201)
                guard case .close(let outcome)? = story.actions.last else { continue }
                #expect(outcome.canGoOn && outcome.reasons[0].contains("1970-01-01T02:16:41Z"))
            } else {
                #expect(story.words == ["record erase.permitted", "erase 2"])
            }
        }
    }

    @Test func onlyRequiredReceiptsAreWaitedFor() throws {
        let dates: [String: Int64] = ["a": 1000, "b": 2000, "c": 3000]
        for (require, end) in [
            (.all, 10_201), (.any, 8201), (.named(["b"]), 9201), (.named(["a", "b"]), 9201),
        ] as [(ReleasePolicy.Requirement, Int64)] {
            var story = try delivered(vaults: ["a", "b", "c"], require: require, dates: dates)
            story.tell(.relisted(differences: [], at: Instant(seconds: end - 1)))
            #expect(until(story) == end, "\(require)")
            story = try delivered(vaults: ["a", "b", "c"], require: require, dates: dates)
            story.tell(.relisted(differences: [], at: Instant(seconds: end)))
            #expect(story.words.last == "erase 2", "\(require)")
        }
    }

    @Test func anEarlierReceiptKeepsItsDate() throws {
        var story = try DockingStory(segments: 1, vaults: ["archive", "cloud"], coolOff: 7200, canPause: true)
        story.inspected()
        let sealed = try DockingStory.sealed(0)
        story.tell(
            .covered(
                0, try DockingStory.evidence(0), sealed,
                [DockingStory.receipt(sealed, "archive", confirmed: Instant(seconds: 10))]))
        story.tell(.receipt(0, DockingStory.receipt(sealed, "archive", confirmed: Instant(seconds: 9000))))
        #expect(story.words == [])
        story.tell(.receipt(0, DockingStory.receipt(sealed, "cloud", confirmed: Instant(seconds: 5))))
        story.tell(.relisted(differences: [], at: Instant(seconds: 7210)))
        #expect(story.words == ["record erase.permitted", "erase 1"])
    }

    @Test func whatIsNotToBeErasedDoesNotCool() throws {
        for (erase, keep) in [(ReleasePolicy.Erase.later, false), (.now, true)] {
            var story = try delivered(dates: [:], erase: erase, keep: keep)
            story.tell(.relisted(differences: [], at: Instant(seconds: 0)))
            #expect(story.words.last == "close kept")
        }
        var empty = try DockingStory(segments: 0, coolOff: 7200)
        empty.inspected()
        empty.tell(.relisted(differences: [], at: Instant(seconds: 0)))
        #expect(empty.words.last == "erase 0", "nothing is lost by that")
    }

    @Test func aHoldOutweighsTheCooling() throws {
        var story = try delivered(dates: [:])
        story.tell(.found(.heldByPerson("court")))
        story.tell(.relisted(differences: [], at: Instant(seconds: 0)))
        #expect(story.words.last == "close held")
    }
}
