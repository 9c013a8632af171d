/// What becomes of footage when it has been kept for as long as its team keeps it.
public struct RetentionSettings: Sendable, Equatable {
    /// Whether it is destroyed in the vaults. Otherwise nothing is ever deleted there.
    public var apply: Bool
    /// Seconds that an object stays in a vault in any case, however old its footage is.
    public var grace: Double
    /// Until so many seconds after its recording a citizen can ask for footage, shortest first.
    public var requestWindows: [Double]

    /// Takes all values.
    public init(apply: Bool = false, grace: Double = 86_400, requestWindows: [Double] = [21 * 86_400, 24 * 86_400]) {
        self.apply = apply
        self.grace = grace
        self.requestWindows = requestWindows.sorted()
    }
}
