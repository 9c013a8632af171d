import Testing

@testable import DockCore

/// What days brought.
@Suite struct HistoryDayTests {
    private static let noon = Instant(seconds: 20_000 * 86_400 + 43_200)

    private static func sample(_ hours: Double, _ bytes: Int64, _ outcome: DockingOutcome?, safeAfter: Double? = nil)
        -> HistoryDay.Sample
    {
        var handover = Handover(
            docking: "D", camera: "A", number: nil, team: nil, wearer: nil, bay: nil,
            began: noon.adding(seconds: hours * 3600), ended: nil, outcome: outcome, recordings: [], recordingCount: 0,
            safety: .init(), nothingRecorded: nil, findings: [], findingCount: 0, battery: nil, clockOffset: nil,
            emptied: nil, level: nil, released: nil)
        handover.safety.bytes = bytes
        return HistoryDay.Sample(handover, safeAfter: safeAfter)
    }

    @Test func daysAreThoseOfTheWall() {
        let local = LocalClock { _ in 7200 }
        let samples = [
            Self.sample(-12.5, 1, .emptied), Self.sample(9.5, 10, .emptied), Self.sample(10.5, 100, .emptied),
            Self.sample(-100, 1000, .emptied),
        ]
        let days = HistoryDay.days(samples, upTo: CivilDate(days: 20_001), count: 3, local)
        #expect(days.map(\.date) == [19_999, 20_000, 20_001].map { CivilDate(days: $0) })
        #expect(days.map(\.bytes) == [0, 11, 100] && days.map(\.dockings) == [0, 2, 1])
    }

    @Test func timesAndFailuresAreCounted() {
        let day = HistoryDay(
            CivilDate(days: 20_000),
            [
                Self.sample(0, 1, .emptied, safeAfter: 900),
                Self.sample(1, 1, .cooling(until: Self.noon), safeAfter: 100),
                Self.sample(2, 1, .kept, safeAfter: 300), Self.sample(3, 1, .emptied, safeAfter: 301),
                Self.sample(4, 1, .held(reasons: [])), Self.sample(5, 1, .incomplete(reasons: [])),
                Self.sample(6, 1, .interrupted(reasons: [])), Self.sample(7, 1, nil),
            ])
        #expect(day.usualSeconds == 300 && day.longestSeconds == 900)
        #expect(day.held == 1 && day.unfinished == 2 && day.dockings == 8)
        let empty = HistoryDay(CivilDate(days: 1), [])
        #expect(empty.usualSeconds == nil && empty.longestSeconds == nil && empty.bytes == 0)
    }
}
