import DockCore
import DockHandover
import DockLedger
import DockTestSupport
import Foundation
import Testing

@testable import DockAgent

/// What a team leader is answered, from a real ledger, reports and nights.
@Suite struct DutyDeskTests {
    private static func overview(_ desk: DutyDesk, _ bench: HandoverBench) throws -> DutyOverview {
        let now = bench.clock.now
        let cameras = try bench.resources.desk.pool(at: now).readiness([], at: now, .system)
        let status = DockStatus(
            dock: "test", agent: "1", since: now, now: now, bays: [],
            spool: SpoolStatus(undelivered: 0, freeBytes: nil, keepFree: 0), vaults: [], cameras: cameras,
            isStopping: false)
        return try desk.overview(status, bench.resources)
    }

    @Test func shiftsStandAsTheyAreAndTheirLastReportsAreTold() throws {
        let bench = try HandoverBench()
        let desk = DutyDesk()
        bench.set(-10)
        try bench.came("A", "D1")
        var overview = try Self.overview(desk, bench)
        #expect(overview.shifts.map(\.shift.name) == ["early", "late"])
        #expect(overview.shifts[0].open.map(\.kind) == [.notSafe] && overview.shifts[0].all.dockings == 1)
        #expect(overview.shifts[1].open.isEmpty && overview.shifts[1].all.dockings == 0)
        #expect(overview.reports.isEmpty && overview.nights.isEmpty && overview.status.cameras.count == 2)
        bench.set(30)
        bench.settle()
        overview = try Self.overview(desk, bench)
        #expect(overview.reports.first?.shift == HandoverBench.shift && overview.reports.first?.open.count == 1)
        try bench.isSafe("A", "D1")
        bench.settle()
        overview = try Self.overview(desk, bench)
        let told = overview.reports.filter { $0.shift == HandoverBench.shift }
        #expect(told.map(\.edition) == [2] && told[0].open.isEmpty, "of two editions the last one counts")
        #expect(overview.shifts[0].open.isEmpty)

        func report(_ edition: Int?) throws -> ShiftReport {
            try desk.report("early", on: HandoverBench.shift.date, edition: edition, bench.resources)
        }
        #expect(try [report(1), report(nil)] == bench.reports())
        #expect(throws: DockError.self) { try report(3) }
    }

    @Test func nightsAreToldNewestFirst() throws {
        let bench = try HandoverBench()
        #expect(try Self.overview(DutyDesk(), bench).nights.isEmpty)
        let began = bench.clock.now
        let folder = try #require(try NightFolder.claim(state: bench.dock.state))
        for (night, outcome) in [("2024-10-03", NightStep.Outcome.done), ("2024-10-04", .failed)] {
            let fault = NightFault(vault: "archive", key: "k", sealing: "s", code: .notFound, reason: "it is gone")
            _ = try folder.save(
                NightReport(
                    night: night, agent: "1", began: began, ended: began.adding(seconds: 9),
                    steps: [NightStep(.check, outcome, "one is gone")], faults: outcome == .failed ? [fault] : []))
        }
        let nights = try Self.overview(DutyDesk(), bench).nights
        #expect(nights.map(\.night) == ["2024-10-04", "2024-10-03"])
        #expect(nights.map(\.faults) == [1, 0] && nights.map { $0.failed.map(\.note) } == [["one is gone"], []])
    }

    @Test func historySaysWhatEachDayBrought() throws {
        let bench = try HandoverBench()
        let desk = DutyDesk()
        bench.set(-40)
        try bench.came("A", "D1")
        try bench.came("B", "D2")
        bench.set(-10)
        func today() throws -> HistoryDay {
            let days = try desk.history(bench.resources)
            #expect(days.count == DutyDesk.days && days.dropLast().allSatisfy { $0.dockings == 0 })
            return try #require(days.last)
        }
        var day = try today()
        #expect(day.date == HandoverBench.shift.date && day.dockings == 2 && day.bytes == 2000)
        #expect(day.usualSeconds == nil && day.held == 0 && day.unfinished == 0)
        try bench.isSafe("A", "D1")
        try bench.write(
            .dockingEnded(DockingEnded(docking: "D2", camera: "B", outcome: .held(reasons: ["a gap"]))))
        day = try today()
        #expect(day.usualSeconds == 1800 && day.longestSeconds == 1800 && day.held == 1)
        #expect(try today() == day, "what is remembered says the same")
    }

    @Test func questionsAndAnswersSurviveTheLine() throws {
        let bench = try HandoverBench()
        bench.set(-10)
        try bench.came("A", "D1")
        bench.set(30)
        bench.settle()
        let desk = DutyDesk()
        let report = try #require(try bench.reports().first)
        for reply in [
            ControlReply.overview(try Self.overview(desk, bench)), .report(report),
            .history(try desk.history(bench.resources)),
        ] {
            #expect(try ControlReply(reply.line) == reply)
        }
        for request in [
            ControlRequest.overview, .history, .report(shift: "late", date: HandoverBench.shift.date, edition: nil),
            .report(shift: "early", date: HandoverBench.shift.date, edition: 2),
        ] {
            #expect(ControlRequest(Array(try request.line)) == request)
        }
        #expect(ControlRequest(Array("{\"ask\":\"report\",\"shift\":\"late\"}".utf8)) == nil)
    }
}
