import Testing

@testable import DockCore

@Suite struct ShiftReportTests {
    private static let local = RateScheduleTests.amsterdam
    private static let plan = ShiftPlan([
        ShiftPlan.Rule(name: "early", days: Set(Weekday.allCases), time: DailyWindow(from: 420, until: 930)),
        ShiftPlan.Rule(name: "late", days: Set(Weekday.allCases), time: DailyWindow(from: 900, until: 1410)),
    ])
    private static let shift = plan.shift("early", on: CivilDate(days: 20_000), local)!
    private static let taken = shift.start.adding(seconds: -600)

    private func handover(
        _ camera: String, team: String? = nil, after minutes: Double, safe: Int = 2,
        _ outcome: DockingOutcome? = .emptied,
        warnings: [Recording.SpokenWarning] = []
    ) -> Handover {
        let recordings = warnings.enumerated().map { index, warning in
            Handover.Recording(
                name: "R\(index)", start: nil, seconds: 60, warning: warning,
                preRecord: .init(state: .present, promised: 30, missing: nil), files: 1, safe: 1, bytes: 10,
                verified: [.matchedManifest], findings: 0)
        }
        return Handover(
            docking: "\(camera)-\(minutes)", camera: camera, number: nil, team: team, wearer: "4711", bay: "1",
            began: Self.shift.end.adding(seconds: minutes * 60), ended: nil, outcome: outcome, recordings: recordings,
            recordingCount: recordings.count,
            safety: .init(files: 2, bytes: 2000, safe: safe, safeBytes: Int64(safe) * 1000),
            nothingRecorded: nil, findings: [], findingCount: 0, battery: nil, clockOffset: nil, emptied: nil,
            level: nil,
            released: nil)
    }

    private func report(
        _ handovers: [(Handover, Instant?)], away: [CameraPool.Member] = [], at minutes: Double = 30, edition: Int = 1
    ) -> ShiftReport {
        let now = Self.shift.end.adding(seconds: minutes * 60)
        let pool = CameraPool(members: away, plan: Self.plan)
        let material = ShiftReport.Material(
            dock: "d", agent: "1", handovers: handovers.map { ($0.0, $0.1) }, pool: pool,
            cameras: pool.readiness([], at: now, Self.local))
        return ShiftReport(of: Self.shift, edition: edition, from: material, at: now, Self.local)
    }

    @Test func aGoodShiftHasNoOpenPoints() throws {
        let made = report([
            (handover("A", team: "street", after: -20, warnings: [.before, .after]), Self.taken),
            (handover("B", team: "parking", after: 5, warnings: [.none, .unknown]), Self.taken),
            (handover("C", after: 2), Self.taken),
        ])
        #expect(made.isFinal && made.handovers.count == 3)
        #expect(made.teams.map(\.team) == ["parking", "street", nil])
        #expect(made.teams.map(\.recordings) == [2, 2, 0])
        #expect(made.all.recordings == 4 && made.all.seconds == 240)
        #expect(made.all.warnings == .init(before: 1, after: 1, none: 1, unknown: 1))
        #expect(try #require(made.all.warnings.share) == 2.0 / 3)
        #expect(made.teams.last?.warnings.share == nil)
        #expect(made.next?.shift.name == "early")
    }

    @Test func whatIsNotDoneIsNamed() {
        let made = report(
            [
                (handover("A", after: 0, safe: 1, .incomplete(reasons: ["vault archive: away"])), Self.taken),
                (handover("B", after: 0, safe: 0, .held(reasons: ["a gap"])), Self.taken),
            ], away: [.init("C", taken: Self.taken)])
        #expect(made.open.map(\.kind) == [.notReturned, .notSafe, .held])
        #expect(made.open.map(\.camera) == ["C", "A", "B"])
        #expect(made.open.map(\.files) == [0, 1, 2] && made.open[1].bytes == 1000)
        #expect(made.open[2].reasons == ["a gap"])
    }

    @Test func pointsCloseWhenTheCameraIsBackOrEmptiedLater() {
        let held = handover("B", after: 0, safe: 0, .held(reasons: ["a gap"]))
        // It is pulled and put back in the next shift, for which it counts as taken: that settles this one.
        let again = (handover("B", after: 100), Optional(Self.shift.end.adding(seconds: 5000)))
        #expect(report([(held, Self.taken), again], at: 200).isFinal)
        #expect(
            !report([(held, Self.taken), (handover("B", after: 100, .held(reasons: ["a gap"])), again.1)], at: 200)
                .isFinal)
        // The camera that was missing comes back hours later, and belongs to the shift that it was taken for.
        let late = report([(handover("C", after: 300), Self.taken)], at: 310, edition: 2)
        #expect(late.isFinal && late.handovers.map(\.camera) == ["C"] && late.edition == 2)
    }

    @Test func aDockingBelongsToOneShift() throws {
        let pool = CameraPool(members: [], plan: Self.plan)
        func shift(_ minutes: Double, _ taken: Instant?) -> String? {
            pool.shift(of: handover("A", after: minutes), taken: taken, Self.local)?.name
        }
        // Nobody saw it taken: the end that is nearest.
        #expect(shift(-20, nil) == "early" && shift(20, nil) == "early" && shift(470, nil) == "late")
        // Taken for the late shift while the early one ends: it is of the late one, whenever it comes back.
        let lateStart = try #require(Self.plan.shift("late", on: Self.shift.date, Self.local)).start
        #expect(shift(60, lateStart.adding(seconds: -300)) == "late")
        #expect(shift(470, Self.taken) == "early")
        #expect(CameraPool(members: []).shift(of: handover("A", after: 0), taken: nil, Self.local) == nil)
    }
}
