/// Protection of stored objects against removal and change ("Locking objects with Object Lock", Amazon S3 User Guide).
public enum ObjectLock {
    /// Who may shorten a retention.
    public enum Mode: String, Sendable, Codable, CaseIterable {
        /// Whoever has the right to.
        case governance
        /// Nobody, the owner of the service's account included.
        case compliance
    }

    /// For how long an object is kept.
    public struct Retention: Sendable, Equatable {
        /// Who may shorten it.
        public var mode: Mode
        /// Days from the moment at which the object is stored.
        public var days: Int
        /// Days for the footage of single cameras, by serial number, instead of ``days``.
        public var ofCameras: [String: Int]

        /// Takes all values.
        public init(mode: Mode, days: Int, ofCameras: [String: Int] = [:]) {
            self.mode = mode
            self.days = days
            self.ofCameras = ofCameras
        }

        /// The longest that it is for any camera.
        public var longest: Int { max(days, ofCameras.values.max() ?? 0) }
    }

    /// What is asked of every object of a vault: a retention, a legal hold, or both.
    public struct Policy: Sendable, Equatable {
        /// For how long it is kept; nil if that is not asked for.
        public var retention: Retention?
        /// Whether it is kept until somebody lifts the hold.
        public var legalHold: Bool

        /// Takes both.
        public init(retention: Retention?, legalHold: Bool = false) {
            self.retention = retention
            self.legalHold = legalHold
        }

        /// What is asked for an object with the footage of this camera.
        public func ofCamera(_ serial: String) -> Policy {
            guard let retention else { return self }
            let days = retention.ofCameras[serial] ?? retention.days
            return Policy(retention: Retention(mode: retention.mode, days: days), legalHold: legalHold)
        }
    }

    /// What a vault says of one version of an object, asked for after the last write to it.
    public struct State: Hashable, Sendable, Codable {
        /// Who may shorten its retention; nil if it has none.
        public var mode: Mode?
        /// Until when it is kept; nil if it has no retention.
        public var until: Instant?
        /// Whether a legal hold is on.
        public var legalHold: Bool

        /// Takes all values.
        public init(mode: Mode? = nil, until: Instant? = nil, legalHold: Bool = false) {
            self.mode = mode
            self.until = until
            self.legalHold = legalHold
        }

        /// Whether this keeps an object at least as a retention that lasts until `due` would.
        public func covers(_ mode: Mode, until due: Instant) -> Bool {
            guard let own = self.mode, let until else { return false }
            return (own == .compliance || mode == .governance) && until >= due
        }
    }
}
