/// A moment in UTC with millisecond precision, as the clock that measured it showed it.
public struct Instant: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX time).
    public let milliseconds: Int64

    /// From POSIX milliseconds.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// From POSIX seconds.
    public init(seconds: Int64) { self.milliseconds = seconds.multipliedReportingOverflow(by: 1000).partialValue }

    /// Orders by time.
    public static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }

    /// The moment `seconds` later (earlier if negative).
    public func adding(seconds: Double) -> Instant {
        let shift = seconds * 1000
        guard shift.isFinite, abs(shift) < 1e17 else { return self }
        return Instant(milliseconds: milliseconds &+ Int64(shift.rounded()))
    }

    /// Seconds from `earlier` to this moment.
    public func seconds(since earlier: Instant) -> Double { Double(milliseconds &- earlier.milliseconds) / 1000 }

    /// Year, month and day in UTC (proleptic Gregorian calendar).
    public var civilDate: (year: Int, month: Int, day: Int) {
        // Days to civil date after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let days = Int(floorDivide(milliseconds, 86_400_000)) + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// RFC 3339 in UTC; milliseconds only where there are any.
    public var description: String {
        let date = civilDate
        let rest = milliseconds - floorDivide(milliseconds, 86_400_000) * 86_400_000
        let seconds = rest / 1000
        let fraction = rest % 1000
        var text: [UInt8] = []
        text.reserveCapacity(24)
        text.append(Int64(date.year), digits: 4, before: "-")
        text.append(Int64(date.month), digits: 2, before: "-")
        text.append(Int64(date.day), digits: 2, before: "T")
        text.append(seconds / 3600, digits: 2, before: ":")
        text.append(seconds / 60 % 60, digits: 2, before: ":")
        text.append(seconds % 60, digits: 2, before: fraction == 0 ? "Z" : ".")
        if fraction != 0 { text.append(fraction, digits: 3, before: "Z") }
        return String(decoding: text, as: UTF8.self)
    }

    /// Parses RFC 3339 (`2026-10-01T08:30:00.250+02:00`); nil if it is anything else, or no such date.
    public init?(rfc3339 text: some StringProtocol) {
        var scan = DigitScanner(text.utf8)
        guard let year = scan.digits(4), scan.take("-"), let month = scan.digits(2), scan.take("-"),
            let day = scan.digits(2), scan.take("T") || scan.take("t") || scan.take(" "),
            let hour = scan.digits(2), scan.take(":"), let minute = scan.digits(2), scan.take(":"),
            let second = scan.digits(2), let fraction = scan.fraction(), let offset = scan.zone(), scan.isAtEnd,
            let base = Instant(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        else { return nil }
        self.init(milliseconds: base.milliseconds + fraction - offset * 60_000)
    }

    /// From a date and time of day in UTC; nil if there is no such date or time (a leap second counts as the next second).
    public init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        guard (0...9999).contains(year), (1...12).contains(month), day >= 1, (0...23).contains(hour),
            (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        self.init(seconds: Int64(days) * 86_400 + Int64(hour * 3600 + minute * 60 + second))
        let back = civilDate
        guard second == 60 || (back.month == month && back.day == day) else { return nil }
    }

    /// Reads the RFC 3339 text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Instant(rfc3339: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not an RFC 3339 time")
        }
        self = value
    }

    /// Writes the RFC 3339 text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

private func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
}

extension [UInt8] {
    /// Adds a number with so many digits at least, and what follows it.
    fileprivate mutating func append(_ value: Int64, digits: Int, before separator: Unicode.Scalar) {
        var tens: Int64 = 1
        for _ in 1..<digits { tens *= 10 }
        if (0..<tens * 10).contains(value) {
            while tens > 0 {
                append(UInt8(48 + value / tens % 10))
                tens /= 10
            }
        } else {
            let text = String(value).utf8
            self += repeatElement(48, count: Swift.max(0, digits - text.count))
            self += text
        }
        append(UInt8(ascii: separator))
    }
}

/// Reads the digits and separators of a time, left to right.
private struct DigitScanner<Bytes: Collection<UInt8>> {
    private var rest: Bytes.SubSequence

    init(_ bytes: Bytes) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func digits(_ count: Int) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard let byte = rest.first, (48...57).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 48)
            rest = rest.dropFirst()
        }
        return value
    }

    /// Milliseconds of an optional `.123…`.
    mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        var value: Int64 = 0
        var count = 0
        while let byte = rest.first, (48...57).contains(byte), count < 9 {
            if count < 3 { value = value * 10 + Int64(byte - 48) }
            count += 1
            rest = rest.dropFirst()
        }
        guard count > 0 else { return nil }
        for _ in count..<max(count, 3) { value *= 10 }
        return value
    }

    /// Minutes east of UTC of `Z` or `+hh:mm`.
    mutating func zone() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let sign: Int64
        if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
        guard let hours = digits(2), take(":"), let minutes = digits(2), hours < 24, minutes < 60 else { return nil }
        return sign * Int64(hours * 60 + minutes)
    }
}
