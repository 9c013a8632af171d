/// How the dock uses its uplink.
public struct DeliverySettings: Sendable, Equatable {
    /// Limits for all buckets together.
    public var limits: RateSchedule

    /// Takes the limits.
    public init(limits: RateSchedule = RateSchedule()) { self.limits = limits }
}

extension Configuration {
    /// How fast may be sent, by weekday and time of day: over all, and to each vault.
    public var rates: DeliveryRates {
        DeliveryRates(
            total: delivery.limits,
            vaults: Dictionary(vaults.map { ($0.name, $0.limits) }) { first, _ in first })
    }
}
