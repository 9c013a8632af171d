/// A day of the Gregorian calendar, as it stands on the wall: `2026-10-25`.
public struct CivilDate: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// Days since 1970-01-01.
    public let days: Int

    /// The day so many days after 1970-01-01; kept within the years 0 to 9999.
    public init(days: Int) { self.days = min(max(days, -719_528), 2_932_896) }

    /// From `yyyy-mm-dd`; nil if it is anything else, or no such day.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 10, let midnight = Instant(rfc3339: "\(text)T00:00:00Z") else { return nil }
        self.init(days: Int(midnight.milliseconds / 86_400_000))
        guard description == text else { return nil }
    }

    /// Its weekday.
    public var weekday: Weekday { Weekday(rawValue: ((days + 3) % 7 + 7) % 7) ?? .monday }

    /// The day so many days later, or earlier if negative.
    public func adding(_ count: Int) -> CivilDate { CivilDate(days: days + count) }

    /// Orders by time.
    public static func < (left: CivilDate, right: CivilDate) -> Bool { left.days < right.days }

    /// `yyyy-mm-dd`.
    public var description: String { String(Instant(seconds: Int64(days) * 86_400).description.prefix(10)) }

    /// Reads the text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let date = CivilDate(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not a date")
        }
        self = date
    }

    /// Writes the text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension LocalClock {
    /// The day on the wall at a moment.
    public func day(at moment: Instant) -> CivilDate {
        let local = moment.milliseconds &+ Int64(secondsEast(moment)) * 1000
        return CivilDate(days: Int((local >= 0 ? local : local - LocalClock.day + 1) / LocalClock.day))
    }

    /// The time on the wall at a moment, `07:05`.
    public func time(at moment: Instant) -> String {
        String(moment.adding(seconds: Double(secondsEast(moment))).description.dropFirst(11).prefix(5))
    }

    /// The moment at which the wall shows so many minutes after midnight of a day; 1440 and more lie on the days after it.
    ///
    /// A time that comes twice, in autumn, is its second; one that is skipped, in spring, is the moment at which the clocks change.
    public func moment(_ date: CivilDate, minute: Int) -> Instant {
        let wall = Int64(date.days) * LocalClock.day + Int64(minute) * 60_000
        let (before, after) = (
            Instant(milliseconds: wall - LocalClock.day), Instant(milliseconds: wall + LocalClock.day)
        )
        let candidates = [before, after].map { secondsEast($0) }.map { offset in
            (offset, Instant(milliseconds: wall - Int64(offset) * 1000))
        }
        let right = candidates.filter { secondsEast($0.1) == $0.0 }.map(\.1).max()
        return right ?? shift(after: before, until: after) ?? candidates[0].1
    }
}
