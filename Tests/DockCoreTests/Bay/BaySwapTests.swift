import Testing

@testable import DockCore

/// Media and devices that are exchanged while, or just before, something ends.
@Suite struct BaySwapTests {
    private func reading() -> BayStory {
        let dock = BayStory()
        dock.plug("1")
        dock.run("1").identifies()
        dock.run("1").reads(100)
        return dock
    }

    @Test func aCameraExchangedWhileTheRunEndsIsANewDocking() {
        for outcome in [DockingOutcome.emptied, .kept, .gap] {
            let dock = reading()
            dock.hold("1", "court")
            dock.pull("1")
            dock.plug("1")
            #expect(dock.words == [])
            dock.run("1").ends(outcome)
            #expect(dock.words == ["offload 1"], "\(outcome) was of the camera that is gone")
            #expect(dock.status("1").camera == nil)
        }
    }

    @Test func anotherDeviceInTheSamePortWhoseFirstWasNotSeenToGo() {
        let dock = reading()
        dock.plug("1")
        #expect(dock.words == ["interrupt 1"])
        dock.run("1").ends(.pulled)
        #expect(dock.words == ["offload 1 going on with D1"])
    }

    @Test func anotherMediumInTheSameDeviceInterruptsItsRun() {
        for sequence: UInt64? in [nil, 50] {
            let dock = reading()
            dock.swapCard("1", sequence)
            #expect(dock.words == ["interrupt 1"])
            dock.swapCard("1", sequence)
            #expect(dock.words == [], "once")
            dock.run("1").ends(.pulled)
            #expect(dock.words == (sequence == nil ? [] : ["offload 1 going on with D1"]))
        }
    }

    @Test func anotherMediumIsANewDockingWhateverWasBefore() {
        for outcome in [DockingOutcome.emptied, .kept, .gap] {
            let dock = reading()
            dock.run("1").ends(outcome)
            dock.swapCard("1", 50)
            #expect(dock.words.count == 1 && dock.words[0].hasPrefix("offload 1"), "\(outcome)")
            #expect(dock.run("1").order.disk.sequence == 50)
        }
    }

    @Test func anEjectedMediumIsNoNewDocking() {
        let dock = reading()
        dock.run("1").comesTo(.releasing)
        dock.swapCard("1", nil)
        #expect(dock.words == [], "the run did that itself")
        dock.run("1").ends(.emptied)
        dock.wait(1000)
        #expect(dock.words == [] && dock.state("1") == .ready)
        let late = reading()
        late.run("1").ends(.emptied)
        late.swapCard("1", nil)
        late.change("1") { $0.disks = [] }
        #expect(late.words == [] && late.state("1") == .ready, "the kernel notices later")
    }

    @Test func aMediumThatAppearsWhileTheCameraIsReleasedIsLookedAt() {
        let dock = reading()
        dock.run("1").comesTo(.releasing)
        dock.swapCard("1", nil)
        dock.swapCard("1", 50)
        dock.run("1").ends(.emptied)
        #expect(dock.words.count == 1 && dock.words[0].hasPrefix("offload 1"), "it may hold footage: it is not ready")
        #expect(dock.run("1").order.disk.sequence == 50)
    }

    @Test func aRefusalIsOfTheDeviceThatTheRunHad() {
        let dock = BayStory()
        dock.plug("1") { $0.usb.serial = "old" }
        dock.pull("1")
        dock.plug("1") { $0.usb.serial = "new" }
        dock.run("1").refuses("not registered", "BWC9")
        #expect(dock.words == ["refuse 1", "offload 1"])
        guard case .refuse(let refused)? = dock.actions.first else { return }
        #expect(refused.usb.serial == "old" && refused.camera == "BWC9")
        dock.run("1").refuses("not registered", "BWC8")
        #expect(dock.words == ["refuse 1"] && dock.state("1") == .refused)
    }

    @Test func aFailureIsOfTheDeviceThatTheRunHad() {
        let dock = BayStory()
        dock.plug("1")
        dock.swapCard("1", 50)
        dock.run("1").fails()
        #expect(dock.words == ["offload 1"])
        dock.run("1").fails()
        #expect(dock.words == [] && dock.state("1") == .failed)
    }

    @Test func whatAnEarlierRunSaysIsIgnored() {
        let dock = reading()
        let old = dock.run("1")
        dock.swapCard("1", 50)
        old.ends(.pulled)
        let new = dock.run("1")
        #expect(new.order.token != old.order.token)
        let before = dock.status("1")
        old.identifies("BWC7", "D7")
        old.comesTo(.erasing)
        old.ends(.emptied)
        old.refuses("late")
        #expect(dock.words == [] && dock.status("1") == before)
        dock.tell(.ended(bay: "2", token: new.order.token, .docked(.emptied, needsDeepErase: false, steps: [])))
        dock.tell(.gone("/nowhere"))
        #expect(dock.words == [] && dock.status("1") == before)
        new.ends(.kept)
        #expect(dock.state("1") == .kept)
    }
}
