import Testing

@testable import DockCore

/// Cameras that are pulled, put back, put elsewhere or exchanged.
@Suite struct BayPullTests {
    /// A dock with a camera in bay 1 that is being read.
    private func reading(_ docking: String = "D1") -> BayStory {
        let dock = BayStory()
        dock.plug("1")
        dock.run("1").identifies("BWC1", docking)
        dock.run("1").reads(100)
        return dock
    }

    @Test func aGlitchOfThePlugIsOneDockingThatGoesOn() {
        let dock = reading()
        dock.pull("1")
        #expect(dock.words == ["interrupt 1"] && dock.state("1") == .away)
        dock.wait(1)
        dock.plug("1")
        #expect(dock.words == [], "the run on what was pulled has not ended yet")
        dock.run("1").ends(.pulled)
        #expect(dock.words == ["offload 1 going on with D1"])
        #expect(dock.run("1").order.device == dock.plugged["1"], "the device that is there now")
        dock.run("1").identifies()
        #expect(dock.words == [])
        dock.run("1").ends(.emptied)
        dock.wait(100)
        #expect(dock.words == [] && dock.state("1") == .ready)
    }

    @Test func aGlitchThatTheRunSurvivesNotIsTheSameAfterIt() {
        let dock = reading()
        dock.pull("1")
        dock.run("1").ends(.pulled)
        dock.wait(14)
        #expect(dock.words == [] && dock.state("1") == .away)
        dock.plug("1")
        #expect(dock.words == ["offload 1 going on with D1"])
    }

    @Test func aPlugThatBouncesIsStillOneDocking() {
        let dock = reading()
        dock.pull("1")
        dock.run("1").ends(.pulled)
        dock.wait(2)
        dock.plug("1") { $0.disks = [] }
        #expect(dock.state("1") == .seen)
        dock.pull("1")
        #expect(dock.words == [] && dock.state("1") == .away, "gone again before its disk was there")
        dock.wait(2)
        dock.plug("1")
        #expect(dock.words == ["offload 1 going on with D1"])
        dock.pull("1")
        dock.run("1").fails(.disconnected)
        #expect(dock.state("1") == .away, "gone again before it was recognised")
        dock.wait(20)
        #expect(dock.words == ["abandon D1"])
    }

    @Test func aCameraThatDoesNotComeBackIsAbandonedOnce() {
        let dock = reading()
        dock.pull("1")
        dock.run("1").ends(.pulled)
        dock.wait(14.9)
        #expect(dock.words == [] && dock.wakes == 0)
        dock.wait(0.1)
        #expect(dock.words == ["abandon D1"] && dock.state("1") == .empty && dock.status("1").camera == nil)
        dock.wait(1000)
        dock.tell(.time)
        #expect(dock.words == [] && dock.wakes == 1)
        dock.plug("1")
        #expect(dock.words == ["offload 1"], "what is abandoned does not go on")
    }

    @Test func aPulledCameraWhoseRunEndsEndsAsTheRunSays() {
        let ends: [(DockingOutcome, waits: Bool)] = [
            (.emptied, false), (.kept, false), (.gap, false), (.undelivered, true), (.pulled, true),
        ]
        for (outcome, waits) in ends {
            let dock = reading()
            dock.pull("1")
            dock.run("1").ends(outcome)
            #expect(dock.words == [] && dock.state("1") == (waits ? .away : .empty), "\(outcome)")
            dock.wait(15)
            #expect(dock.words == (waits ? ["abandon D1"] : []) && dock.state("1") == .empty, "\(outcome)")
        }
    }

    @Test func aPulledCameraThatWasNotRecognisedLeavesNothing() {
        for passing in [true, false] {
            let dock = BayStory()
            dock.plug("1")
            dock.pull("1")
            dock.run("1").fails(.disconnected, passing: passing)
            #expect(dock.state("1") == .empty)
            dock.plug("1")
            dock.pull("1")
            dock.run("1").refuses("not registered")
            #expect(dock.words == ["refuse 1"] && dock.state("1") == .empty, "it was here, and that is written down")
            dock.wait(100)
            #expect(dock.words == [] && dock.wakes == 0)
        }
    }

    @Test(arguments: [BayStatus.State.incomplete, .failed, .refused, .seen])
    func whatIsPausedIsAbandonedFromEveryState(state: BayStatus.State) {
        for byRun in [true, false] {
            let dock = reading()
            dock.run("1").ends(.undelivered)
            if byRun && state != .incomplete { dock.wait(60) }
            switch (state, byRun) {
            case (.failed, _):
                dock.retry("1")
                dock.run("1").fails()
            case (.refused, true): dock.run("1").refuses("not registered")
            case (.refused, false):
                dock.change("1") { ($0.disks[0].sequence, $0.interfaces) = (9, [.storage, .keyboard]) }
            case (.seen, _):
                dock.run("1").ends(.undelivered)
                dock.swapCard("1", nil)
                dock.retry("1")
            default: break
            }
            #expect(dock.state("1") == state)
            dock.pull("1")
            #expect(!dock.words.contains("abandon D1") && dock.state("1") == .away, "\(state)")
            dock.wait(15)
            #expect(dock.words == ["abandon D1"] && dock.state("1") == .empty, "\(state)")
        }
    }

    @Test func whatIsOverIsNeverAbandoned() {
        for outcome in [DockingOutcome.emptied, .kept, .gap] {
            let dock = reading()
            dock.run("1").ends(outcome, needsDeepErase: true)
            if outcome == .kept { dock.release("1") } else { dock.retry("1") }
            dock.pull("1")
            if outcome != .emptied { dock.run("1").fails(.disconnected) }
            #expect(dock.state("1") == .empty, "\(outcome)")
            dock.wait(100)
            #expect(dock.words == [], "\(outcome)")
        }
    }

    @Test func aCameraThatWaitsAndIsOverIsNotMissed() {
        let dock = BayStory { $0.docking.atOnce = 1 }
        dock.plug("1")
        dock.run("1").identifies()
        dock.run("1").ends(.gap)
        dock.plug("2")
        dock.retry("1")
        #expect(dock.state("1") == .waiting)
        dock.pull("1")
        #expect(dock.state("1") == .empty)
    }

    @Test func anotherCameraEndsTheWaitForTheFirst() {
        let dock = reading()
        dock.pull("1")
        dock.run("1").ends(.pulled)
        dock.plug("1")
        dock.run("1").identifies("BWC2", "D2")
        #expect(dock.words == ["abandon D1"])
        dock.pull("1")
        dock.run("1").ends(.pulled)
        dock.wait(100)
        #expect(dock.words == ["abandon D2"])
    }

    @Test func aCameraThatIsOverIsNotAbandonedWhenAnotherComes() {
        for outcome in [DockingOutcome.emptied, .kept, .gap] {
            let dock = reading()
            dock.run("1").ends(outcome)
            dock.swapCard("1", 50)
            dock.run("1").identifies("BWC2", "D2")
            #expect(dock.words == [], "\(outcome)")
        }
    }

    @Test func aCameraThatIsPutIntoAnotherBayIsNoLongerAwaited() {
        for docking in ["D1", "D2"] {
            let dock = reading()
            dock.pull("1")
            dock.run("1").ends(.pulled)
            dock.plug("2")
            #expect(dock.words == ["offload 2"])
            dock.run("2").identifies("BWC1", docking)
            #expect(dock.words == (docking == "D1" ? [] : ["abandon D1"]) && dock.state("1") == .empty)
            dock.run("2").ends(.kept)
            dock.wait(100)
            #expect(dock.words == [])
        }
    }

    @Test func aCameraThatIsInAnotherBayBeforeItsRunEndsIsNotAwaitedEither() {
        for docking in ["D1", "D2"] {
            let dock = reading()
            dock.pull("1")
            dock.plug("2")
            dock.run("2").identifies("BWC1", docking)
            #expect(dock.words == [])
            dock.run("1").ends(.pulled)
            #expect(dock.words == (docking == "D1" ? [] : ["abandon D1"]) && dock.state("1") == .empty)
            dock.wait(100)
            #expect(!dock.words.contains { $0.hasPrefix("abandon") })
        }
    }

    @Test func aCameraThatLeftAnotherDeviceBehindIsNotAbandonedTwice() {
        let dock = reading()
        dock.pull("1")
        dock.run("1").ends(.pulled)
        dock.plug("1") { $0.interfaces = [.storage, .keyboard] }
        dock.plug("2")
        dock.run("2").identifies("BWC1", "D1")
        dock.run("2").ends(.emptied)
        dock.pull("2")
        dock.pull("1")
        dock.wait(100)
        #expect(dock.words == [] && dock.state("1") == .empty, "it went on, and ended, in bay 2")
    }
}
