/// A team whose members wear cameras.
public struct TeamSettings: Sendable, Equatable {
    /// The law that its footage is kept under.
    public enum Regime: String, Sendable, Codable, CaseIterable {
        /// Wet politiegegevens: footage of investigators.
        case wpg
        /// Algemene verordening gegevensbescherming (GDPR): all other footage.
        case avg
    }

    /// Its name, as it is printed and recorded.
    public var name: String
    /// The law that its footage is kept under.
    public var regime: Regime
    /// Seconds that its footage is kept, from its recording.
    public var retention: Double

    /// Takes all values.
    public init(name: String, regime: Regime, retention: Double = TeamSettings.usualRetention) {
        self.name = name
        self.regime = regime
        self.retention = retention
    }

    /// 28 days.
    public static let usualRetention = 28 * 86_400.0

    /// The retention in whole days, rounded up: what Object Lock counts in.
    public var retentionDays: Int { Int((retention / 86_400).rounded(.up)) }
}

extension Configuration {
    /// The team that a camera belongs to; nil if none is named, or the camera is not listed.
    public func team(ofCamera serial: String) -> TeamSettings? {
        guard let name = cameras.first(where: { $0.serial == serial })?.team else { return nil }
        return teams.first { $0.name == name }
    }
}
