/// How a vault stands, as it is shown to people.
public struct VaultStatus: Sendable, Equatable, Codable {
    /// How it stands, in a word.
    public enum State: String, Sendable, Codable, CaseIterable {
        /// Nothing bad is known of it.
        case working
        /// It failed, and is tried again in a moment.
        case failing
        /// It failed often: nothing is given to it before the next try.
        case away
        /// One consignment is on its way, and decides.
        case trying
        /// It refused for good: a person must change something.
        case stopped
    }

    /// The vault's name.
    public var vault: String
    /// How it stands.
    public var state: State
    /// Since when it does not work; nil if it does.
    public var since: Instant?
    /// What the last failure said.
    public var why: String?
    /// What is to be done about it.
    public var next: String?
    /// When it is tried again; nil if it works, is being tried, or only a person can change that.
    public var nextTry: Instant?
    /// Whether people were told.
    public var isAlarm: Bool

    /// Without what its last failure said: that may name an object, which is called after a camera's file.
    var withoutPlaces: VaultStatus {
        var status = self
        (status.why, status.next) = (nil, nil)
        return status
    }

    /// Makes it of what is known, at a moment by the clock that never jumps and by the dock's clock.
    public init(_ health: VaultHealth, now: Instant, clock: Instant) {
        func dated(_ moment: Instant) -> Instant { clock.adding(seconds: moment.seconds(since: now)) }
        vault = health.vault
        state =
            switch health.state {
            case .closed: health.failures == 0 ? .working : .failing
            case .open: .away
            case .halfOpen: .trying
            case .stopped: .stopped
            }
        isAlarm = health.alarm != nil
        nextTry = health.nextTry.map(dated)
        if let failing = health.failing {
            since = dated(failing.since)
            why = "\(failing.error.what): \(failing.error.place): \(failing.error.why)"
            next = failing.error.next
        } else if let alarm = health.alarm {
            since = dated(alarm.since)
            why = "\(alarm.what): \(alarm.place): \(alarm.why)"
            next = alarm.next
        }
    }
}
