import Testing

@testable import DockCore

/// How released cameras share what the dock's power supply can bear.
@Suite struct BayPowerTests {
    /// 1 percent in 36 seconds.
    private let curve = ChargeCurve([ChargeCurve.Point(percent: 100, seconds: 3600)])!

    private func dock(atOnce: Int? = 1, neededAt: [String: Int] = [:], power: ChargingSettings.Power = .port)
        -> BayStory
    {
        BayStory {
            $0.charging = ChargingSettings(power: power, atOnce: atOnce)
            $0.cameras = neededAt.map { RegisteredCamera(serial: $0.key, neededAt: $0.value) }
        }
    }

    /// A camera is plugged in, read and emptied. The switches of this step are among the words.
    private func release(_ dock: BayStory, _ bay: String, battery: Int?, curve: ChargeCurve? = nil) {
        dock.plug(bay)
        finish(dock, bay, battery: battery, curve: curve)
    }

    private func finish(_ dock: BayStory, _ bay: String, battery: Int?, curve: ChargeCurve? = nil) {
        dock.run(bay).identifies("BWC\(bay)", "D\(bay)", battery: battery, curve: curve ?? self.curve)
        dock.run(bay).ends(.emptied)
    }

    /// What the hardware does: the device goes when its port is off.
    private func unplugs(_ dock: BayStory, _ bay: String) {
        dock.tell(.gone(dock.plugged[bay]!.path))
    }

    @Test func theEmptiestChargeFirst() {
        let dock = dock()
        release(dock, "1", battery: 50)
        #expect(dock.words == [], "one may charge")
        release(dock, "2", battery: 40)
        #expect(dock.words == ["switch 1 off"])
        release(dock, "3", battery: 60)
        #expect(dock.words == ["switch 3 off"])
        #expect(dock.status("1").reasons == ["its port is off until others are charged"])
        #expect(["1", "2", "3"].map(dock.state) == [.charging, .charging, .charging])
    }

    @Test func theOnesNeededSoonestComeFirst() {
        // It is noon: 13:00 is before 06:00, and 06:00 before no time at all.
        let dock = dock(neededAt: ["BWC1": 360, "BWC2": 780])
        release(dock, "3", battery: 5)
        release(dock, "1", battery: 50)
        #expect(dock.words == ["switch 3 off"])
        release(dock, "2", battery: 90)
        #expect(dock.words == ["switch 1 off"])
    }

    @Test func aPortThatIsSwitchedOffKeepsTheBaysState() {
        let dock = dock()
        release(dock, "1", battery: 50)
        release(dock, "2", battery: 40)
        unplugs(dock, "1")
        #expect(dock.words == [])
        let status = dock.status("1")
        #expect(status.state == .charging && status.camera == "BWC1" && status.battery?.percent == 50)
        #expect(dock.bays.objection(to: .hold(bay: "1", reason: "x")) == nil, "a camera is in it")
        dock.wait(1800)
        #expect(dock.words == [] && dock.status("1").battery?.percent == 50, "it does not charge")
        #expect(dock.status("2").battery == BatteryReading(percent: 90, source: .estimate))
    }

    @Test func whenOneIsFullTheNextIsSwitchedOnAndLookedAtAgain() {
        let dock = dock()
        release(dock, "1", battery: 50)
        release(dock, "2", battery: 40)
        unplugs(dock, "1")
        dock.wait(2159)
        #expect(dock.words == [] && dock.wakes == 0)
        dock.wait(1.001)
        #expect(dock.words == ["switch 1 on"] && dock.wakes == 1 && dock.state("2") == .ready)
        guard case .switchPower(_, let device, _)? = dock.actions.first else { return }
        #expect(device.path == dock.plugged["1"]!.path, "the device as it was, which says where its port is")
        dock.wait(3)
        dock.plug("1")
        #expect(dock.words == ["offload 1 going on with D1"], "anything may have been put there in the meantime")
        dock.run("1").identifies("BWC1", "D1", curve: curve)
        dock.run("1").ends(.emptied)
        #expect(dock.words == [] && dock.status("1").battery?.percent == 50, "its status is gone with its footage")
        dock.wait(1800)
        #expect(dock.state("1") == .ready && dock.words == [])
    }

    @Test func aCameraThatWasPulledWhileItsPortWasOffIsNoticedWhenItIsOn() {
        let dock = dock()
        release(dock, "1", battery: 50)
        release(dock, "2", battery: 40)
        unplugs(dock, "1")
        dock.pull("2")
        #expect(dock.words == ["switch 1 on"])
        dock.wait(14)
        #expect(dock.state("1") == .charging)
        dock.wait(1)
        #expect(dock.words == [] && dock.state("1") == .empty)
        #expect(dock.bays.nextWake(after: dock.now, minute: 0) == nil)
    }

    @Test func aChargingCameraIsNotSwitchedBackAndForth() {
        let dock = dock()
        release(dock, "1", battery: 50)
        release(dock, "2", battery: 50)
        #expect(dock.words == ["switch 2 off"])
        for _ in 0..<49 {
            dock.wait(36)
            dock.tell(.time)
            #expect(dock.words == [], "although the other is the emptier one now")
        }
        dock.wait(37)
        #expect(dock.words == ["switch 2 on"])
    }

    @Test func whatHasChargedSoFarCountsWhenItIsSwitchedOff() {
        let dock = dock()
        release(dock, "1", battery: 50)
        dock.wait(360)
        release(dock, "2", battery: 20)
        #expect(dock.words == ["switch 1 off"] && dock.status("1").battery?.percent == 60)
        dock.wait(360)
        #expect(dock.status("1").battery?.percent == 60)
    }

    @Test func aBatteryThatNobodyKnowsDoesNotKeepOthersFromCharging() {
        let dock = dock()
        release(dock, "1", battery: nil)
        #expect(dock.words == [] && dock.state("1") == .ready)
        release(dock, "2", battery: 40)
        #expect(dock.words == ["switch 1 off"])
        dock.wait(2161)
        #expect(dock.words == ["switch 1 on"])
    }

    @Test func aFullCameraNeedsNoPower() {
        let dock = dock()
        release(dock, "1", battery: 100)
        #expect(dock.state("1") == .ready)
        release(dock, "2", battery: 90)
        #expect(dock.words == [])
    }

    @Test func withoutABoundOrASwitchNothingIsSwitched() {
        for story in [dock(atOnce: nil), dock(power: .none)] {
            release(story, "1", battery: 50)
            release(story, "2", battery: 40)
            #expect(story.words == [])
        }
    }

    @Test func theAgentIsAwakeAtTheMomentWhenACameraIsFull() {
        for percent in 1..<100 {
            for seconds in [3601.0, 4567.1, 9999.7] {
                let dock = dock()
                let curve = ChargeCurve([
                    ChargeCurve.Point(percent: 37, seconds: seconds / 3),
                    ChargeCurve.Point(percent: 100, seconds: seconds),
                ])!
                release(dock, "1", battery: percent, curve: curve)
                #expect(dock.status("1").battery?.percent == percent, "no less than it came with")
                release(dock, "2", battery: percent, curve: curve)
                dock.wait(seconds + 1)
                #expect(dock.words == ["switch 2 on"], "\(percent) of \(seconds)")
            }
        }
    }
}
