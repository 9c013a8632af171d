/// Something that a person must know and see to.
public struct Alarm: Sendable, Equatable, Codable {
    /// What it is about.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// A camera should have come back.
        case overdueCamera
        /// A camera keeps its footage, and a person must look.
        case heldCamera
        /// A vault does not work.
        case vaultDown
        /// The spool has little room left.
        case spoolFull
        /// The spool's disk has damaged sealed files that a vault does not have.
        case spoolDamaged
        /// A nightly run failed, or none came.
        case nightFailed
        /// A camera's clock is far off.
        case clockDrift
        /// A camera's battery does not last any more.
        case batteryWorn
        /// The roster cannot be used.
        case rosterWrong
        /// What should be told over the network cannot be.
        case notDelivered
    }

    /// Which alarm it is: there is one of each at most.
    public struct Key: Sendable, Hashable, Codable {
        /// What it is about.
        public var kind: Kind
        /// Whom: a camera, a vault, a night; empty where there is only one.
        public var subject: String

        /// Takes both.
        public init(_ kind: Kind, _ subject: String = "") {
            self.kind = kind
            self.subject = subject
        }

        /// `kind:subject`, as people write it.
        public var text: String { subject.isEmpty ? kind.rawValue : "\(kind.rawValue):\(subject)" }

        /// From `kind:subject`; nil if there is no such kind.
        public init?(text: String) {
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let kind = Kind(rawValue: String(parts[0])) else { return nil }
            self.init(kind, parts.count > 1 ? String(parts[1]) : "")
        }
    }

    /// Which it is.
    public var key: Key
    /// What is wrong.
    public var what: String
    /// What is to be done.
    public var next: String
    /// When it was raised.
    public var raised: Instant
    /// When somebody took note of it.
    public var acknowledged: Instant?
    /// Who: the name of an account, or a badge.
    public var by: String?

    /// A new alarm.
    public init(_ key: Key, what: String, next: String, raised: Instant) {
        self.key = key
        self.what = what
        self.next = next
        self.raised = raised
    }
}

extension Alarm {
    /// Without badges: who saw to it, and what may quote who wore the camera, or a line of the roster.
    public var withoutPeople: Alarm {
        var alarm = self
        alarm.by = nil
        switch key.kind {
        case .overdueCamera: alarm.what = "camera \(key.subject) did not come back"
        case .rosterWrong: alarm.what = "the roster cannot be used"
        case .heldCamera, .vaultDown, .spoolFull, .spoolDamaged, .nightFailed, .clockDrift, .batteryWorn, .notDelivered:
            break
        }
        return alarm
    }
}

/// That an alarm was raised, taken note of, or is over.
public struct AlarmChange: Sendable, Equatable, Codable {
    /// What became of it.
    public enum Change: String, Sendable, Codable {
        /// It was raised.
        case raised
        /// Somebody took note of it.
        case acknowledged
        /// It is over.
        case cleared
    }

    /// What became of it.
    public var change: Change
    /// The alarm, as it then was.
    public var alarm: Alarm

    /// Takes both.
    public init(_ change: Change, _ alarm: Alarm) {
        self.change = change
        self.alarm = alarm
    }
}

/// A reason for an alarm, as it is now.
public struct AlarmReason: Sendable, Equatable {
    /// Whom it is about.
    public var subject: String
    /// What is wrong.
    public var what: String
    /// What is to be done.
    public var next: String

    /// Takes all values.
    public init(_ subject: String = "", what: String, next: String) {
        self.subject = subject
        self.what = what
        self.next = next
    }
}
