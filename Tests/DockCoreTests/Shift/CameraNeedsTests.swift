import Testing

@testable import DockCore

@Suite struct CameraNeedsTests {
    private static let plan = ShiftPlan([
        ShiftPlan.Rule(name: "early", days: Set(Weekday.allCases), time: DailyWindow(from: 7 * 60, until: 15 * 60)),
        ShiftPlan.Rule(name: "late", days: Set(Weekday.allCases), time: DailyWindow(from: 15 * 60, until: 23 * 60)),
    ])
    private let needs = CameraNeeds(
        [
            RegisteredCamera(serial: "A", neededAt: 450), RegisteredCamera(serial: "B"),
            RegisteredCamera(serial: "C", neededAt: 1200),
        ],
        roster: Roster([
            entry("2026-10-25", "late", "B"), entry("2026-10-25", "early", "C"), entry("2026-10-27", "early", "B"),
            entry("2026-10-25", "night", "A"),
        ]), plan: plan, RateScheduleTests.amsterdam)

    private static func entry(_ date: String, _ shift: String, _ camera: String) -> Roster.Entry {
        Roster.Entry(date: CivilDate(date)!, shift: shift, badge: "0047", camera: camera)
    }

    /// Before, within and after the day on which summer time ends, by UTC.
    @Test(arguments: [
        ("A", "2026-10-24T05:30:00Z", "2026-10-24T05:30:00Z"),
        ("A", "2026-10-24T05:30:00.001Z", "2026-10-25T06:30:00Z"),
        ("B", "2026-10-24T12:00:00Z", "2026-10-25T14:00:00Z"), ("B", "2026-10-25T14:00:01Z", "2026-10-27T06:00:00Z"),
        ("C", "2026-10-24T19:00:00Z", "2026-10-25T06:00:00Z"), ("C", "2026-10-25T07:00:00Z", "2026-10-25T19:00:00Z"),
    ]) func theNextTimeCounts(camera: String, now: String, next: String) {
        #expect(needs.next(camera, from: sampleTime(now), RateScheduleTests.amsterdam) == sampleTime(next))
    }

    @Test func whatIsNeededAtNoTimeThatIsKnownIsNot() {
        #expect(needs.next("B", from: sampleTime("2026-10-28T00:00:00Z"), RateScheduleTests.amsterdam) == nil)
        #expect(needs.next("D", from: sampleTime("2026-10-24T00:00:00Z"), RateScheduleTests.amsterdam) == nil)
    }

    @Test func withinADayByTheClockOnTheWall() {
        #expect(
            needs.minutes(from: sampleTime("2026-10-24T19:00:00Z"), RateScheduleTests.amsterdam) == [
                "A": 450, "B": 900, "C": 420,
            ])
        #expect(
            needs.minutes(from: sampleTime("2026-10-25T20:00:00Z"), RateScheduleTests.amsterdam) == [
                "A": 450, "C": 1200,
            ])
    }
}
