/// A time in which nothing set a camera's clock: it went on by itself, and drifted.
public struct ClockPeriod: Sendable, Equatable, Codable {
    /// Why it began.
    public enum Beginning: Sendable, Equatable, Codable {
        /// It is the first that is known.
        case firstSeen
        /// The dock set the clock at the end of this docking, at this moment by the dock's clock.
        case set(docking: String, at: Instant)
        /// The clock was somewhere else than any drift explains: it was set, or lost its time.
        case jumped(seconds: Double)
    }

    /// One measurement.
    public struct Measurement: Sendable, Equatable, Codable {
        /// Name of the docking.
        public var docking: String
        /// The camera's clock.
        public var cameraClock: Instant
        /// The dock's clock.
        public var dockClock: Instant
        /// Camera's minus dock's, in seconds.
        public var offsetSeconds: Double
        /// How well that is known.
        public var bounds: ClockBounds
        /// Largest error of the dock's clock in seconds, as its kernel says; nil if nothing disciplined it.
        public var dockErrorSeconds: Double?
    }

    /// How fast it drifted.
    public struct Drift: Sendable, Equatable, Codable {
        /// Millionths by which it went too fast (negative: too slow): the median of the slopes between any two measurements (Theil
        /// and Sen).
        public var ppm: Double
        /// What it may be off by, in millionths, however the measurements erred within their bounds.
        public var boundPPM: Double
    }

    /// Pairs of measurements this far apart, in seconds, have a slope that says something.
    private static let shortest = 3600.0
    /// Measurements that the fit looks at: the latest.
    private static let most = 200

    /// Why it began.
    public var beginning: Beginning
    /// What was measured, oldest first.
    public var measurements: [Measurement]
    /// How fast it drifted; nil if less than two measurements are an hour apart.
    public var drift: Drift?

    init(_ beginning: Beginning, _ measurements: [Measurement]) {
        self.beginning = beginning
        self.measurements = measurements
        drift = ClockPeriod.fit(measurements.suffix(ClockPeriod.most))
    }

    private static func fit(_ points: ArraySlice<Measurement>) -> Drift? {
        var slopes: [Double] = []
        var span = 0.0
        for (index, earlier) in points.enumerated() {
            for later in points.dropFirst(index + 1) {
                let seconds = later.dockClock.seconds(since: earlier.dockClock)
                guard seconds >= shortest else { continue }
                slopes.append((later.offsetSeconds - earlier.offsetSeconds) / seconds)
                span = max(span, seconds)
            }
        }
        guard !slopes.isEmpty else { return nil }
        slopes.sort()
        let middle = slopes.count / 2
        let median = slopes.count % 2 == 1 ? slopes[middle] : (slopes[middle - 1] + slopes[middle]) / 2
        // Over the longest baseline both ends may err by the whole width of what is known.
        let width = points.map(\.bounds.width).max() ?? 0
        return Drift(ppm: rounded(median * 1e6), boundPPM: rounded(width / span * 1e6))
    }

    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

    /// The drift to reckon with, and its bound, in seconds a second: the measured one where it says more than is known of any quartz.
    var rate: (drift: Double, bound: Double) {
        guard let drift, drift.boundPPM < ClockBounds.drift else { return (0, ClockBounds.drift / 1e6) }
        return (drift.ppm / 1e6, drift.boundPPM / 1e6)
    }

    /// The earliest that the camera's clock can have shown in this period; nil if that is not known.
    var earliestCameraTime: Instant? {
        switch beginning {
        case .firstSeen, .jumped: nil
        case .set(_, let moment): moment.adding(seconds: -ClockBounds.writingDelay)
        }
    }
}
