/// The shifts of a week, by weekday and local time.
public struct ShiftPlan: Sendable, Equatable {
    /// A shift that comes on some days of the week.
    public struct Rule: Sendable, Equatable {
        /// Its name.
        public var name: String
        /// The days on which it begins.
        public var days: Set<Weekday>
        /// When it begins and ends. It may go over midnight; from a minute until the same it is 24 hours.
        public var time: DailyWindow
        /// The teams that work in it; empty for all.
        public var teams: [String]

        /// Takes all values.
        public init(name: String, days: Set<Weekday>, time: DailyWindow, teams: [String] = []) {
            self.name = name
            self.days = days
            self.time = time
            self.teams = teams
        }
    }

    /// The shifts, as they were given.
    public var rules: [Rule]

    /// Takes the shifts.
    public init(_ rules: [Rule] = []) { self.rules = rules }

    /// The shift of this name that begins on this day; nil if none does.
    public func shift(_ name: String, on date: CivilDate, _ local: LocalClock) -> Shift? {
        shifts(on: date, local).first { $0.name == name }
    }

    /// The shifts that begin on a day, by their beginnings and then by name.
    public func shifts(on date: CivilDate, _ local: LocalClock) -> [Shift] {
        rules.filter { $0.days.contains(date.weekday) }.map { rule in
            let length = (rule.time.until - rule.time.from + 1439) % 1440 + 1
            return Shift(
                name: rule.name, date: date, start: local.moment(date, minute: rule.time.from),
                end: local.moment(date, minute: rule.time.from + length), teams: rule.teams)
        }.sorted { ($0.start, $0.name) < ($1.start, $1.name) }
    }

    /// The shifts that end after `start` and not after `end`, by their ends; at most those of the 400 days before `end`.
    public func ended(after start: Instant, upTo end: Instant, _ local: LocalClock) -> [Shift] {
        let last = local.day(at: end)
        let first = max(local.day(at: start).adding(-2), last.adding(-400))
        guard first <= last else { return [] }
        return (first.days...last.days).flatMap { shifts(on: CivilDate(days: $0), local) }
            .filter { $0.end > start && $0.end <= end }
            .sorted { ($0.end, $0.name) < ($1.end, $1.name) }
    }

    /// The shifts that begin at `start` or later and not after `end`, by their beginnings; at most 400 days are looked at.
    public func starting(from start: Instant, upTo end: Instant, _ local: LocalClock) -> [Shift] {
        let first = local.day(at: start)
        let last = min(local.day(at: end), first.adding(400))
        guard first <= last else { return [] }
        return (first.days...last.days).flatMap { shifts(on: CivilDate(days: $0), local) }
            .filter { $0.start >= start && $0.start <= end }
    }

    /// The shifts that are under way at a moment.
    public func underWay(at moment: Instant, _ local: LocalClock) -> [Shift] {
        let today = local.day(at: moment)
        return (-2...0).flatMap { shifts(on: today.adding($0), local) }
            .filter { $0.start <= moment && moment < $0.end }
    }

    /// The next shift that begins after a moment; nil if there is none within a week and a day.
    public func next(after moment: Instant, _ local: LocalClock) -> Shift? {
        let today = local.day(at: moment)
        return (0...8).lazy.flatMap { shifts(on: today.adding($0), local) }.first { $0.start > moment }
    }
}

/// One shift: that of this name which begins on this day.
public struct Shift: Sendable, Hashable, Codable {
    /// Its name.
    public var name: String
    /// The day on which it begins, by the clock on the wall.
    public var date: CivilDate
    /// When it begins.
    public var start: Instant
    /// When it ends.
    public var end: Instant
    /// The teams that work in it; empty for all.
    public var teams: [String]

    /// Takes all values.
    public init(name: String, date: CivilDate, start: Instant, end: Instant, teams: [String] = []) {
        self.name = name
        self.date = date
        self.start = start
        self.end = end
        self.teams = teams
    }
}
