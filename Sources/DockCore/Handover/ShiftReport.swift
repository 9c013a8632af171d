/// What a team leader must know when a shift is over. As JSON it is the document of `docs/handover.md`.
public struct ShiftReport: Sendable, Equatable, Codable {
    /// Something that is not done.
    public struct OpenPoint: Sendable, Hashable, Codable {
        /// What.
        public enum Kind: String, Sendable, Codable, CaseIterable {
            /// A camera is not back.
            case notReturned
            /// Footage is not in every vault that must hold it.
            case notSafe
            /// A camera is held, and a person must look.
            case held
        }

        /// What.
        public var kind: Kind
        /// Serial number of the camera.
        public var camera: String
        /// What people call it.
        public var title: String
        /// Who wore it: badge.
        public var wearer: String?
        /// Name of the docking, where there is one.
        public var docking: String?
        /// Files and bytes that are not safe.
        public var files: Int
        /// Their bytes.
        public var bytes: Int64
        /// Why, for a person.
        public var reasons: [String]
        /// Since when, or when it was seen last.
        public var since: Instant?
        /// ``reasons`` in values, as far as they are known.
        public var causes: [Cause]?
    }

    /// What one team brought home.
    public struct Team: Sendable, Equatable, Codable {
        /// Its name; nil for cameras of no team.
        public var team: String?
        /// Dockings.
        public var dockings: Int
        /// Recordings: incidents.
        public var recordings: Int
        /// Seconds of footage, as far as that is known.
        public var seconds: Double
        /// Bytes.
        public var bytes: Int64
        /// The spoken warnings.
        public var warnings: Warnings
    }

    /// How often people were warned that they are recorded.
    public struct Warnings: Sendable, Equatable, Codable {
        /// Before the button was pressed.
        public var before = 0
        /// While it was recorded.
        public var after = 0
        /// Not at all.
        public var none = 0
        /// The camera does not say.
        public var unknown = 0

        /// Share of the recordings of which that is known in which there was a warning, 0 to 1; nil if it is known of none.
        public var share: Double? {
            let known = before + after + none
            return known > 0 ? Double(before + after) / Double(known) : nil
        }

        mutating func count(_ warning: Recording.SpokenWarning) {
            switch warning {
            case .before: before += 1
            case .after: after += 1
            case .none: none += 1
            case .unknown: unknown += 1
            }
        }
    }

    /// Version of the document's form.
    public static let currentSchema = 1

    /// Version of the document's form.
    public var schema: Int
    /// Name of the dock.
    public var dock: String
    /// Version of the program.
    public var agent: String
    /// The shift.
    public var shift: Shift
    /// Which report of it: 1, then one more for each.
    public var edition: Int
    /// When it was made.
    public var made: Instant
    /// What is not done; none if this is the last report of the shift.
    public var open: [OpenPoint]
    /// The teams, by name; cameras of none come last.
    public var teams: [Team]
    /// All of them together.
    public var all: Team
    /// Every docking of the shift, in order.
    public var handovers: [Handover]
    /// How the next shift will find the cameras; nil if there is none within a week.
    public var next: ReadinessForecast?

    /// Whether nothing is open.
    public var isFinal: Bool { open.isEmpty }
}

extension ShiftReport {
    /// What a report is made of.
    public struct Material: Sendable {
        /// Name of the dock.
        public var dock: String
        /// Version of the program.
        public var agent: String
        /// Every docking that may belong to the shift, in order, each with when its camera had been taken before; nil if nobody knows.
        public var handovers: [(handover: Handover, taken: Instant?)]
        /// The dock's cameras.
        public var pool: CameraPool
        /// How far each is now.
        public var cameras: [CameraReadiness]

        /// Takes all values.
        public init(
            dock: String, agent: String, handovers: [(handover: Handover, taken: Instant?)], pool: CameraPool,
            cameras: [CameraReadiness]
        ) {
            self.dock = dock
            self.agent = agent
            self.handovers = handovers
            self.pool = pool
            self.cameras = cameras
        }
    }

    /// Makes the report of a shift.
    /// - Parameters:
    ///   - edition: which one it is.
    ///   - now: by the dock's clock.
    public init(of shift: Shift, edition: Int, from material: Material, at now: Instant, _ local: LocalClock) {
        let pool = material.pool
        let own = material.handovers.filter { pool.shift(of: $0.handover, taken: $0.taken, local) == shift }
            .map(\.handover)
        schema = ShiftReport.currentSchema
        (dock, agent) = (material.dock, material.agent)
        (self.shift, self.edition, made) = (shift, edition, now)
        handovers = own
        open =
            ShiftReport.missing(shift, material)
            + ShiftReport.unsettled(own, material.handovers.map(\.handover)).flatMap(ShiftReport.points)
        let names = Set(own.map(\.team)).sorted { ($0 == nil ? 1 : 0, $0 ?? "") < ($1 == nil ? 1 : 0, $1 ?? "") }
        teams = names.map { name in Team(name, own.filter { $0.team == name }) }
        all = Team(nil, own)
        next = pool.plan.next(after: now, local).map {
            ReadinessForecast(material.cameras, for: $0, roster: pool.roster, at: now)
        }
    }

    /// Cameras that should be back after this shift, and are not.
    private static func missing(_ shift: Shift, _ material: Material) -> [OpenPoint] {
        material.cameras.filter { $0.bay == nil && $0.due == shift }.map { camera in
            OpenPoint(
                kind: .notReturned, camera: camera.camera, title: camera.title, wearer: camera.wearer, docking: nil,
                files: 0, bytes: 0, reasons: [], since: camera.lastSeen)
        }
    }

    /// What a later docking of the same camera has not settled: one that ended with everything safe that was on it.
    private static func unsettled(_ own: [Handover], _ all: [Handover]) -> [Handover] {
        own.filter { handover in
            !all.contains { later in
                later.camera == handover.camera && later.began > handover.began
                    && (later.outcome == .emptied || later.outcome == .kept)
            }
        }
    }

    private static func points(_ handover: Handover) -> [OpenPoint] {
        func point(_ kind: OpenPoint.Kind) -> OpenPoint {
            OpenPoint(
                kind: kind, camera: handover.camera, title: handover.number ?? handover.camera, wearer: handover.wearer,
                docking: handover.docking, files: max(0, handover.safety.files - handover.safety.safe),
                bytes: max(0, handover.safety.bytes - handover.safety.safeBytes),
                reasons: Array(handover.reasons.prefix(10)), since: handover.began,
                causes: handover.causes.map { Array($0.prefix(10)) })
        }
        if handover.isHeld { return [point(.held)] }
        return handover.safety.isComplete ? [] : [point(.notSafe)]
    }
}

extension ShiftReport.Team {
    /// What these dockings brought, under the name of a team.
    public init(_ team: String?, _ handovers: [Handover]) {
        self.init(team: team, dockings: handovers.count, recordings: 0, seconds: 0, bytes: 0, warnings: .init())
        for handover in handovers {
            recordings += handover.recordingCount
            bytes &+= handover.safety.bytes
            for recording in handover.recordings {
                seconds += recording.seconds ?? 0
                warnings.count(recording.warning)
            }
        }
    }
}

extension CameraPool {
    /// The shift that a docking belongs to: the one that its camera had been taken for; where nobody knows that, the one whose end is
    /// nearest to when it came back, among those that had begun.
    /// - Parameter taken: when the camera had been taken; nil if nobody knows.
    public func shift(of handover: Handover, taken: Instant?, _ local: LocalClock) -> Shift? {
        let member = Member(handover.camera, team: handover.team, taken: taken)
        if let due = due(member, at: handover.began, local) { return due }
        let near = 43_200.0
        let ended = plan.ended(
            after: handover.began.adding(seconds: -near), upTo: handover.began.adding(seconds: 2 * near), local)
        return ended.filter { shift in
            shift.start <= handover.began
                && (shift.teams.isEmpty || handover.team.map { shift.teams.contains($0) } ?? true)
        }.min { distance($0, handover.began) < distance($1, handover.began) }
    }

    /// How far a return is from a shift's end. Most come before it: being late counts three times.
    private func distance(_ shift: Shift, _ returned: Instant) -> Double {
        let early = shift.end.seconds(since: returned)
        return early >= 0 ? early : -3 * early
    }
}
