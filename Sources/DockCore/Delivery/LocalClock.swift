/// The dock's local time, as a rule from moments to offsets: summer time is whatever the rule says.
public struct LocalClock: Sendable {
    /// Seconds that local time is ahead of UTC at a moment.
    public let secondsEast: @Sendable (Instant) -> Int

    /// Takes the rule. It may change its answer, but not twice within a week.
    public init(_ secondsEast: @escaping @Sendable (Instant) -> Int) { self.secondsEast = secondsEast }

    /// UTC.
    public static let utc = LocalClock { _ in 0 }

    /// Milliseconds since Monday, 00:00, as clocks on the wall show it.
    func weekMilliseconds(at moment: Instant) -> Int64 {
        // 1970-01-01 was a Thursday.
        let local = moment.milliseconds &+ Int64(secondsEast(moment)) * 1000 &+ 3 * LocalClock.day
        let rest = local % LocalClock.week
        return rest < 0 ? rest + LocalClock.week : rest
    }

    /// The first moment after `start`, up to `end`, at which the offset is not what it is at `start`; nil if it is the same at
    /// both ends.
    func shift(after start: Instant, until end: Instant) -> Instant? {
        let offset = secondsEast(start)
        guard start < end, secondsEast(end) != offset else { return nil }
        var (same, other) = (start.milliseconds, end.milliseconds)
        while other - same > 1 {
            let middle = same + (other - same) / 2
            if secondsEast(Instant(milliseconds: middle)) == offset { same = middle } else { other = middle }
        }
        return Instant(milliseconds: other)
    }

    static let day: Int64 = 86_400_000
    static let week: Int64 = 7 * day
}
