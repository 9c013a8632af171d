/// Which cameras will be ready when a shift begins, and which will not, and why.
public struct ReadinessForecast: Sendable, Equatable, Codable {
    /// A camera that will not be ready, and what is in its way.
    public struct Miss: Sendable, Equatable, Codable {
        /// What is in its way most.
        public enum Cause: String, Sendable, Codable, CaseIterable {
            /// It is not here.
            case away
            /// It should be here.
            case overdue
            /// Its footage is not safe by then.
            case upload
            /// Its receipts are too young by then.
            case cooling
            /// It is not emptied by then.
            case erase
            /// It is not charged by then.
            case charge
            /// A person must look at it.
            case attention
            /// Nothing was measured yet that would say when it is ready.
            case unknown
        }

        /// Serial number.
        public var camera: String
        /// What people call it.
        public var title: String
        /// What is in its way most.
        public var cause: Cause
        /// Seconds that this takes yet, where it is known.
        public var seconds: Double?
        /// When it will be ready, where that is known.
        public var readyAt: Instant?
        /// Why a person must look.
        public var reasons: [String]
        /// ``reasons`` in values, as far as they are known.
        public var causes: [DockCore.Cause]?
    }

    /// The shift.
    public var shift: Shift
    /// Cameras that are ready when it begins.
    public var ready: [String]
    /// Cameras that are not.
    public var missed: [Miss]
    /// Serial numbers in the order in which they should be taken: charged first, then emptied, then the least used.
    public var order: [String]

    /// Without a file's name.
    var withoutPeople: ReadinessForecast {
        var forecast = self
        for index in missed.indices {
            forecast.missed[index].causes = missed[index].causes?.withoutPeople
            forecast.missed[index].reasons = forecast.missed[index].causes?.map(\.sentence) ?? []
        }
        return forecast
    }

    /// The cameras that are looked at: those of the roster, or else all that the shift's teams have.
    public var count: Int { ready.count + missed.count }

    /// - Parameters:
    ///   - cameras: how far all are now.
    ///   - shift: which begins later than `now`.
    ///   - roster: who wears what; a shift that does not stand in it is for all cameras of its teams.
    ///   - now: by the dock's clock.
    public init(_ cameras: [CameraReadiness], for shift: Shift, roster: Roster, at now: Instant) {
        let wanted = Set(roster.entries(of: shift).map(\.camera))
        let looked = cameras.filter { camera in
            if !wanted.isEmpty { return wanted.contains(camera.camera) }
            return shift.teams.isEmpty || camera.team.map { shift.teams.contains($0) } ?? true
        }
        let time = shift.start.seconds(since: now)
        func isReady(_ camera: CameraReadiness) -> Bool { camera.left.map { $0.total <= time } ?? false }
        self.shift = shift
        ready = looked.filter(isReady).map(\.camera)
        missed = looked.filter { !isReady($0) }.map { Miss($0, now) }
        order = ReadinessForecast.order(looked, at: now)
    }

    /// Serial numbers in the order in which cameras should be taken now. Those that need longer come later; those that need the same are
    /// taken in turn: the fuller battery, then the least used, then the one that lay here longest.
    public static func order(_ cameras: [CameraReadiness], at now: Instant) -> [String] {
        func rank(_ camera: CameraReadiness) -> (Double, Int, Int, String) {
            (camera.left?.total.rounded() ?? .infinity, -(camera.battery ?? 0), camera.uses, camera.camera)
        }
        return cameras.filter { [.ready, .charging].contains($0.state) || $0.left != nil }
            .sorted { rank($0) < rank($1) }.map(\.camera)
    }
}

extension ReadinessForecast.Miss {
    fileprivate init(_ camera: CameraReadiness, _ now: Instant) {
        let (cause, seconds) = ReadinessForecast.Miss.cause(camera)
        self.init(
            camera: camera.camera, title: camera.title, cause: cause, seconds: seconds,
            readyAt: camera.left.map { now.adding(seconds: $0.total) }, reasons: camera.reasons,
            causes: camera.causes)
    }

    private static func cause(_ camera: CameraReadiness) -> (Cause, Double?) {
        switch camera.state {
        case .away: return (.away, nil)
        case .overdue: return (.overdue, nil)
        case .attention: return (.attention, nil)
        case .docked, .charging, .ready: break
        }
        guard let left = camera.left else { return (.unknown, nil) }
        let parts: [(Cause, Double)] = [
            (.upload, left.upload), (.cooling, left.cooling), (.erase, left.erase), (.charge, left.charge),
        ]
        let longest = parts.reduce(parts[0]) { $1.1 > $0.1 ? $1 : $0 }
        return (longest.0, longest.1)
    }
}
