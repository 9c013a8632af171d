/// What one night is called, and how much it looks after.
public struct NightPlan: Sendable, Equatable {
    /// The date on which it began, by the clock on the wall: `2026-10-25`. Summer time comes and goes without a night having
    /// two dates, or two nights one.
    public var date: String
    /// How much is looked after.
    public var settings: NightSettings
    /// When it began.
    public var began: Instant

    /// A night that begins at `moment`.
    public init(at moment: Instant, local: LocalClock, settings: NightSettings) {
        date = local.date(at: moment)
        self.settings = settings
        began = moment
    }

    /// What was delivered before this moment is not asked for any more; nil if everything is.
    public var checkedSince: Instant? { settings.checkWithin.map { began.adding(seconds: -$0) } }

    /// How many of `objects` are asked for: the share, rounded up so that a small vault has its turn too, within the bound.
    public func quota(of objects: Int) -> Int {
        guard objects > 0, settings.checkShare > 0 else { return 0 }
        let share = (Double(objects) * min(settings.checkShare, 1)).rounded(.up)
        return min(Int(min(share, Double(settings.checkMost))), objects)
    }

    /// Whether an object may be gone, as far as its receipt goes: it was locked, and the time of its lock is over.
    public func mayBeGone(_ receipt: Receipt) -> Bool {
        guard let lock = receipt.lock, !lock.legalHold, let until = lock.until else { return false }
        return until <= began
    }
}

extension LocalClock {
    /// The date on the wall at a moment: `2026-10-25`.
    public func date(at moment: Instant) -> String {
        String(moment.adding(seconds: Double(secondsEast(moment))).description.prefix(10))
    }
}
