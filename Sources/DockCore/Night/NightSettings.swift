/// How much the nightly run looks after.
public struct NightSettings: Sendable, Equatable {
    /// The part of each vault's objects that is asked for in one night, 0 to 1.
    public var checkShare: Double
    /// Objects of each vault that are asked for in one night, at most.
    public var checkMost: Int

    /// Takes both.
    public init(checkShare: Double = 0.05, checkMost: Int = 1000) {
        self.checkShare = checkShare
        self.checkMost = checkMost
    }
}
