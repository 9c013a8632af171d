@testable import DockCore
@testable import DockHandover

/// Made of texts that a camera, a roster or a wearer could bring: `evil` stands wherever one of them may write.
enum Sample {
    static let local = LocalClock { _ in 7200 }
    static let plan = ShiftPlan([
        ShiftPlan.Rule(name: "late", days: Set(Weekday.allCases), time: DailyWindow(from: 900, until: 1410))
    ])
    static let date = CivilDate(days: 20_000)

    static func report(_ evil: String = "x", edition: Int = 1) -> ShiftReport {
        let shift = plan.shift("late", on: date, local)!
        let now = shift.end.adding(seconds: 1800)
        let recording = Handover.Recording(
            name: evil, start: shift.start, seconds: 754, warning: .before,
            preRecord: .init(state: .short, promised: 30, missing: 4.5), files: 2, safe: 1, bytes: 1_400_000_000,
            verified: [.matchedManifest], findings: 1)
        let handover = Handover(
            docking: "D1", camera: evil, number: evil, team: evil, wearer: evil, bay: evil, began: shift.end,
            ended: now,
            outcome: .held(reasons: [evil]), recordings: [recording], recordingCount: 1,
            safety: .init(files: 2, bytes: 1_400_000_000, safe: 1, safeBytes: 700_000_000, held: [evil: 1]),
            nothingRecorded: nil, findings: [Finding(.timeGap, recording: evil, holds: true, evil)], findingCount: 1,
            battery: 41, clockOffset: -12.5, emptied: nil, level: nil, released: nil,
            causes: [Cause(Finding(.timeGap, recording: evil, holds: true, evil)), Cause(.heldByPerson(evil))])
        var nothing = handover
        (nothing.docking, nothing.outcome, nothing.recordings, nothing.findings) = ("D2", .emptied, [], [])
        (nothing.nothingRecorded, nothing.safety, nothing.began) = (.manifest, .init(), shift.end.adding(seconds: 60))
        nothing.camera = "B"
        let pool = CameraPool(
            members: [.init(evil, number: evil, wearer: evil), .init("C", taken: shift.start.adding(seconds: -60))],
            plan: plan)
        let material = ShiftReport.Material(
            dock: "stadhuis-1", agent: "1.0", handovers: [(handover, nil), (nothing, nil)], pool: pool,
            cameras: pool.readiness([], at: now, local))
        return ShiftReport(of: shift, edition: edition, from: material, at: now, local)
    }
}
