/// A day of the week; Monday is the first (ISO 8601).
public enum Weekday: Int, Sendable, Hashable, CaseIterable {
    /// The days.
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday

    /// As the configuration writes it: the first three letters.
    public var short: String { String("\(self)".prefix(3)) }

    /// From its first three letters.
    public init?(short: some StringProtocol) {
        guard let day = Weekday.allCases.first(where: { $0.short == short }) else { return nil }
        self = day
    }
}

/// Limits on sending by weekday and time of day. Outside its windows there is none.
///
/// What counts is what clocks on the wall show: a window that begins in the hour which is skipped in spring begins with the next
/// hour, and one in the hour that comes twice in autumn holds twice.
public struct RateSchedule: Sendable, Equatable {
    /// A stretch of some days of the week with a limit.
    public struct Window: Sendable, Equatable {
        /// The days on which it begins.
        public var days: Set<Weekday>
        /// When it begins and ends. It may go over midnight; from a minute until the same it is 24 hours.
        public var time: DailyWindow
        /// The limit in bit/s.
        public var bitsPerSecond: Int64

        /// Takes all values.
        public init(days: Set<Weekday>, time: DailyWindow, bitsPerSecond: Int64) {
            self.days = days
            self.time = time
            self.bitsPerSecond = bitsPerSecond
        }

        /// What it covers, in minutes since Monday, 00:00; what goes over the end of the week is two ranges.
        var minutes: [Range<Int>] {
            let length = (time.until - time.from + 1439) % 1440 + 1
            return days.flatMap { day in
                let start = day.rawValue * 1440 + time.from
                let end = start + length
                return end <= 10_080 ? [start..<end] : [start..<10_080, 0..<(end - 10_080)]
            }
        }
    }

    /// The windows, as they were given.
    public let windows: [Window]
    /// What they cover, in minutes since Monday, 00:00, in order of their beginnings.
    private let stretches: [(minutes: Range<Int>, bitsPerSecond: Int64)]

    /// Takes the windows. Where two overlap, the lower limit holds; the configuration refuses it.
    public init(_ windows: [Window] = []) {
        self.windows = windows
        stretches = windows.flatMap { window in window.minutes.map { ($0, window.bitsPerSecond) } }
            .sorted { $0.0.lowerBound < $1.0.lowerBound }
    }

    /// Equal if the windows are.
    public static func == (left: RateSchedule, right: RateSchedule) -> Bool { left.windows == right.windows }

    /// Two windows that overlap, by their places in ``windows``, the first such pair; nil if none do.
    public var overlap: (Int, Int)? {
        for second in windows.indices {
            for first in windows.indices.prefix(second) {
                let others = windows[first].minutes
                if windows[second].minutes.contains(where: { range in others.contains { $0.overlaps(range) } }) {
                    return (first, second)
                }
            }
        }
        return nil
    }

    /// The limit in bit/s at a moment; nil if there is none.
    public func limit(at moment: Instant, _ local: LocalClock) -> Int64? {
        let minute = Int(local.weekMilliseconds(at: moment) / 60_000)
        return stretches.filter { $0.minutes.contains(minute) }.map(\.bitsPerSecond).min()
    }

    /// When the limit changes next, to the millisecond; nil if it never does.
    public func nextChange(after moment: Instant, _ local: LocalClock) -> Instant? {
        let borders = Set(stretches.flatMap { [$0.minutes.lowerBound, $0.minutes.upperBound % 10_080] }).sorted()
        guard !borders.isEmpty else { return nil }
        let before = limit(at: moment, local)
        var now = moment
        // Every border once, and again what a change of the clocks repeats.
        for _ in 0..<(2 * borders.count + 2) {
            let border = RateSchedule.next(borders, after: now, local)
            now = local.shift(after: now, until: border) ?? border
            if limit(at: now, local) != before { return now }
        }
        return nil
    }

    /// The next of these minutes of the week, as long as the clocks do not change.
    private static func next(_ borders: [Int], after moment: Instant, _ local: LocalClock) -> Instant {
        let now = local.weekMilliseconds(at: moment)
        let marks = borders.map { Int64($0) * 60_000 }
        let next = marks.first { $0 > now } ?? (marks[0] + LocalClock.week)
        return Instant(milliseconds: moment.milliseconds + next - now)
    }
}
