import Testing

@testable import DockCore

/// The nightly run asks for what waits.
@Suite struct BayNightlyTests {
    private func docked(_ end: (BayRun) -> Void) -> BayStory {
        let dock = BayStory()
        dock.plug("1")
        dock.run("1").identifies()
        end(dock.run("1"))
        return dock
    }

    @Test func whatFailedForAPassingReasonHasItsTurnAtOnce() {
        for dock in [docked { $0.ends(.undelivered) }, docked { $0.fails(passing: true) }] {
            dock.tell(.night)
            #expect(dock.words.count == 1, "\(dock.words)")
            dock.tell(.night)
            #expect(dock.words == [], "it is under way already")
        }
    }

    @Test func whatAPersonMustLookAtAndWhatMustGrowOlderWaits() {
        let docks = [
            docked { $0.ends(.gap) }, docked { $0.ends(.kept) }, docked { $0.ends(.emptied) }, docked { $0.fails() },
            docked { $0.refuses("a keyboard") }, docked { $0.cools(Instant(seconds: 2_000_000), seconds: 5000) },
        ]
        for dock in docks {
            let before = dock.state("1")
            dock.tell(.night)
            #expect(dock.words == [] && dock.state("1") == before)
        }
        let empty = BayStory()
        empty.tell(.night)
        #expect(empty.words == [])
    }
}
