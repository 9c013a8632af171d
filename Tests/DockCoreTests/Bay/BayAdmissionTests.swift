import Testing

@testable import DockCore

/// How many are read at once, and cameras that hang.
@Suite struct BayAdmissionTests {
    @Test func onlySoManyAreReadAtOnceAndWhoWaitedLongestIsNext() {
        let dock = BayStory { $0.docking.atOnce = 1 }
        for bay in ["3", "2", "1"] {
            dock.plug(bay)
            dock.wait(1)
        }
        #expect(["1", "2", "3"].map(dock.state) == [.waiting, .waiting, .reading])
        #expect(dock.status("1").reasons[0].contains("1 cameras are read at once"))
        dock.run("3").ends(.kept)
        #expect(dock.words == ["offload 2"])
        dock.run("2").ends(.undelivered)
        #expect(dock.words == ["offload 1"])
        dock.run("1").comesTo(.delivering)
        dock.wait(60)
        #expect(dock.words == [] && dock.state("2") == .waiting, "its turn to be tried again, but no place")
        dock.run("1").ends(.kept)
        #expect(dock.words == ["offload 2"])
    }

    @Test func aRunWhoseCameraIsGoneKeepsItsPlaceUntilItEnds() {
        let dock = BayStory { $0.docking.atOnce = 1 }
        dock.plug("1")
        dock.plug("2")
        dock.pull("1")
        #expect(dock.words == ["interrupt 1"])
        dock.run("1").fails(.disconnected)
        #expect(dock.words == ["offload 2"])
    }

    @Test func aWaitingCameraThatIsPulledIsForgotten() {
        let dock = BayStory { $0.docking.atOnce = 1 }
        dock.plug("1")
        dock.plug("2")
        dock.pull("2")
        #expect(dock.words == [] && dock.state("2") == .empty)
        dock.run("1").ends(.kept)
        #expect(dock.words == [])
    }

    @Test func aWaitingCameraWhoseMediumGoesDoesNotBlockTheNext() {
        let dock = BayStory { $0.docking.atOnce = 1 }
        for bay in ["1", "2", "3"] {
            dock.plug(bay)
            dock.wait(1)
        }
        dock.swapCard("2", nil)
        dock.run("1").ends(.kept)
        #expect(dock.words == ["offload 3"] && dock.state("2") == .seen)
        dock.swapCard("2", 60)
        dock.run("3").ends(.kept)
        #expect(dock.words == ["offload 2"])
    }

    @Test func aStalledCameraTakesNobodysPlace() {
        let dock = BayStory { $0.docking.atOnce = 1 }
        dock.plug("1")
        dock.plug("2")
        dock.run("1").reads(10)
        dock.wait(44.9)
        #expect(dock.words == [] && dock.state("1") == .reading)
        dock.wait(0.1)
        #expect(dock.words == ["offload 2"] && dock.state("1") == .stalled)
        #expect(dock.status("1").reasons[0].contains("45 s"))
        dock.run("1").reads(10)
        #expect(dock.state("1") == .stalled, "no byte more")
        dock.plug("3")
        dock.run("1").reads(11)
        #expect(dock.state("1") == .reading && dock.words == [])
        dock.run("2").ends(.kept)
        #expect(dock.words == [], "the one that stalled goes on, so there is no place for a third")
        dock.run("1").ends(.kept)
        #expect(dock.words == ["offload 3"])
    }

    @Test func onlyReadingStalls() {
        for stage in [Bay.Stage.delivering, .erasing, .releasing] {
            let dock = BayStory()
            dock.plug("1")
            dock.run("1").comesTo(stage)
            dock.wait(10_000)
            #expect(dock.state("1") != .stalled && dock.wakes == 0, "\(stage)")
        }
        let dock = BayStory()
        dock.plug("1")
        for wait in [SpoolWait.delivery, .space] {
            dock.run("1").comesTo(.reading, bytes: 5, waits: wait)
            dock.wait(10_000)
            #expect(
                dock.state("1") == .waiting && dock.wakes == 0, "it waits for the spool, and not the other way round")
        }
        dock.run("1").comesTo(.reading, bytes: 5)
        #expect(dock.state("1") == .reading)
        dock.run("1").comesTo(.reading, bytes: 6)
        dock.wait(44)
        #expect(dock.state("1") == .reading)
    }

    @Test func aCameraThatNeverBeginsStallsToo() {
        let dock = BayStory()
        dock.plug("1")
        dock.wait(45)
        #expect(dock.state("1") == .stalled)
    }

    @Test func aHungCameraIsPowerCycledSoOftenAndNoMore() {
        let dock = BayStory {
            $0.charging.power = .port
            $0.charging.powerCycles = 2
        }
        dock.plug("1")
        dock.wait(89.9)
        #expect(dock.words == [])
        dock.wait(0.1)
        #expect(dock.words == ["cycle 1"])
        dock.tell(.time)
        #expect(dock.words == [] && dock.state("1") == .stalled, "it has read nothing since")
        dock.wait(90)
        #expect(dock.words == ["cycle 1"])
        dock.wait(10_000)
        #expect(dock.words == [] && dock.state("1") == .stalled)
        #expect(dock.wakes == 3, "as it stalls, and for each cycle")
        dock.run("1").fails()
        dock.retry("1")
        dock.wait(90)
        #expect(dock.words == ["cycle 1"], "a person asked for it")
    }

    @Test func withoutPowerSwitchingNothingIsCycled() {
        for cycles in [0, 2] {
            let dock = BayStory {
                $0.charging.power = cycles == 0 ? .port : .none
                $0.charging.powerCycles = cycles
            }
            dock.plug("1")
            dock.wait(1000)
            #expect(dock.words == [] && dock.state("1") == .stalled)
        }
    }

    /// Cycling makes the device vanish and come back: that must not start the count anew.
    @Test(arguments: [nil, "D1"]) func cyclesAreBoundedAlthoughTheDeviceComesBackEachTime(docking: String?) {
        let dock = BayStory { $0.charging.power = .port }
        dock.plug("1")
        var cycles = 0
        for _ in 0..<10 {
            if let docking { dock.run("1").identifies("BWC1", docking) }
            dock.wait(90)
            guard dock.words == ["cycle 1"] else { break }
            cycles += 1
            dock.pull("1")
            if docking == nil { dock.run("1").fails(.disconnected) } else { dock.run("1").ends(.pulled) }
            dock.wait(3)
            dock.plug("1") { $0.disks = [] }
            dock.pull("1")
            dock.wait(3)
            dock.plug("1")
            #expect(dock.words.count == 1)
        }
        #expect(cycles == 2 && dock.state("1") == .stalled)
        dock.pull("1")
        dock.run("1").fails(.disconnected)
        dock.wait(15)
        #expect(dock.state("1") == .empty)
        dock.plug("1")
        dock.wait(90)
        #expect(dock.words == ["cycle 1"], "another visit has its own count")
    }
}
