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
    /// What is wrong, in values; nil if it was raised by an older version.
    public var matter: Matter?
    /// When it was raised.
    public var raised: Instant
    /// When somebody took note of it.
    public var acknowledged: Instant?
    /// Who: the name of an account, or a badge.
    public var by: String?

    /// A new alarm.
    public init(_ key: Key, what: String, next: String, matter: Matter? = nil, raised: Instant) {
        self.key = key
        self.what = what
        self.next = next
        self.matter = matter
        self.raised = raised
    }
}

extension Alarm {
    /// Without badges: who saw to it, and whatever may quote who wore the camera, a line of the roster, or the name of a file or object.
    public var withoutPeople: Alarm {
        var alarm = self
        (alarm.by, alarm.matter) = (nil, nil)
        alarm.what = key.sentence
        alarm.next = "see the team leader's page, or 'bodydock alarms' on the dock"
        return alarm
    }
}

extension Alarm.Key {
    /// What is wrong, in general, in English.
    var sentence: String {
        switch kind {
        case .overdueCamera: "camera \(subject) did not come back"
        case .heldCamera:
            subject.hasPrefix("bay-") ? "what is in bay \(subject.dropFirst(4)) is held" : "camera \(subject) is held"
        case .vaultDown: "vault \(subject) does not work"
        case .spoolFull: "the spool is nearly full"
        case .spoolDamaged: "the dock's disk has damaged sealed files"
        case .nightFailed: "a night failed, or did not come"
        case .clockDrift: "the clock of camera \(subject) is off"
        case .batteryWorn: "the battery of camera \(subject) is worn out"
        case .rosterWrong: "the roster cannot be used"
        case .notDelivered: "messages are not delivered"
        }
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
    /// What is wrong, in values.
    public var matter: Alarm.Matter?

    /// Takes all values.
    public init(_ subject: String = "", what: String, next: String, matter: Alarm.Matter? = nil) {
        self.subject = subject
        self.what = what
        self.next = next
        self.matter = matter
    }
}
