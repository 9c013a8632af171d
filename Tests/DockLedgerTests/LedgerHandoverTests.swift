import DockCore
import Testing

@testable import DockLedger

@Suite("Handovers out of the ledger")
struct LedgerHandoverTests {
    private func at(_ minutes: Double) -> Instant { Story.time.adding(seconds: minutes * 60) }

    @Test("a docking is told with what an earlier one sealed")
    func earlierSealings() throws {
        let bench = try Bench()
        let ledger = try bench.open()
        let (first, second) = (Story(), Story(docking: "D2"))
        try ledger.append([try first.started(segments: 1), try first.recordings(), try first.sealed(1)], at: at(0))
        try ledger.append([first.paused()], at: at(1))
        try ledger.append(
            [try second.started(segments: 1), try second.verified(1, sealing: first.sealing(1))], at: at(5))
        let vaults = ["archive"]
        let open = try #require(try ledger.handover(docking: "D2", .all, vaults: vaults)?.told(camera: nil))
        #expect(open.safety.files == 1 && open.safety.safe == 0)
        try ledger.append([try first.receipt(1), second.permitted(files: 1), second.erasedAll(1)], at: at(6))
        try ledger.append([second.ended(.emptied)], at: at(7))

        let told = try #require(try ledger.handover(docking: "D2", .all, vaults: vaults)?.told(camera: nil))
        #expect(told.safety.safe == 1 && told.safety.safeBytes == 1001 && told.safety.held == ["archive": 1])
        #expect(told.began == at(5) && told.ended == at(7) && told.outcome == .emptied && told.wearer == "4711")
        #expect(told.recordings.map(\.name) == ["R1"])
        let before = try #require(try ledger.handover(docking: "D1", .all, vaults: vaults)?.told(camera: nil))
        #expect(before.recordings.first?.warning == .before && before.recordings.first?.seconds == 60.5)
        #expect(before.recordingCount == 2 && before.nothingRecorded == nil)
        #expect(try ledger.handover(docking: "D3", .all, vaults: vaults) == nil)
        #expect(try ledger.handover(docking: "", .all, vaults: vaults) == nil)
    }

    @Test("dockings come with when their camera had been taken")
    func taken() throws {
        let bench = try Bench()
        let ledger = try bench.open()
        let (first, second, other) = (Story(), Story(docking: "D2"), Story(camera: "BWC-7", docking: "D3"))
        try ledger.append([try first.started(segments: 0), first.ended(.emptied)], at: at(0))
        try ledger.append([first.taken()], at: at(60))
        try ledger.append([try other.started(segments: 0)], at: at(90))
        let away = try ledger.history(camera: "BWC-0042")
        #expect(away == CameraHistory(lastSeen: at(60), taken: at(60), wearer: "4711"))
        try ledger.append([try second.started(segments: 0)], at: at(540))

        let all = try ledger.dockings(since: at(1), limit: 10)
        #expect(all.map(\.docking) == ["D3", "D2"])
        #expect(all.map(\.taken) == [nil, at(60)])
        #expect(all.last?.takenBattery == 97 && all.last?.battery == 80)
        #expect(try ledger.dockings(camera: "BWC-0042", limit: 10).map(\.docking) == ["D1", "D2"])
        #expect(try ledger.dockings(since: at(0), limit: 1).map(\.docking) == ["D2"])
        #expect(try ledger.history(camera: "BWC-0042").taken == nil)
        #expect(try ledger.history(camera: "nobody") == CameraHistory())
    }

    @Test("reports and alarms are found by their kind, and a new ledger has none")
    func reportsAndAlarms() throws {
        let bench = try Bench()
        let ledger = try bench.open()
        #expect(try ledger.shiftReports(limit: 10).isEmpty && ledger.alarmChanges(limit: 10).isEmpty)
        let story = Story()
        try ledger.append([try story.reported(1), story.alarm(.raised), try story.reported(2)], at: at(0))
        try ledger.append([story.alarm(.acknowledged), story.alarm(.cleared)], at: at(1))
        #expect(try ledger.shiftReports(limit: 10).map(\.edition) == [2, 1])
        #expect(try ledger.alarmChanges(limit: 2).map(\.change) == [.acknowledged, .cleared])
        #expect(Alarms(try ledger.alarmChanges(limit: 2)).open.isEmpty)
        #expect(Alarms(try ledger.alarmChanges(limit: 10).dropLast()).open.first?.by == "root")
        #expect(try bench.verify().problems == [])
    }
}
