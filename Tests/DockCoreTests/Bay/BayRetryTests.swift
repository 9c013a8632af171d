import Testing

@testable import DockCore

/// What is tried again by itself, and what people at the dock ask for.
@Suite struct BayRetryTests {
    private func docked(_ outcome: DockingOutcome, bay: String = "1", dock: BayStory = BayStory()) -> BayStory {
        dock.plug(bay)
        dock.run(bay).identifies()
        dock.run(bay).ends(outcome)
        return dock
    }

    /// Waits for the next run in bay 1; answers after how many seconds it came.
    private func secondsToNextRun(_ dock: BayStory) -> Double {
        let start = dock.now
        for _ in 0..<10_000 {
            dock.wait(1)
            if !dock.words.isEmpty { break }
        }
        return dock.now.seconds(since: start)
    }

    @Test func anIncompleteDockingIsTriedAgainAfterDoublingDelays() {
        let dock = docked(.undelivered)
        #expect(dock.state("1") == .incomplete && dock.status("1").reasons == ["a vault is down"])
        var delays: [Double] = []
        for _ in 0..<9 {
            delays.append(secondsToNextRun(dock))
            dock.run("1").identifies()
            dock.run("1").ends(.undelivered)
        }
        #expect(delays == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600])
        #expect(dock.wakes == 9, "woken for each try, and for nothing else")
    }

    @Test func aCameraThatWasWholeAgainBeginsWithShortDelays() {
        let dock = docked(.undelivered)
        dock.wait(60)
        dock.run("1").ends(.undelivered)
        dock.wait(120)
        dock.run("1").ends(.gap)
        dock.retry("1")
        dock.run("1").ends(.pulled)
        #expect(secondsToNextRun(dock) == 60)
        dock.run("1").ends(.undelivered)
        dock.pull("1")
        dock.plug("1")
        dock.run("1").identifies("BWC2", "D2")
        dock.run("1").ends(.undelivered)
        #expect(secondsToNextRun(dock) == 60, "another camera has not failed before")
    }

    @Test func whatEndedIsNotTriedAgain() {
        for outcome in [DockingOutcome.emptied, .kept, .gap] {
            let dock = docked(outcome)
            dock.wait(10_000)
            #expect(dock.words == [] && dock.wakes == 0, "\(outcome)")
        }
    }

    @Test func afterAFailureOnlyWhatPassesByItselfIsTriedAgain() {
        for (code, passing, again) in [
            (DockError.Code.unreachable, true, true), (.disconnected, false, true), (.malformed, false, false),
        ] {
            let dock = BayStory()
            dock.plug("1")
            dock.run("1").fails(code, passing: passing)
            #expect(dock.state("1") == .failed && dock.status("1").reasons[0].contains("cannot mount"))
            dock.wait(60)
            #expect(dock.words == (again ? ["offload 1"] : []), "\(code)")
        }
    }

    @Test func aStoppingAgentBeginsNothing() {
        let dock = docked(.undelivered)
        dock.bays.isStopping = true
        dock.plug("2")
        dock.wait(100)
        #expect(dock.words == [] && dock.state("2") == .waiting && dock.state("1") == .incomplete)
    }

    @Test func aPersonMayHaveItTriedAgainAtOnce() {
        for outcome in [DockingOutcome.gap, .kept, .undelivered, .pulled] {
            let dock = docked(outcome)
            #expect(dock.bays.objection(to: .retry(bay: "1")) == nil)
            dock.retry("1")
            #expect(dock.words == ["offload 1 going on with D1"], "\(outcome)")
        }
        let dock = docked(.emptied)
        dock.retry()
        #expect(dock.words == [], "nothing is on it")
    }

    @Test func allBaysAreTriedAgainAtOnceWhereThatMakesSense() {
        let dock = docked(.gap)
        dock.plug("2")
        dock.plug("3")
        dock.run("3").fails()
        #expect(dock.bays.objection(to: .retry(bay: nil)) == nil)
        dock.retry()
        #expect(dock.words.sorted() == ["offload 1 going on with D1", "offload 3"], "bay 2 is being read")
    }

    @Test func aRetryByHandStartsTheDelaysAnew() {
        let dock = docked(.undelivered)
        dock.wait(60)
        dock.run("1").ends(.undelivered)
        dock.retry("1")
        dock.run("1").ends(.undelivered)
        #expect(secondsToNextRun(dock) == 60)
    }

    @Test func aKeptCameraIsReleasedByHand() {
        let dock = docked(.kept)
        #expect(dock.bays.objection(to: .release(bay: "1")) == nil)
        dock.release("1")
        #expect(dock.words == ["release 1 going on with D1"])
        dock.run("1").ends(.emptied)
        #expect(dock.state("1") == .ready)
    }

    @Test func aCameraHeldForItsFootageIsNotReleasedByHand() {
        let dock = docked(.gap)
        #expect(dock.bays.objection(to: .release(bay: "1"))?.contains("a gap") == true)
        dock.release("1")
        #expect(dock.words == [] && dock.state("1") == .held, "whoever asks without asking first gets the same answer")
    }

    @Test func aHoldReachesTheRunAndEveryLaterOneUntilItIsReleased() {
        let dock = BayStory()
        dock.plug("1")
        dock.run("1").identifies()
        dock.hold("1", "court")
        #expect(dock.words == ["hold 1: court"])
        dock.run("1").ends(.held(reasons: ["court"]))
        dock.retry("1")
        #expect(dock.words == ["offload 1 going on with D1, held: court"])
        dock.run("1").identifies()
        dock.run("1").ends(.held(reasons: ["court"]))
        #expect(dock.bays.objection(to: .release(bay: "1")) == nil, "it is held for the person's sake alone")
        dock.release("1")
        #expect(dock.words == ["release 1 going on with D1"])
        dock.run("1").ends(.held(reasons: ["a gap"]))
        #expect(dock.bays.objection(to: .release(bay: "1")) != nil)
    }

    @Test func aHoldOfASettledCameraCountsForItsNextRun() {
        let dock = docked(.undelivered)
        dock.hold("1", "court")
        #expect(dock.words == [])
        dock.wait(60)
        #expect(dock.words == ["offload 1 going on with D1, held: court"])
        dock.run("1").identifies()
        dock.swapCard("1", 50)
        dock.run("1").ends(.pulled)
        dock.run("1").identifies("BWC2", "D2")
        dock.run("1").ends(.kept)
        dock.retry("1")
        #expect(dock.words == ["offload 1 going on with D2"], "another camera is not held")
    }

    @Test func aHoldOfAnEmptyBayIsNotKeptForWhoeverComes() {
        let dock = BayStory()
        #expect(dock.bays.objection(to: .hold(bay: "1", reason: "court")) == "bay 1 is empty")
        dock.hold("1", "court")
        dock.plug("1")
        #expect(dock.words == ["offload 1"])
    }

    @Test func objectionsSayWhyNot() {
        let dock = BayStory { $0.docking.atOnce = 1 }
        #expect(dock.bays.objection(to: .retry(bay: "9")) == "there is no bay 9; there are: 1, 2, 3")
        #expect(dock.bays.objection(to: .release(bay: "1")) == "bay 1 is empty")
        dock.plug("1")
        dock.plug("2")
        #expect(dock.bays.objection(to: .release(bay: "1"))?.contains("being worked on") == true)
        #expect(dock.bays.objection(to: .release(bay: "2")) == "nothing in bay 2 can be released now")
        #expect(dock.bays.objection(to: .hold(bay: "1", reason: "x")) == nil)
        dock.release("1")
        dock.release("2")
        dock.release("9")
        dock.hold("9", "x")
        dock.retry("9")
        #expect(dock.words == [] && dock.state("1") == .reading)
        dock.run("1").ends(.kept)
        dock.swapCard("1", nil)
        #expect(dock.bays.objection(to: .release(bay: "1"))?.contains("shows no medium") == true)
        dock.release("1")
        #expect(dock.words == [] && dock.state("1") == .kept, "what it was is still true")
    }
}
