/// A recording that vaults keep, and until when, for people.
public struct KeptRecording: Sendable, Equatable, Codable {
    /// Serial number of its camera.
    public var camera: String
    /// Its name.
    public var recording: String
    /// The team whose footage it is; nil if it is nobody's.
    public var team: String?
    /// The law that it is kept under.
    public var regime: TeamSettings.Regime?
    /// From when it is kept: its recording, or its reading where nobody knows.
    public var begin: Instant
    /// Until when; nil if nobody says.
    public var deadline: Instant?
    /// Whole days until then, rounded up; 0 or less when it is over.
    public var daysLeft: Int?
    /// Until when a citizen can still ask for it: the end of the request window that closes next; nil if all have closed.
    public var requestsUntil: Instant?
    /// Whole days until then, rounded up.
    public var requestDaysLeft: Int?
    /// Names of the holds on it.
    public var holds: [String]
    /// How many objects there are in all vaults.
    public var objects: Int
    /// Size of its footage in bytes, once for each vault.
    public var bytes: Int64
}

/// Puts stored objects together into recordings, and counts what a person must know.
public struct RetentionSurvey: Sendable {
    private struct Name: Hashable {
        var camera: String
        var recording: String
        /// Cameras use names again: what they were recorded at tells them apart, or else what docking took them in.
        var begin: String
    }

    private let configuration: Configuration
    private let rules: RetentionRules
    private let holds: Holds
    private let now: Instant
    private var found: [Name: KeptRecording] = [:]

    /// - Parameters:
    ///   - holds: all of them.
    ///   - now: by the dock's clock.
    public init(_ configuration: Configuration, holds: Holds, now: Instant) {
        self.configuration = configuration
        self.holds = holds
        self.now = now
        rules = RetentionRules(configuration, holds: holds, now: now)
    }

    /// Counts an object in.
    public mutating func add(_ object: StoredObject) {
        let sealed = object.sealed
        guard sealed.role != .record else { return }
        let name = Name(
            camera: sealed.camera, recording: sealed.recording,
            begin: sealed.recorded?.description ?? sealed.docking)
        var recording = found[name] ?? start(object)
        recording.objects += 1
        recording.bytes &+= sealed.sealed.plaintextBytes
        found[name] = recording
    }

    /// The recordings, those first that go first; then what nobody limits.
    public var recordings: [KeptRecording] {
        found.values.sorted { left, right in
            if left.deadline != right.deadline { return DeliveryItem.isEarlier(left.deadline, right.deadline) }
            return (left.begin, left.camera, left.recording) < (right.begin, right.camera, right.recording)
        }
    }

    /// Recordings whose time is over and which no hold keeps.
    public var overdue: Int { found.values.count { $0.holds.isEmpty && ($0.daysLeft ?? 1) <= 0 } }

    /// Recordings for which a request window closes within a day.
    public var closing: Int { found.values.count { $0.requestDaysLeft.map { $0 <= 1 } ?? false } }

    private func start(_ object: StoredObject) -> KeptRecording {
        let time = rules.time(of: object)
        let team = object.sealed.team(configuration)
        let windows = configuration.retention.requestWindows.map { time.begin.adding(seconds: $0) }
        let open = windows.first { end in end > now && time.deadline.map { end <= $0 } ?? true }
        return KeptRecording(
            camera: object.sealed.camera, recording: object.sealed.recording, team: team?.name, regime: team?.regime,
            begin: time.begin, deadline: time.deadline, daysLeft: time.deadline.map(days), requestsUntil: open,
            requestDaysLeft: open.map(days), holds: holds.active(over: object.sealed).map(\.added.hold), objects: 0,
            bytes: 0)
    }

    private func days(until moment: Instant) -> Int { Int((moment.seconds(since: now) / 86_400).rounded(.up)) }
}
