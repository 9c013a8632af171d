/// The cameras of a dock: what is known of them beyond what their bays show. With that it says how far each is.
public struct CameraPool: Sendable, Equatable {
    /// What is known of a camera from the configuration and the ledger.
    public struct Member: Sendable, Equatable {
        /// Serial number.
        public var camera: String
        /// Number on the camera.
        public var number: String?
        /// Its team.
        public var team: String?
        /// When it was here last; nil if it never was.
        public var lastSeen: Instant?
        /// When it was taken out of the dock; nil if nobody saw that.
        public var taken: Instant?
        /// Who wore it last: badge.
        public var wearer: String?
        /// Dockings in the last two weeks.
        public var uses: Int

        /// Takes all values.
        public init(
            _ camera: String, number: String? = nil, team: String? = nil, lastSeen: Instant? = nil,
            taken: Instant? = nil, wearer: String? = nil, uses: Int = 0
        ) {
            self.camera = camera
            self.number = number
            self.team = team
            self.lastSeen = lastSeen ?? taken
            self.taken = taken
            self.wearer = wearer
            self.uses = uses
        }
    }

    /// The cameras, in the order in which people know them.
    public var members: [Member]
    /// The shifts.
    public var plan: ShiftPlan
    /// Who wears what.
    public var roster: Roster
    /// Seconds after a shift's end before a camera is overdue.
    public var grace: Double
    /// How fast cameras were dealt with lately.
    public var pace: OffloadPace

    /// Seconds before a shift in which a camera that is taken is taken for it.
    public static let leadTime: Double = 3600

    /// Takes all values.
    public init(
        members: [Member], plan: ShiftPlan = ShiftPlan(), roster: Roster = Roster(), grace: Double = 1800,
        pace: OffloadPace = OffloadPace()
    ) {
        self.members = members
        self.plan = plan
        self.roster = roster
        self.grace = grace
        self.pace = pace
    }

    /// How far each camera is, members first; a camera in a bay that is no member comes after them.
    /// - Parameters:
    ///   - bays: what all bays show now.
    ///   - now: by the dock's clock.
    public func readiness(_ bays: [BayStatus], at now: Instant, _ local: LocalClock) -> [CameraReadiness] {
        let places = Dictionary(bays.compactMap { bay in bay.camera.map { ($0, bay) } }) { first, second in
            // A camera that was moved may still be named by the bay that it left.
            first.state == .away ? second : first
        }
        let known = Set(members.map(\.camera))
        let guests = bays.compactMap(\.camera).filter { !known.contains($0) }.map { Member($0) }
        return (members + guests).map { member in
            places[member.camera].map { docked(member, $0, now) } ?? absent(member, now, local)
        }
    }

    // MARK: Away

    private func absent(_ member: Member, _ now: Instant, _ local: LocalClock) -> CameraReadiness {
        let due = due(member, at: now, local)
        let isOverdue = due.map { $0.end.adding(seconds: grace) <= now } ?? false
        var result = CameraReadiness(member, isOverdue ? .overdue : .away)
        result.due = due
        if let due, let entry = roster.entries(of: due).first(where: { $0.camera == member.camera }) {
            result.wearer = entry.badge
        }
        return result
    }

    /// The shift after which a camera that is away is back: the first that the roster has it in and that ended, or ends, after it was
    /// seen last; without that, the shift that it was taken for.
    func due(_ member: Member, at now: Instant, _ local: LocalClock) -> Shift? {
        let rostered = roster.entries.filter { $0.camera == member.camera }
            .compactMap { plan.shift($0.shift, on: $0.date, local) }
            .filter { shift in
                guard shift.start <= now else { return false }
                guard let seen = member.lastSeen else { return true }
                // What came back in the shift, and was not seen to be taken again, is back.
                return (member.taken == nil ? shift.start : shift.end) > seen
            }
        if let first = rostered.min(by: { $0.end < $1.end }) { return first }
        guard let taken = member.taken else { return nil }
        func isTheirs(_ shift: Shift) -> Bool {
            shift.teams.isEmpty || (member.team.map { shift.teams.contains($0) } ?? true)
        }
        let soon = plan.starting(from: taken, upTo: taken.adding(seconds: CameraPool.leadTime), local)
        return soon.first(where: isTheirs)
            ?? plan.underWay(at: taken, local).filter(isTheirs).max { $0.end < $1.end }
    }

    // MARK: In the dock

    private func docked(_ member: Member, _ bay: BayStatus, _ now: Instant) -> CameraReadiness {
        var result = CameraReadiness(member, .docked)
        result.bay = bay.bay
        result.wearer = bay.wearer ?? member.wearer
        result.battery = bay.battery?.percent
        result.isBatteryEstimated = bay.battery?.source == .estimate
        result.lastSeen = now
        switch bay.state {
        case .ready: (result.state, result.left) = (.ready, .init())
        case .charging:
            result.state = .charging
            result.left = bay.secondsToFull.map { .init(charge: $0) }
        case .empty, .seen, .waiting: result.phase = bay.progress?.waitsForSpool == .space ? .sealing : .waiting
        case .reading: result.phase = .reading
        case .delivering, .incomplete: result.phase = .sending
        case .cooling: result.phase = .cooling
        case .erasing: result.phase = .erasing
        case .stalled, .kept, .held, .refused, .failed, .away:
            (result.state, result.reasons, result.causes) = (.attention, bay.reasons, bay.causes)
            if bay.state == .kept {
                let kept = Cause(.state(.keptAsAsked))
                (result.reasons, result.causes) = ([kept.sentence], [kept])
            }
        }
        if let phase = result.phase { result.left = left(bay, phase) }
        return result
    }

    /// What is still to be done is added up: a camera is emptied when all of it is safe, and charges when it is emptied.
    private func left(_ bay: BayStatus, _ phase: CameraReadiness.Phase) -> CameraReadiness.TimeLeft? {
        var left = CameraReadiness.TimeLeft(charge: bay.secondsToFull ?? 0)
        switch phase {
        case .waiting, .sealing, .reading, .sending:
            guard let upload = upload(bay) else { return nil }
            left.upload = upload
            left.cooling = pace.coolOff
            left.erase = pace.erase
        case .cooling:
            guard let seconds = bay.secondsLeft else { return nil }
            left.cooling = seconds
            left.erase = pace.erase
        case .erasing: left.erase = bay.secondsLeft ?? pace.erase
        }
        return left
    }

    /// Seconds until all of a camera is safe: the longer of what reading takes and what sending takes, which go on side by side. Sending by
    /// what this docking has reached so far, or else by what dockings reached lately.
    private func upload(_ bay: BayStatus) -> Double? {
        guard let progress = bay.progress, progress.total > 0 else { return nil }
        let reading = bay.secondsLeft ?? 0
        let missing = max(0, progress.unsafeBytes ?? progress.total)
        if missing == 0 { return reading }
        let reached = bay.seconds >= OffloadPace.settles ? Double(progress.total - missing) / bay.seconds : 0
        guard let rate = reached > 0 ? reached : pace.bytesPerSecond, rate > 0 else { return nil }
        return max(reading, Double(missing) / rate)
    }
}

extension CameraReadiness {
    fileprivate init(_ member: CameraPool.Member, _ state: State) {
        self.init(
            camera: member.camera, number: member.number, team: member.team, bay: nil, state: state, phase: nil,
            reasons: [], left: nil, battery: nil, isBatteryEstimated: false, wearer: member.wearer, uses: member.uses,
            due: nil, lastSeen: member.lastSeen)
    }
}
