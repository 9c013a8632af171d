/// When a camera may be emptied.
public struct ReleasePolicy: Sendable, Equatable {
    /// Which vaults must hold a segment before it may be erased.
    public enum Requirement: Sendable, Equatable {
        /// Every configured vault.
        case all
        /// At least one of them.
        case any
        /// These, by name.
        case named(Set<String>)
    }

    /// When the erase happens once everything is safe.
    public enum Erase: String, Sendable, Equatable, Codable, CaseIterable {
        /// In the same docking.
        case now
        /// Not in this docking: the footage stays on the camera for now.
        case later
    }

    /// Which vaults must hold a segment.
    public var require: Requirement
    /// When the erase happens.
    public var erase: Erase
    /// Seconds that every required receipt must be old before the erase: time to notice that a vault is not what it seemed.
    public var coolOff: Double

    /// Takes all values.
    public init(require: Requirement = .all, erase: Erase = .now, coolOff: Double = 0) {
        self.require = require
        self.erase = erase
        self.coolOff = coolOff
    }
}
