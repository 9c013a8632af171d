/// How well the camera's clock is known at the moment at which it was measured, and on which assumptions.
public struct ClockBounds: Sendable, Equatable, Codable {
    /// Longest time in seconds that a camera is taken to need from writing its clock into the manifest until its disk appears. The
    /// camera does not say when it wrote it; its clock may be ahead of what was measured by as much.
    public static let writingDelay = 120.0
    /// Clocks of cameras count whole seconds.
    public static let resolution = 1.0
    /// How far a quartz clock may drift where that was not measured, in millionths (seconds in a million seconds).
    public static let drift = 100.0

    /// The camera's clock was ahead of the dock's by at least so many seconds (negative: it was behind).
    public var aheadAtLeast: Double
    /// It was ahead by at most so many seconds.
    public var aheadAtMost: Double

    /// The bounds of a measurement.
    /// - Parameter measured: what was measured.
    public init(_ measured: ClockMeasured) {
        let dock = measured.dockErrorSeconds ?? 0
        aheadAtLeast = measured.offsetSeconds - ClockBounds.resolution - dock
        aheadAtMost = measured.offsetSeconds + ClockBounds.writingDelay + ClockBounds.resolution + dock
    }

    /// Seconds between both.
    var width: Double { aheadAtMost - aheadAtLeast }
}
