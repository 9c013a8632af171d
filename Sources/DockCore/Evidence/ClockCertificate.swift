/// What is known of a camera's clock: measured offsets, drift and resets, and for recordings when they really began. Recorded times are
/// never rewritten; this stands beside them.
public struct ClockCertificate: Sendable, Equatable, Codable {
    /// Names this form.
    public static let schema = "bodydock-clock-1"

    /// What no measurement says, and is taken for granted.
    public struct Assumptions: Sendable, Equatable, Codable {
        /// ``ClockBounds/writingDelay``
        public var writingDelaySeconds = ClockBounds.writingDelay
        /// ``ClockBounds/resolution``
        public var resolutionSeconds = ClockBounds.resolution
        /// ``ClockBounds/drift``
        public var unmeasuredDriftPPM = ClockBounds.drift
    }

    /// A moment by the camera's clock, and when that was.
    public struct CorrectedTime: Sendable, Equatable, Codable {
        /// Name of the docking in which the recording was taken in.
        public var docking: String
        /// The recording's name on the camera.
        public var recording: String
        /// When it began by the camera's clock, as recorded.
        public var recorded: Instant
        /// When that was by the dock's clock; nil if it cannot be told.
        public var corrected: Instant?
        /// It was not before this.
        public var earliest: Instant?
        /// It was not after this.
        public var latest: Instant?
        /// Why it cannot be told.
        public var why: String?
    }

    /// A recording whose time is asked for.
    public struct Question: Sendable, Equatable {
        /// Name of the docking in which it was taken in.
        public var docking: String
        /// Its name on the camera.
        public var recording: String
        /// When it began by the camera's clock.
        public var recorded: Instant

        /// Takes all values.
        public init(docking: String, recording: String, recorded: Instant) {
            self.docking = docking
            self.recording = recording
            self.recorded = recorded
        }
    }

    /// Something that the ledger says of a camera's clock.
    public enum Fact: Sendable, Equatable {
        /// It was measured.
        case measured(ClockMeasured)
        /// It was set at the end of a docking, at this moment by the dock's clock.
        case set(docking: String, at: Instant)
    }

    /// Names this form.
    public var schema = ClockCertificate.schema
    /// Serial number of the camera.
    public var camera: String
    /// What is taken for granted.
    public var assumptions = Assumptions()
    /// Periods in which nothing set the clock, oldest first.
    public var periods: [ClockPeriod]
    /// The recordings that were asked for, in that order.
    public var recordings: [CorrectedTime]

    /// Makes it.
    /// - Parameters:
    ///   - camera: serial number.
    ///   - facts: what the ledger says, oldest first.
    ///   - questions: the recordings whose time is wanted.
    public init(camera: String, facts: [Fact], questions: [Question] = []) {
        self.camera = camera
        periods = ClockCertificate.periods(facts)
        recordings = []
        recordings = questions.map(answer)
    }

    private static func periods(_ facts: [Fact]) -> [ClockPeriod] {
        var periods: [ClockPeriod] = []
        var beginning = ClockPeriod.Beginning.firstSeen
        var points: [ClockPeriod.Measurement] = []
        func close(_ next: ClockPeriod.Beginning) {
            if !points.isEmpty { periods.append(ClockPeriod(beginning, points)) }
            (beginning, points) = (next, [])
        }
        for fact in facts {
            switch fact {
            case .set(let docking, let moment): close(.set(docking: docking, at: moment))
            case .measured(let measured):
                let point = ClockPeriod.Measurement(
                    docking: measured.docking, cameraClock: measured.cameraClock, dockClock: measured.dockClock,
                    offsetSeconds: measured.offsetSeconds, bounds: ClockBounds(measured),
                    dockErrorSeconds: measured.dockErrorSeconds)
                if let last = points.last, let jump = jump(from: last, to: point) { close(.jumped(seconds: jump)) }
                points.append(point)
            }
        }
        close(.firstSeen)
        return periods
    }

    /// By how much the clock moved, if no drift and no error of measuring explains that.
    private static func jump(from last: ClockPeriod.Measurement, to next: ClockPeriod.Measurement) -> Double? {
        let moved = next.offsetSeconds - last.offsetSeconds
        let seconds = abs(next.dockClock.seconds(since: last.dockClock))
        let explained = max(last.bounds.width, next.bounds.width) + seconds * 2 * ClockBounds.drift / 1e6
        return abs(moved) > explained ? moved : nil
    }

    private func answer(_ question: Question) -> CorrectedTime {
        var answer = CorrectedTime(
            docking: question.docking, recording: question.recording, recorded: question.recorded)
        guard let own = periods.lastIndex(where: { $0.measurements.contains { $0.docking == question.docking } }) else {
            answer.why = "the camera's clock was not measured in this docking"
            return answer
        }
        // What stayed on the camera over a docking was recorded before the clock was set there.
        var index = own
        while let earliest = periods[index].earliestCameraTime, question.recorded < earliest, index > 0 { index -= 1 }
        let period = periods[index]
        if let earliest = period.earliestCameraTime, question.recorded < earliest {
            answer.why = "it is dated before the clock was set for the first time that is known"
            return answer
        }
        // The next measurement after it says most.
        let delay = ClockBounds.writingDelay + ClockBounds.resolution
        let after = period.measurements.first { $0.cameraClock.adding(seconds: delay) >= question.recorded }
        guard let point = after ?? (index < own ? period.measurements.last : nil) else {
            answer.why = "it is dated after the clock was measured: the clock was set in between, or the date is wrong"
            return answer
        }
        let elapsed = point.cameraClock.seconds(since: question.recorded)
        let rate = period.rate
        let spread = abs(elapsed) * rate.bound
        answer.corrected = question.recorded.adding(seconds: -(point.offsetSeconds - rate.drift * elapsed))
        answer.earliest = question.recorded.adding(
            seconds: -(point.bounds.aheadAtMost - rate.drift * elapsed) - spread)
        answer.latest = question.recorded.adding(
            seconds: -(point.bounds.aheadAtLeast - rate.drift * elapsed) + spread)
        return answer
    }
}
