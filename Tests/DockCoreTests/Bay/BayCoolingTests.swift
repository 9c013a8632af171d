import Testing

@testable import DockCore

/// Cameras whose receipts must grow older.
@Suite struct BayCoolingTests {
    private let until = Instant(seconds: 1_800_000_000)

    private func cooling(_ seconds: Double = 7200) -> BayStory {
        let dock = BayStory()
        dock.plug("1")
        dock.run("1").identifies()
        dock.run("1").cools(until, seconds: seconds)
        return dock
    }

    @Test func aCameraThatCoolsSaysUntilWhenAndGoesOnByItself() {
        let dock = cooling()
        let status = dock.status("1")
        #expect(status.state == .cooling && status.camera == "BWC1" && status.docking == "D1")
        #expect(status.reasons == ["everything is safe; the camera is emptied from \(until) on"])
        #expect(status.patterns(BayLights(busy: "b", ready: "r")) == ["b": .blink(on: 500, off: 500), "r": .off])
        dock.wait(7199)
        #expect(dock.words == [] && dock.wakes == 0)
        dock.wait(1)
        #expect(dock.words == ["offload 1 going on with D1"] && dock.wakes == 1)
        dock.run("1").identifies()
        dock.run("1").ends(.emptied)
        #expect(dock.state("1") == .ready)
    }

    @Test func aClockThatWasSetBackMakesNobodySpin() {
        let dock = cooling(0)
        dock.wait(1)
        dock.run("1").identifies()
        dock.run("1").cools(until, seconds: 100)
        dock.wait(99)
        #expect(dock.words == [] && dock.wakes == 1)
    }

    @Test func whatAPersonHasReleasedStaysReleased() {
        let dock = BayStory()
        dock.plug("1")
        dock.run("1").identifies()
        dock.run("1").ends(.kept)
        dock.release("1")
        dock.run("1").identifies()
        dock.run("1").cools(until, seconds: 60)
        dock.wait(60)
        #expect(dock.words == ["release 1 going on with D1"])
        dock.run("1").ends(.undelivered)
        dock.wait(60)
        #expect(dock.words == ["offload 1 going on with D1"])
    }

    @Test func aCameraThatIsTakenWhileItCoolsIsCalledBack() {
        let dock = cooling()
        dock.pull("1")
        #expect(dock.state("1") == .away)
        dock.wait(15)
        #expect(dock.words == ["abandon D1"] && dock.state("1") == .empty)
    }

    @Test func aPersonMayHaveItLookedAtAtOnce() {
        let dock = cooling()
        #expect(dock.bays.objection(to: .retry(bay: "1")) == nil)
        dock.retry("1")
        #expect(dock.words == ["offload 1 going on with D1"])
    }
}
