/// What one day brought to the dock.
public struct HistoryDay: Sendable, Equatable, Codable {
    /// What counts of one docking.
    public struct Sample: Sendable, Equatable {
        /// When the camera came back.
        public var began: Instant
        /// Bytes of footage that it brought.
        public var bytes: Int64
        /// Seconds until everything was safe; nil if it is not.
        public var safeAfter: Double?
        /// Whether a person had to look.
        public var isHeld: Bool
        /// Whether it was broken off, or ended before everything was delivered.
        public var isUnfinished: Bool

        /// Of a docking.
        /// - Parameter safeAfter: seconds until everything was safe; nil if it is not.
        public init(_ handover: Handover, safeAfter: Double?) {
            (began, bytes, isHeld) = (handover.began, handover.safety.bytes, handover.isHeld)
            self.safeAfter = safeAfter
            isUnfinished =
                switch handover.outcome {
                case .incomplete, .interrupted: true
                case .emptied, .kept, .cooling, .held, nil: false
                }
        }
    }

    /// The day, by the clock on the wall.
    public var date: CivilDate
    /// Cameras that came back.
    public var dockings: Int
    /// Bytes of footage that they brought.
    public var bytes: Int64
    /// Seconds from plugging in until everything was safe: what half of the cameras needed at most; nil if none became safe.
    public var usualSeconds: Double?
    /// What the slowest needed.
    public var longestSeconds: Double?
    /// Dockings that a person had to look at.
    public var held: Int
    /// Dockings that were broken off, or ended before everything was delivered.
    public var unfinished: Int

    /// A day, and what came back on it.
    public init(_ date: CivilDate, _ dockings: [Sample]) {
        self.date = date
        self.dockings = dockings.count
        bytes = dockings.reduce(0) { $0 &+ $1.bytes }
        held = dockings.count(where: \.isHeld)
        unfinished = dockings.count(where: \.isUnfinished)
        let times = dockings.compactMap(\.safeAfter).sorted()
        usualSeconds = times.isEmpty ? nil : times[(times.count - 1) / 2]
        longestSeconds = times.last
    }

    /// Days, oldest first, each with what came back on it; what came back on other days is left out.
    /// - Parameters:
    ///   - last: the last day.
    ///   - count: how many days.
    public static func days(_ dockings: [Sample], upTo last: CivilDate, count: Int, _ local: LocalClock) -> [HistoryDay]
    {
        let byDay = Dictionary(grouping: dockings) { local.day(at: $0.began) }
        return (0..<count).reversed().map { back in
            let date = last.adding(-back)
            return HistoryDay(date, byDay[date] ?? [])
        }
    }
}
