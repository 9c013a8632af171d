/// How fast may be sent now.
public struct RateLimits: Sendable, Equatable {
    /// Bit/s for all vaults together; nil for no limit.
    public var total: Int64?
    /// Bit/s for single vaults, by name; a vault that is not named has no limit of its own.
    public var vaults: [String: Int64]

    /// Takes both.
    public init(total: Int64? = nil, vaults: [String: Int64] = [:]) {
        self.total = total
        self.vaults = vaults
    }
}

/// How fast may be sent, by weekday and time of day.
public struct DeliveryRates: Sendable, Equatable {
    /// For all vaults together.
    public var total: RateSchedule
    /// For single vaults, by name.
    public var vaults: [String: RateSchedule]

    /// Takes both.
    public init(total: RateSchedule = RateSchedule(), vaults: [String: RateSchedule] = [:]) {
        self.total = total
        self.vaults = vaults
    }

    /// What holds at a moment.
    public func limits(at moment: Instant, _ local: LocalClock) -> RateLimits {
        RateLimits(
            total: total.limit(at: moment, local), vaults: vaults.compactMapValues { $0.limit(at: moment, local) })
    }

    /// When that changes next; nil if it never does.
    public func nextChange(after moment: Instant, _ local: LocalClock) -> Instant? {
        ([total] + vaults.values).compactMap { $0.nextChange(after: moment, local) }.min()
    }
}
