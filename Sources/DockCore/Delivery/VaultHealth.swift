/// Whether a vault may be tried, when it is tried next, and what people are told of it. One value for each vault; no clock, no
/// randomness: the same events give the same answers. An event out of order never traps.
///
/// ```
///             failures                    due, one try
///  closed ───────────────▶ open ───────────────────────▶ halfOpen
///    ▲  ▲                   ▲                              │  │
///    │  └── success ────────┼──────────────────────────────┘  │
///    │                      └───────────── failure ───────────┘
///    │ changed or by hand, then as halfOpen
///  stopped ◀── a permanent error, from anywhere
/// ```
/// Times are by a clock that never jumps; only differences count.
public struct VaultHealth: Sendable, Equatable {
    /// How it stands.
    public enum State: Sendable, Equatable {
        /// It works, or failed less often in a row than the policy's patience.
        case closed
        /// It failed too often: nothing is tried before the next try is due, and then one consignment.
        case open
        /// One consignment is on its way, and decides.
        case halfOpen
        /// It refused for good: nothing is tried until the configuration changes or a person says so.
        case stopped
    }

    /// How many consignments may be given to it now.
    public enum Admission: Sendable, Equatable {
        /// As many as there are.
        case all
        /// One, to see whether it works again.
        case one
        /// None before this moment; nil if only a person can change that, or the one that is on its way.
        case none(until: Instant?)
    }

    struct Failing: Sendable, Equatable {
        var since: Instant
        var error: DockError
    }

    /// The vault's name.
    public let vault: String
    let policy: RetryPolicy
    /// How it stands.
    public internal(set) var state = State.closed
    /// Failures in a row.
    public internal(set) var failures = 0
    /// When it may be tried again; nil while nothing speaks against it, and while it is stopped.
    public internal(set) var nextTry: Instant?
    /// What people were told and is not over.
    public internal(set) var alarm: VaultAlarm?
    /// When it last failed: what was begun before that says nothing new.
    var lastFailure: Instant?
    /// When it first failed since it last worked, and how it failed last.
    var failing: Failing?
    /// A person or a new configuration asked for a try.
    var isAskedFor = false

    /// A vault of which nothing bad is known.
    public init(vault: String, policy: RetryPolicy = RetryPolicy()) {
        self.vault = vault
        self.policy = policy
    }

    /// What may be tried now.
    public func admission(at now: Instant) -> Admission {
        switch state {
        case .halfOpen: return .none(until: nil)
        case .stopped: return isAskedFor ? .one : .none(until: nil)
        case .closed, .open:
            if let nextTry, nextTry > now { return .none(until: nextTry) }
            return state == .closed ? .all : .one
        }
    }

    /// When ``VaultEvent/time`` has something to do next; nil if nothing waits for a moment.
    public var nextWake: Instant? { [nextTry, alarmDue].compactMap { $0 }.min() }

    /// Takes in what happened and answers what is to be done.
    public mutating func handle(_ event: VaultEvent, at now: Instant) -> [VaultAction] {
        switch event {
        case .began: return began(now)
        case .succeeded(let start): return succeeded(start)
        case .failed(let error, let start, let jitter): return failed(error, start, jitter, now)
        case .configured, .retry: return askedFor(now)
        case .removed: return clear()
        case .time: break
        }
        return warnIfDue(now)
    }
}

/// What happens to a vault.
public enum VaultEvent: Sendable, Equatable {
    /// A consignment is given to it.
    case began
    /// A consignment that was begun at this moment is confirmed.
    case succeeded(began: Instant)
    /// A consignment that was begun at this moment failed. `jitter` is 0 up to 1, from a source of randomness.
    case failed(DockError, began: Instant, jitter: Double)
    /// Its configuration, its credentials or its certificates changed.
    case configured
    /// A person asks for a try.
    case retry
    /// It is not configured any more.
    case removed
    /// Time went by.
    case time
}

/// What is to be done about a vault.
public enum VaultAction: Sendable, Equatable {
    /// Try again now, or as soon as ``VaultHealth/nextTry`` says.
    case tryAgain(at: Instant)
    /// Tell people.
    case raise(VaultAlarm)
    /// Tell people that this is over.
    case clear(VaultAlarm)
}
