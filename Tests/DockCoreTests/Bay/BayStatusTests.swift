import Foundation
import Testing

@testable import DockCore

/// What people see: states, reasons, and lights.
@Suite struct BayStatusTests {
    private func docked(_ outcome: DockingOutcome, battery: Int? = nil, steps: [ReleaseStep] = []) -> BayStory {
        let dock = BayStory()
        dock.plug("1")
        let curve = ChargeCurve([ChargeCurve.Point(percent: 100, seconds: 1000)])
        dock.run("1").identifies("BWC1", "D1", wearer: "4711", battery: battery, curve: curve)
        dock.run("1").ends(outcome, steps: steps)
        return dock
    }

    @Test func aRunShowsWhatItIsAt() {
        let dock = BayStory()
        dock.plug("1")
        let run = dock.run("1")
        #expect(dock.state("1") == .reading, "a camera that is opened must not be taken either")
        for (stage, state) in [
            (Bay.Stage.opening, BayStatus.State.reading), (.reading, .reading), (.delivering, .delivering),
            (.erasing, .erasing), (.releasing, .erasing),
        ] {
            run.comesTo(stage)
            #expect(dock.state("1") == state && dock.status("1").reasons == [])
        }
        run.comesTo(.reading, waits: .space)
        #expect(dock.state("1") == .waiting && dock.status("1").reasons[0].contains("spool is full"))
        run.comesTo(.reading, waits: .delivery)
        #expect(dock.state("1") == .waiting && dock.status("1").reasons[0].contains("is being delivered"))
    }

    @Test func progressSaysHowLongItWillTake() {
        let dock = BayStory()
        dock.plug("1")
        #expect(dock.status("1").progress == WorkProgress() && dock.status("1").secondsLeft == nil)
        dock.run("1").comesTo(.reading, bytes: 300, of: 1000, rate: 10)
        #expect(dock.status("1").secondsLeft == 70)
        dock.run("1").comesTo(.reading, bytes: 300, of: 1000)
        #expect(dock.status("1").secondsLeft == nil, "without a rate nobody knows")
        dock.run("1").comesTo(.reading, bytes: 1000, of: 1000, rate: 10)
        #expect(dock.status("1").secondsLeft == nil)
        dock.run("1").ends(.kept)
        #expect(dock.status("1").progress == nil)
    }

    @Test func whatEndedShowsItsOutcomeAndItsReasons() {
        for (outcome, state, reasons) in [
            (DockingOutcome.kept, BayStatus.State.kept, [String]()), (.gap, .held, ["a gap"]),
            (.undelivered, .incomplete, ["a vault is down"]), (.pulled, .incomplete, ["the camera was pulled"]),
        ] {
            let status = docked(outcome).status("1")
            #expect(status.state == state && status.reasons == reasons)
            #expect(status.camera == "BWC1" && status.docking == "D1" && status.wearer == "4711")
            #expect(status.usb?.serial == "123" && status.ports == [BayStory.port("1")])
        }
    }

    @Test func anEmptiedCameraIsReadyWhenItIsCharged() {
        for (battery, state) in [(nil, BayStatus.State.ready), (100, .ready), (99, .charging), (0, .charging)] {
            #expect(docked(.emptied, battery: battery).state("1") == state)
        }
        let dock = docked(.emptied, battery: 50)
        dock.wait(499)
        #expect(dock.state("1") == .charging)
        #expect(dock.status("1").battery == BatteryReading(percent: 99, source: .estimate))
        dock.wait(1)
        #expect(dock.state("1") == .ready && dock.status("1").seconds == 500)
    }

    @Test func stepsThatFailedAreShownAndKeepNoCamera() {
        let steps = [ReleaseStep(.provision, worked: false, "no space"), ReleaseStep(.eject, worked: true, "done")]
        let status = docked(.emptied, steps: steps).status("1")
        #expect(status.state == .ready && status.reasons == ["provision: no space"] && status.steps == steps)
    }

    @Test func aCameraThatWasPulledTooSoonIsCalledBack() {
        let dock = BayStory()
        dock.plug("1")
        dock.run("1").identifies()
        dock.pull("1")
        for _ in 0..<2 {
            let status = dock.status("1")
            #expect(status.state == .away && status.reasons == ["it was pulled before it was released: put it back"])
            #expect(status.camera == "BWC1")
            dock.run("1").ends(.pulled)
        }
        dock.wait(15)
        #expect(dock.status("1").camera == nil && dock.status("1").ports == [BayStory.port("1")])
    }

    @Test func aStatusIsTheSameAfterAWayThroughJSON() throws {
        let steps = [ReleaseStep(.eject, worked: true, "done")]
        let status = docked(.emptied, battery: 50, steps: steps).status("1")
        let json = try JSONEncoder().encode(status)
        #expect(try JSONDecoder().decode(BayStatus.self, from: json) == status)
        #expect(String(decoding: json, as: UTF8.self).contains(#""model":"46f4:0001""#))
    }

    // MARK: Lights

    private let lights = BayLights(busy: "blue", ready: "green", attention: "red")

    private func patterns(_ state: BayStatus.State, _ lights: BayLights) -> [String: LightPattern] {
        var status = docked(.kept).status("1")
        status.state = state
        return status.patterns(lights)
    }

    @Test func eachStateHasItsLights() {
        let slow = LightPattern.blink(on: 500, off: 500)
        let alarm = LightPattern.blink(on: 250, off: 250)
        let expected: [BayStatus.State: [LightPattern]] = [
            .empty: [.off, .off, .off], .kept: [.off, .off, .off], .seen: [.blink(on: 100, off: 100), .off, .off],
            .waiting: [slow, .off, .off], .reading: [slow, .off, .off], .delivering: [slow, .off, .off],
            .erasing: [slow, .off, .off], .cooling: [slow, .off, .off], .incomplete: [slow, .off, .off],
            .ready: [.off, .on, .off],
            .charging: [.off, .blink(on: 100, off: 1900), .off], .held: [.off, .off, alarm],
            .refused: [.off, .off, alarm], .failed: [.off, .off, alarm], .stalled: [.off, .off, alarm],
            .away: [.off, .off, alarm],
        ]
        for state in BayStatus.State.allCases {
            let shown = patterns(state, lights)
            #expect(["blue", "green", "red"].map { shown[$0] ?? .off } == expected[state] ?? [], "\(state)")
        }
    }

    @Test func noStateSaysTakeItWhileItMustNotBeTaken() {
        for state in BayStatus.State.allCases {
            let shown = patterns(state, lights)
            #expect(shown["green"] == .off || (shown["blue"] == .off && shown["red"] == .off), "\(state)")
        }
    }

    @Test func aSharedLightShowsWhatIsNotOff() {
        let one = BayLights(busy: "led", ready: "led", attention: "led")
        #expect(patterns(.held, one) == ["led": .blink(on: 250, off: 250)])
        #expect(patterns(.reading, one) == ["led": .blink(on: 500, off: 500)])
        #expect(patterns(.ready, one) == ["led": .on])
        #expect(patterns(.empty, one) == ["led": .off])
        #expect(patterns(.reading, BayLights(ready: "green")) == ["green": .off], "a dark light is told so")
        #expect(patterns(.reading, BayLights()) == [:])
    }
}
