// How each event changes a vault's state.

extension VaultHealth {
    mutating func began(_ now: Instant) -> [VaultAction] {
        switch admission(at: now) {
        case .one:
            state = .halfOpen
            isAskedFor = false
            nextTry = nil
        case .all: nextTry = nil
        case .none: break
        }
        return []
    }

    /// A consignment got through. One that was begun before the vault stopped does not say that it would be let in now.
    mutating func succeeded(_ start: Instant) -> [VaultAction] {
        if state == .stopped || state == .open, let lastFailure, start < lastFailure { return [] }
        state = .closed
        failures = 0
        (nextTry, lastFailure, failing) = (nil, nil, nil)
        isAskedFor = false
        return clear()
    }

    mutating func failed(_ error: DockError, _ start: Instant, _ jitter: Double, _ now: Instant) -> [VaultAction] {
        let isOld = lastFailure.map { start < $0 } ?? false
        // What was begun before the try that should decide decides nothing.
        if isOld, state == .halfOpen || isAskedFor { return [] }
        switch error.vaultFault {
        case .consignment: return undecided(now)
        case .permanent: return stop(error, now)
        case .passing, .doubtful: break
        }
        // Transfers that were under way when the vault went away fail one after the other: that is one failure, not many.
        if isOld || state == .stopped { return [] }
        lastFailure = now
        failing = Failing(since: failing?.since ?? now, error: error)
        failures += 1
        if error.vaultFault == .doubtful, failures >= policy.patience { return stop(error, now) }
        state = state == .halfOpen || failures >= policy.patience ? .open : .closed
        let due = now.adding(seconds: policy.pause(after: failures, jitter: jitter))
        nextTry = due
        return warnIfDue(now) + [.tryAgain(at: due)]
    }

    /// The one consignment that should decide could not be delivered for reasons of its own: the next one decides.
    private mutating func undecided(_ now: Instant) -> [VaultAction] {
        guard state == .halfOpen else { return [] }
        state = .open
        nextTry = now
        return [.tryAgain(at: now)]
    }

    private mutating func stop(_ error: DockError, _ now: Instant) -> [VaultAction] {
        let cause = VaultAlarm.Cause.stopped(error.code, next: error.next)
        let isNews = state != .stopped || alarm?.cause != cause
        state = .stopped
        isAskedFor = false
        nextTry = nil
        lastFailure = now
        failures = max(failures, 1)
        failing = Failing(since: failing?.since ?? now, error: error)
        return isNews ? raise(cause, error, since: now) : []
    }

    mutating func askedFor(_ now: Instant) -> [VaultAction] {
        switch state {
        case .closed where nextTry == nil: return []
        case .stopped:
            isAskedFor = true
            (failures, failing) = (0, nil)
        case .halfOpen:
            state = .open
            nextTry = now
        case .closed, .open: nextTry = now
        }
        return [.tryAgain(at: now)]
    }

    // MARK: Alarms

    /// When people are told of a vault that fails for reasons that pass by themselves.
    public var alarmDue: Instant? {
        guard state != .stopped, let failing, alarm?.cause != passingCause else { return nil }
        return failing.since.adding(seconds: policy.alarmAfter)
    }

    private var passingCause: VaultAlarm.Cause { failing?.error.code == .noSpace ? .full : .away }

    mutating func warnIfDue(_ now: Instant) -> [VaultAction] {
        guard let due = alarmDue, due <= now, let failing else { return [] }
        return raise(passingCause, failing.error, since: failing.since)
    }

    /// One alarm at a time: another cause ends the one before.
    private mutating func raise(_ cause: VaultAlarm.Cause, _ error: DockError, since: Instant) -> [VaultAction] {
        guard alarm?.cause != cause else { return [] }
        let over = clear()
        let alarm = VaultAlarm(vault: vault, cause: cause, error, since: since)
        self.alarm = alarm
        return over + [.raise(alarm)]
    }

    mutating func clear() -> [VaultAction] {
        guard let alarm else { return [] }
        self.alarm = nil
        return [.clear(alarm)]
    }
}
