/// What a team leader must know at one moment, as the agent tells the board. It names badges.
public struct DutyOverview: Sendable, Equatable, Codable {
    /// A shift of today, or one that is under way, as it stands.
    public struct Standing: Sendable, Equatable, Codable {
        /// The shift.
        public var shift: Shift
        /// What came back in it.
        public var all: ShiftReport.Team
        /// What is not done.
        public var open: [ShiftReport.OpenPoint]

        /// Takes all values.
        public init(shift: Shift, all: ShiftReport.Team, open: [ShiftReport.OpenPoint]) {
            self.shift = shift
            self.all = all
            self.open = open
        }
    }

    /// The last report of a shift.
    public struct Report: Sendable, Equatable, Codable {
        /// The shift.
        public var shift: Shift
        /// Which report of it.
        public var edition: Int
        /// When it was made.
        public var made: Instant
        /// What came back in it.
        public var all: ShiftReport.Team
        /// What was not done by then.
        public var open: [ShiftReport.OpenPoint]

        /// Of a report.
        public init(_ report: ShiftReport) {
            (shift, edition, made) = (report.shift, report.edition, report.made)
            (all, open) = (report.all, report.open)
        }
    }

    /// A night.
    public struct Night: Sendable, Equatable, Codable {
        /// The date on which it began.
        public var night: String
        /// When it began.
        public var began: Instant
        /// When it ended.
        public var ended: Instant
        /// The steps that failed, each with why, for a person.
        public var failed: [NightStep]
        /// Objects that are not what the ledger says.
        public var faults: Int

        /// Of a report.
        public init(_ report: NightReport) {
            (night, began, ended) = (report.night, report.began, report.ended)
            failed = report.steps.filter { $0.outcome == .failed }
            faults = report.faults.count
        }
    }

    /// How the dock is, with badges, alarms and cameras.
    public var status: DockStatus
    /// The shifts of today and those under way, by their beginnings.
    public var shifts: [Standing]
    /// The last report of each of the last shifts, newest first.
    public var reports: [Report]
    /// The last nights, newest first.
    public var nights: [Night]

    /// Takes all values.
    public init(status: DockStatus, shifts: [Standing], reports: [Report], nights: [Night]) {
        self.status = status
        self.shifts = shifts
        self.reports = reports
        self.nights = nights
    }
}
