/// How patiently a vault that fails is tried again.
public struct RetryPolicy: Sendable, Equatable {
    /// Seconds to wait after the first failure; doubled with each further one.
    public var first: Double
    /// Seconds that no wait is longer than.
    public var most: Double
    /// Failures in a row after which only one consignment at a time is tried, until one succeeds.
    public var patience: Int
    /// Seconds that a vault may fail for a reason that passes by itself before a person is told.
    public var alarmAfter: Double

    /// Takes all values. The defaults: 2 s, 4 s, 8 s, … up to 15 minutes; one at a time from the third failure on; an alarm
    /// after 10 minutes.
    public init(first: Double = 2, most: Double = 900, patience: Int = 3, alarmAfter: Double = 600) {
        self.first = first
        self.most = most
        self.patience = patience
        self.alarmAfter = alarmAfter
    }

    /// Seconds to wait after failure number `failures` (the first is 1).
    ///
    /// Up to a quarter shorter than planned, so that docks which lost the same service do not all come back at once and the
    /// bound holds all the same.
    /// - Parameter jitter: 0 up to 1, from a source of randomness; anything else counts as the nearer end.
    public func pause(after failures: Int, jitter: Double) -> Double {
        guard failures > 0 else { return 0 }
        // 2^62 is more than any bound; a larger exponent would only overflow.
        let planned = min(first * Double(1 << min(failures - 1, 62)), most)
        return planned * (1 - 0.25 * (jitter.isFinite ? min(max(jitter, 0), 1) : 0))
    }
}
