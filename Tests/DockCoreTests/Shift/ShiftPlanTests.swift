import Testing

@testable import DockCore

@Suite struct ShiftPlanTests {
    static let amsterdam = RateScheduleTests.amsterdam
    static let plan = ShiftPlan([
        ShiftPlan.Rule(
            name: "early", days: [.monday, .tuesday, .wednesday, .thursday, .friday],
            time: DailyWindow(from: 420, until: 930)),
        ShiftPlan.Rule(name: "late", days: Set(Weekday.allCases), time: DailyWindow(from: 900, until: 1410)),
        ShiftPlan.Rule(name: "night", days: [.friday, .saturday], time: DailyWindow(from: 1320, until: 360)),
    ])

    private func date(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }
    private func at(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }

    @Test(arguments: [
        ("2026-01-05", "early", "2026-01-05T07:00:00+01:00", "2026-01-05T15:30:00+01:00"),
        ("2026-07-03", "night", "2026-07-03T22:00:00+02:00", "2026-07-04T06:00:00+02:00"),
        // The night in which the clocks go forward is an hour shorter, that in which they go back an hour longer.
        ("2026-03-28", "night", "2026-03-28T22:00:00+01:00", "2026-03-29T06:00:00+02:00"),
        ("2026-10-24", "night", "2026-10-24T22:00:00+02:00", "2026-10-25T06:00:00+01:00"),
        ("2026-12-31", "late", "2026-12-31T15:00:00+01:00", "2026-12-31T23:30:00+01:00"),
    ])
    func aShiftIsWhatTheWallShows(day: String, name: String, start: String, end: String) throws {
        let shift = try #require(Self.plan.shift(name, on: try date(day), Self.amsterdam))
        #expect(shift.start == (try at(start)))
        #expect(shift.end == (try at(end)))
        #expect(shift.date == (try date(day)))
    }

    @Test func noShiftBeginsOnADayThatItDoesNotHave() throws {
        #expect(Self.plan.shift("early", on: try date("2026-01-04"), Self.amsterdam) == nil)
    }

    /// 02:30 does not exist on 29 March 2026, and comes twice on 25 October: shifts that meet there still meet.
    @Test func shiftsThatMeetInTheHourOfTheChangeStillMeet() throws {
        let plan = ShiftPlan([
            ShiftPlan.Rule(name: "a", days: [.saturday], time: DailyWindow(from: 1320, until: 150)),
            ShiftPlan.Rule(name: "b", days: [.sunday], time: DailyWindow(from: 150, until: 600)),
        ])
        for (day, border) in [
            ("2026-03-29", "2026-03-29T03:00:00+02:00"), ("2026-10-25", "2026-10-25T02:30:00+01:00"),
        ] {
            let sunday = try date(day)
            let first = try #require(plan.shift("a", on: sunday.adding(-1), Self.amsterdam))
            let second = try #require(plan.shift("b", on: sunday, Self.amsterdam))
            #expect(first.end == (try at(border)))
            #expect(second.start == first.end)
        }
    }

    @Test func allShiftsThatEndedInAWeekAreFoundOnce() throws {
        var found: [Shift] = []
        var now = try at("2026-10-19T00:00:00+02:00")
        let end = try at("2026-10-26T00:00:00+01:00")
        while now < end {
            let next = now.adding(seconds: 1000)
            found += Self.plan.ended(after: now, upTo: min(next, end), Self.amsterdam)
            now = next
        }
        let whole = Self.plan.ended(after: try at("2026-10-19T00:00:00+02:00"), upTo: end, Self.amsterdam)
        #expect(found == whole)
        #expect(
            whole.map(\.name).sorted() == ["early", "early", "early", "early", "early"]
                + Array(repeating: "late", count: 7) + ["night", "night"])
    }

    @Test func nextAndUnderWay() throws {
        let now = try at("2026-10-23T15:10:00+02:00")
        #expect(Self.plan.underWay(at: now, Self.amsterdam).map(\.name) == ["early", "late"])
        #expect(Self.plan.next(after: now, Self.amsterdam)?.name == "night")
        #expect(Self.plan.underWay(at: try at("2026-10-25T05:59:00+01:00"), Self.amsterdam).map(\.name) == ["night"])
        #expect(ShiftPlan().next(after: now, Self.amsterdam) == nil)
    }

    @Test(arguments: ["2026-02-29", "2026-13-01", "26-01-01", "2026-1-01", "2026-01-01 ", "", "-026-01-01"])
    func whatIsNoDayIsRefused(text: String) { #expect(CivilDate(text) == nil) }

    @Test func daysAreCountedBeforeTheEpochToo() throws {
        let day = try date("1969-12-31")
        #expect(day.days == -1)
        #expect(day.weekday == .wednesday)
        #expect(Self.amsterdam.day(at: try at("1969-12-31T23:59:59.999+01:00")) == day)
    }
}
