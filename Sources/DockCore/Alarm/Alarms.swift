/// All alarms of a dock. Each is raised once for its cause, however often the cause is seen; it stays until the cause is gone, whether
/// somebody took note of it or not. No clock and no I/O: the changes that are answered are for the ledger, the journal and whoever is told.
public struct Alarms: Sendable, Equatable {
    /// What is not over, by when it was raised.
    public private(set) var open: [Alarm] = []

    /// Alarms that are open at once at most: what a hostile camera can cause has an end.
    public static let most = 1000

    /// None.
    public init() {}

    /// As the changes of the past left them, oldest first.
    public init(_ past: some Sequence<AlarmChange>) {
        for change in past {
            let place = open.firstIndex { $0.key == change.alarm.key }
            switch (change.change, place) {
            case (.raised, nil) where open.count < Alarms.most: open.append(change.alarm)
            case (.raised, let place?), (.acknowledged, let place?): open[place] = change.alarm
            case (.cleared, let place?): open.remove(at: place)
            default: break
            }
        }
    }

    /// These are all reasons of a kind that there are now: new ones are raised, what is no reason any more is over.
    /// - Parameter now: by the dock's clock.
    public mutating func see(_ kind: Alarm.Kind, _ reasons: [AlarmReason], at now: Instant) -> [AlarmChange] {
        let subjects = Set(reasons.map(\.subject))
        let over = open.filter { $0.key.kind == kind && !subjects.contains($0.key.subject) }.map(\.key)
        return over.compactMap { clear($0) } + reasons.compactMap { raise(kind, $0, at: now) }
    }

    /// There is such a reason. Nil if it was known already.
    public mutating func raise(_ kind: Alarm.Kind, _ reason: AlarmReason, at now: Instant) -> AlarmChange? {
        let key = Alarm.Key(kind, reason.subject)
        guard open.count < Alarms.most, !open.contains(where: { $0.key == key }) else { return nil }
        let alarm = Alarm(key, what: reason.what, next: reason.next, matter: reason.matter, raised: now)
        open.append(alarm)
        return AlarmChange(.raised, alarm)
    }

    /// There is no such reason any more. Nil if there was none.
    public mutating func clear(_ key: Alarm.Key) -> AlarmChange? {
        guard let place = open.firstIndex(where: { $0.key == key }) else { return nil }
        return AlarmChange(.cleared, open.remove(at: place))
    }

    /// Somebody takes note of an alarm. Nil if it is not open, or somebody did before.
    public mutating func acknowledge(_ key: Alarm.Key, by who: String, at now: Instant) -> AlarmChange? {
        guard let place = open.firstIndex(where: { $0.key == key }), open[place].acknowledged == nil else { return nil }
        (open[place].acknowledged, open[place].by) = (now, who)
        return AlarmChange(.acknowledged, open[place])
    }
}
