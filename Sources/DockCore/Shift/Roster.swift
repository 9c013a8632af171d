/// Who wears which camera in which shift.
public struct Roster: Sendable, Equatable {
    /// A line of it.
    public struct Entry: Sendable, Hashable, Codable {
        /// The day on which the shift begins.
        public var date: CivilDate
        /// The shift's name.
        public var shift: String
        /// Badge number; never a name.
        public var badge: String
        /// Serial number of the camera.
        public var camera: String

        /// Takes all values.
        public init(date: CivilDate, shift: String, badge: String, camera: String) {
            self.date = date
            self.shift = shift
            self.badge = badge
            self.camera = camera
        }
    }

    /// What is wrong with a line.
    public struct Mistake: Error, Sendable, Equatable, CustomStringConvertible {
        /// Its number, from 1.
        public var line: Int
        /// What, and what is allowed. It repeats no badge, because a person's name may stand there.
        public var text: String

        /// `line 3: …`.
        public var description: String { "line \(line): \(text)" }
    }

    /// Mistakes of a roster, in order; at least one.
    public struct Mistakes: Error, Sendable, Equatable {
        /// At most ``Roster/namedMistakes``.
        public var named: [Mistake]
        /// How many there are.
        public var count: Int
    }

    /// Mistakes that are named at most.
    public static let namedMistakes = 20
    /// Bytes beyond which no roster is read.
    public static let largest = 4 << 20

    /// The lines, in order.
    public var entries: [Entry]

    /// Takes the lines.
    public init(_ entries: [Entry] = []) { self.entries = entries }

    /// Who is to wear which camera in a shift.
    public func entries(of shift: Shift) -> [Entry] {
        entries.filter { $0.date == shift.date && $0.shift == shift.name }
    }

    /// What of it may matter now: two weeks back, two weeks ahead.
    public func around(_ day: CivilDate) -> Roster {
        Roster(entries.filter { abs($0.date.days - day.days) <= 14 })
    }
}
