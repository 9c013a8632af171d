import Testing

@testable import DockCore

/// When the dock wrote nothing down for long.
@Suite struct SilenceTests {
    /// Days at which something was written down, the last of them being now; the day on which the last silence ended.
    @Test(
        arguments: [
            ([], nil), ([0], nil), ([0, 1, 2, 3], nil), ([0, 3], nil), ([0, 3.01], 3.01), ([0, 10, 11, 12], 10),
            ([0, 10, 11, 20, 21], 20),
            // A jump that is undone, at once and after a while.
            ([0, 3650, 1], nil), ([0, 3650, 3651, 1, 2], nil),
            // Undone, and the dock was off besides.
            ([0, 3650, 9, 10], 9),
            // A small correction after a silence leaves it one.
            ([0, 10, 9.999, 11], 9.999),
        ] as [([Double], Double?)])
    func ends(days: [Double], end: Double?) {
        func moment(_ day: Double) -> Instant { sampleTime("2026-10-01T00:00:00Z").adding(seconds: day * 86_400) }
        var silence = Silence()
        for day in days.dropLast() { silence.note(moment(day)) }
        #expect(silence.end(now: moment(days.last ?? 0)) == end.map(moment))
    }
}
