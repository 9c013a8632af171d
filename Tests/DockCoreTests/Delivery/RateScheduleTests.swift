import Testing

@testable import DockCore

@Suite struct RateScheduleTests {
    /// The law of the European Union (Directive 2000/84/EC): summer time from the last Sunday of March until the last one of
    /// October, 01:00 UTC. Written down anew here, so that the test does not stand on the machine's tables.
    static let amsterdam = LocalClock { moment in
        let year = moment.civilDate.year
        func lastSunday(_ month: Int) -> Instant {
            let last = Instant(year: year, month: month, day: 31, hour: 1, minute: 0, second: 0)!
            let weekday = Int((last.milliseconds / 86_400_000 + 3) % 7)  // Monday is 0.
            return last.adding(seconds: -Double((weekday + 1) % 7) * 86_400)
        }
        return lastSunday(3) <= moment && moment < lastSunday(10) ? 7200 : 3600
    }
    private static let week: Set<Weekday> = [.monday, .tuesday, .wednesday, .thursday, .friday]

    private static func window(_ days: Set<Weekday>, _ from: Int, _ until: Int, _ rate: Int64) -> RateSchedule.Window {
        RateSchedule.Window(days: days, time: DailyWindow(from: from * 60, until: until * 60), bitsPerSecond: rate)
    }
    private static let office = RateSchedule([window(week, 7, 19, 10_000_000)])

    private func at(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }

    @Test(
        arguments: [
            // A Monday in winter.
            ("2026-01-05T06:59:59.999+01:00", nil), ("2026-01-05T07:00:00+01:00", 10_000_000),
            ("2026-01-05T18:59:59.999+01:00", 10_000_000), ("2026-01-05T19:00:00+01:00", nil),
            // A Friday in summer, and the weekend after it.
            ("2026-07-03T07:00:00+02:00", 10_000_000), ("2026-07-03T06:00:00+02:00", nil),
            ("2026-07-04T12:00:00+02:00", nil), ("2026-07-05T12:00:00+02:00", nil),
            ("1969-12-29T12:00:00+01:00", 10_000_000), ("1969-12-28T12:00:00+01:00", nil),
        ] as [(String, Int64?)])
    func aLimitHoldsOnItsDaysFromItsFirstMinuteToItsLast(text: String, limit: Int64?) throws {
        #expect(Self.office.limit(at: try at(text), Self.amsterdam) == limit)
    }

    @Test(
        arguments: [
            // A normal day: on, off, and over the weekend.
            ("2026-01-05T03:00:00+01:00", "2026-01-05T07:00:00+01:00"),
            ("2026-01-05T07:00:00+01:00", "2026-01-05T19:00:00+01:00"),
            ("2026-01-09T19:00:00+01:00", "2026-01-12T07:00:00+01:00"),
            // Over the change to summer time (29 March 2026) and back (25 October 2026).
            ("2026-03-27T19:00:00+01:00", "2026-03-30T07:00:00+02:00"),
            ("2026-10-23T19:00:00+02:00", "2026-10-26T07:00:00+01:00"),
        ])
    func theNextChangeComesAtTheMinuteThatClocksShow(now: String, next: String) throws {
        #expect(Self.office.nextChange(after: try at(now), Self.amsterdam) == (try at(next)))
    }

    /// Windows in the hour that does not exist on 29 March 2026 and comes twice on 25 October 2026.
    @Test func windowsInTheHourOfTheChange() throws {
        let half = RateSchedule([
            RateSchedule.Window(
                days: [.sunday], time: DailyWindow(from: 150, until: 180), bitsPerSecond: 5)
        ])
        #expect(half.limit(at: try at("2026-03-29T01:59:59+01:00"), Self.amsterdam) == nil)
        #expect(
            half.limit(at: try at("2026-03-29T03:00:00+02:00"), Self.amsterdam) == nil, "02:30 to 03:00 was skipped")
        #expect(
            half.nextChange(after: try at("2026-03-29T00:00:00+01:00"), Self.amsterdam)
                == (try at("2026-04-05T02:30:00+02:00")), "and comes a week later")
        var now = try at("2026-10-25T00:00:00+02:00")
        var changes: [String] = []
        for _ in 0..<4 {
            now = try #require(half.nextChange(after: now, Self.amsterdam))
            changes.append("\(now) \(half.limit(at: now, Self.amsterdam) ?? 0)")
        }
        #expect(
            changes == [
                "2026-10-25T00:30:00Z 5", "2026-10-25T01:00:00Z 0", "2026-10-25T01:30:00Z 5", "2026-10-25T02:00:00Z 0",
            ])
        let long = RateSchedule([Self.window([.sunday], 2, 4, 5)])
        #expect(
            long.nextChange(after: try at("2026-03-29T00:00:00+01:00"), Self.amsterdam)
                == (try at("2026-03-29T03:00:00+02:00")), "what begins in the hour that is skipped begins after it")
    }

    @Test func aWindowOverMidnightBelongsToTheDayItBeginsOn() throws {
        let night = RateSchedule([Self.window([.friday, .sunday], 22, 6, 7)])
        for (text, limit) in [
            ("2026-01-09T22:00:00Z", 7), ("2026-01-10T05:59:00Z", 7), ("2026-01-10T06:00:00Z", nil),
            ("2026-01-10T23:00:00Z", nil), ("2026-01-11T23:00:00Z", 7), ("2026-01-12T05:00:00Z", 7),
            ("2026-01-12T06:00:00Z", nil),
        ] as [(String, Int64?)] {
            #expect(night.limit(at: try at(text), .utc) == limit, "\(text)")
        }
    }

    @Test func whatNeverChangesHasNoNextChange() throws {
        let now = try at("2026-01-05T03:00:00Z")
        #expect(RateSchedule().nextChange(after: now, .utc) == nil && RateSchedule().limit(at: now, .utc) == nil)
        let always = RateSchedule([Self.window(Set(Weekday.allCases), 0, 0, 9)])
        #expect(always.nextChange(after: now, .utc) == nil && always.limit(at: now, .utc) == 9)
        let split = RateSchedule([
            Self.window(Set(Weekday.allCases), 0, 12, 9), Self.window(Set(Weekday.allCases), 12, 0, 9),
        ])
        #expect(split.overlap == nil && split.nextChange(after: now, .utc) == nil)
    }

    @Test func overlapsAreFound() {
        let monday = Self.window([.monday], 0, 6, 1)
        #expect(RateSchedule([monday, Self.window([.sunday], 22, 1, 1)]).overlap.map { [$0.0, $0.1] } == [0, 1])
        #expect(RateSchedule([monday, Self.window([.sunday], 22, 0, 1)]).overlap == nil)
        #expect(RateSchedule([monday, Self.window([.monday], 6, 6, 1)]).overlap == nil, "until the same minute")
        #expect(
            RateSchedule([monday, Self.window([.tuesday], 1, 2, 1), Self.window([.monday], 5, 7, 1)]).overlap
                .map { [$0.0, $0.1] } == [0, 2])
        #expect(
            RateSchedule([Self.window([.monday], 1, 3, 8), Self.window([.monday], 2, 4, 5)]).limit(
                at: Instant(seconds: 4 * 86_400 + 9000), .utc) == 5, "the lower one holds")
    }

    /// Against a search minute by minute, over both changes of the clocks.
    @Test(arguments: 0..<20) func nextChangeIsTheFirstMinuteWithAnotherLimit(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed) &* 77)
        let windows = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            RateSchedule.Window(
                days: Set(Weekday.allCases.filter { _ in Bool.random(using: &random) }),
                time: DailyWindow(
                    from: .random(in: 0..<1440, using: &random), until: .random(in: 0..<1440, using: &random)),
                bitsPerSecond: .random(in: 1...2, using: &random))
        }
        let schedule = RateSchedule(windows)
        let start = try at(seed % 2 == 0 ? "2026-03-27T12:00:00Z" : "2026-10-23T12:00:00Z")
        var limit = schedule.limit(at: start, Self.amsterdam)
        var next = schedule.nextChange(after: start, Self.amsterdam)
        for minute in 1..<(4 * 1440) {
            let now = start.adding(seconds: Double(minute) * 60)
            let found = schedule.limit(at: now, Self.amsterdam)
            if found != limit {
                #expect(next == now)
                (limit, next) = (found, schedule.nextChange(after: now, Self.amsterdam))
            } else {
                #expect(next.map { $0 > now } ?? true)
            }
        }
    }

    @Test func ratesOfAllVaultsChangeWithTheFirstThatDoes() throws {
        let rates = DeliveryRates(
            total: Self.office,
            vaults: ["cloud": RateSchedule([Self.window([.monday], 3, 4, 5)]), "nas": RateSchedule()])
        let night = try at("2026-01-05T03:30:00+01:00")
        #expect(rates.limits(at: night, Self.amsterdam) == RateLimits(total: nil, vaults: ["cloud": 5]))
        #expect(rates.nextChange(after: night, Self.amsterdam) == (try at("2026-01-05T04:00:00+01:00")))
        #expect(DeliveryRates().nextChange(after: night, .utc) == nil)
    }
}
