/// Finds the last long time in which the dock wrote nothing down. It was off, or its clock jumped: nobody can tell which from the ledger,
/// and a clock that jumped would have footage destroyed too early. A clock that is set back undoes its jump.
public struct Silence: Sendable {
    /// Seconds without an entry that are nothing unusual: a dock that runs has one each night.
    public static let longest = 3 * 86_400.0

    private var last: Instant?
    /// The moments before and after the last silence.
    private var gap: (before: Instant, after: Instant)?

    /// Nothing was written down yet.
    public init() {}

    /// Something was written down at this moment, after everything before.
    public mutating func note(_ moment: Instant) {
        if let gap, moment < gap.after { (self.gap, last) = (nil, gap.before) }
        if let last, moment.seconds(since: last) > Silence.longest { gap = (last, moment) }
        last = moment
    }

    /// When the last silence ended, as seen at `now`; nil if there was none. One that lasts ends now.
    public func end(now: Instant) -> Instant? {
        var seen = self
        seen.note(now)
        return seen.gap?.after
    }
}
