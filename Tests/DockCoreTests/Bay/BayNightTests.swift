import Testing

@testable import DockCore

/// Deep erases in the nightly window, and when the agent must be awake.
@Suite struct BayNightTests {
    /// A dock with emptied cameras in these bays; it is a minute after midnight, the window 01:00 to 05:00.
    private func emptied(_ bays: [String] = ["1"], needsDeepErase: Bool = true, atOnce: Int = 8) -> BayStory {
        let dock = BayStory { $0.docking.atOnce = atOnce }
        dock.startMinute = 1
        for bay in bays {
            dock.plug(bay)
            dock.run(bay).identifies("BWC\(bay)", "D\(bay)")
            dock.run(bay).ends(.emptied, needsDeepErase: needsDeepErase)
        }
        return dock
    }

    @Test func anEmptiedCameraIsErasedDeeplyOnceInTheWindow() {
        let dock = emptied()
        dock.wait(58 * 60)
        #expect(dock.words == [] && dock.wakes == 0)
        dock.wait(60)
        #expect(dock.words == ["deepErase 1 going on with D1"] && dock.wakes == 1)
        dock.run("1").identifies()
        dock.run("1").ends(.emptied)
        dock.wait(24 * 3600)
        #expect(dock.words == [] && dock.state("1") == .ready)
    }

    @Test func whatNeedsNoDeepEraseGetsNone() {
        let dock = emptied(needsDeepErase: false)
        dock.wait(24 * 3600)
        #expect(dock.words == [] && dock.wakes == 0)
    }

    @Test func onlyEmptiedCamerasAreErasedDeeply() {
        for outcome in [DockingOutcome.kept, .gap] {
            let dock = BayStory()
            dock.plug("1")
            dock.run("1").identifies()
            dock.run("1").ends(outcome, needsDeepErase: true)
            dock.wait(24 * 3600)
            #expect(dock.words == [] && dock.wakes == 0, "\(outcome)")
        }
    }

    @Test func aCameraThatComesInTheWindowIsErasedDeeplyAtOnce() {
        let dock = emptied([])
        dock.startMinute = 299
        dock.plug("1")
        dock.run("1").ends(.kept)
        dock.retry("1")
        dock.run("1").identifies()
        dock.run("1").ends(.emptied, needsDeepErase: true)
        #expect(dock.words == ["deepErase 1 going on with D1"])
    }

    @Test func afterTheWindowItWaitsForTheNextNight() {
        let dock = emptied()
        dock.startMinute = 300
        dock.tell(.time)
        #expect(dock.words == [])
        #expect(dock.bays.nextWake(after: dock.now, minute: 300) == dock.now.adding(seconds: 20 * 3600))
        #expect(dock.bays.nextWake(after: dock.now, minute: 120) == nil, "it is time already")
    }

    @Test func deepErasesBeginOnlyWhileTheWindowIsOpenHoweverManyWait() {
        let dock = emptied(["1", "2", "3"], atOnce: 1)
        dock.wait(59 * 60)
        #expect(dock.words == ["deepErase 1 going on with D1"])
        #expect(dock.state("2") == .ready, "it may be taken while it has no turn")
        dock.run("1").comesTo(.erasing)
        dock.wait(3600)
        dock.run("1").ends(.emptied)
        #expect(dock.words == ["deepErase 2 going on with D2"])
        dock.run("2").comesTo(.erasing)
        dock.wait(3 * 3600)
        dock.run("2").ends(.emptied)
        #expect(dock.words == [], "it is past five: somebody will need it")
        dock.wait(20 * 3600 - 60)
        #expect(dock.words == [])
        dock.wait(60)
        #expect(dock.words == ["deepErase 3 going on with D3"], "the next night")
    }

    @Test func aCameraWithFootageComesBeforeADeepErase() {
        let dock = emptied(["1", "2"], atOnce: 1)
        dock.startMinute = 60
        dock.tell(.time)
        #expect(dock.words == ["deepErase 1 going on with D1"])
        dock.plug("3")
        dock.run("1").comesTo(.erasing)
        dock.run("1").ends(.emptied)
        #expect(dock.words == ["offload 3"])
        dock.run("3").ends(.kept)
        #expect(dock.words == ["deepErase 2 going on with D2"])
    }

    @Test func anEjectedMediumIsLoadedOnceToBeErasedDeeply() {
        let dock = emptied()
        dock.swapCard("1", nil)
        dock.wait(3600)
        #expect(dock.words == ["load 1"] && dock.state("1") == .ready)
        dock.swapCard("1", 77)
        #expect(dock.words == ["deepErase 1 going on with D1"])
        dock.run("1").identifies()
        dock.run("1").ends(.emptied)
        dock.swapCard("1", nil)
        dock.wait(24 * 3600)
        #expect(dock.words == [] && dock.state("1") == .ready)
    }

    @Test func anEjectedMediumThatDoesNotComeBackStaysReady() {
        let dock = emptied()
        dock.swapCard("1", nil)
        dock.wait(48 * 3600)
        #expect(dock.words == ["load 1"] && dock.state("1") == .ready)
        #expect(dock.wakes <= 2)
    }

    @Test func aReleasedCameraThatIsPulledIsNobodysBusiness() {
        let dock = emptied()
        dock.pull("1")
        #expect(dock.words == [] && dock.state("1") == .empty)
        dock.wait(24 * 3600)
        #expect(dock.words == [] && dock.wakes == 0)
        let waiting = emptied(["1", "2"], atOnce: 1)
        waiting.startMinute = 60
        waiting.tell(.time)
        waiting.pull("2")
        waiting.pull("1")
        waiting.run("1").fails(.disconnected)
        waiting.wait(1000)
        #expect(waiting.words == [] && ["1", "2"].map(waiting.state) == [.empty, .empty])
    }

    @Test func aDeepEraseThatIsInterruptedIsOpenAgain() {
        let dock = emptied()
        dock.startMinute = 60
        dock.tell(.time)
        dock.run("1").identifies()
        dock.pull("1")
        dock.run("1").ends(.pulled)
        #expect(dock.state("1") == .away)
        dock.wait(15)
        #expect(dock.words == ["abandon D1"])
    }

    @Test func anIdleDockSleeps() {
        let dock = BayStory { $0.charging.power = .port }
        #expect(dock.bays.nextWake(after: dock.now, minute: 0) == nil)
        dock.plug("1")
        dock.run("1").ends(.emptied)
        dock.plug("2")
        dock.run("2").ends(.gap)
        dock.plug("3") { $0.interfaces = [.storage, .keyboard] }
        #expect(dock.bays.nextWake(after: dock.now, minute: 0) == nil)
        dock.wait(48 * 3600)
        #expect(dock.wakes == 0 && dock.words == [])
    }

    @Test func theNextMomentIsTheEarliestOfAll() {
        let dock = BayStory()
        dock.plug("1")
        dock.run("1").ends(.undelivered)
        dock.wait(10)
        dock.plug("2")
        dock.plug("3")
        dock.run("3").identifies("BWC3", "D3")
        dock.pull("3")
        dock.run("3").ends(.pulled)
        func next() -> Double? {
            dock.bays.nextWake(after: dock.now, minute: dock.minute)?.seconds(since: dock.now)
        }
        #expect(next() == 15, "bay 3 is given up")
        dock.wait(20)
        #expect(next() == 25, "bay 2 stalls")
        dock.run("2").comesTo(.delivering)
        #expect(next() == 30, "bay 1 is tried again")
        let late = dock.now.adding(seconds: 1000)
        #expect(dock.bays.nextWake(after: late, minute: dock.minute) == nil, "never a moment that has passed")
    }
}
