/// How much the nightly run looks after.
public struct NightSettings: Sendable, Equatable {
    /// The part of each vault's objects that is asked for in one night, 0 to 1.
    public var checkShare: Double
    /// Objects of each vault that are asked for in one night, at most.
    public var checkMost: Int
    /// Seconds after its delivery from which on an object is not asked for any more, because the vault may have removed it by
    /// then; nil for never.
    public var checkWithin: Double?

    /// Takes all values.
    public init(checkShare: Double = 0.05, checkMost: Int = 1000, checkWithin: Double? = nil) {
        self.checkShare = checkShare
        self.checkMost = checkMost
        self.checkWithin = checkWithin
    }
}
