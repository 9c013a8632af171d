import Testing

@testable import DockCore

/// What is shown of a vault. Its clock says 1000 where the dock's clock says 5000.
@Suite struct VaultStatusTests {
    private static let down = DockError(
        .unreachable, "cannot store", at: "https://s3", because: "down", next: "wait", isPassing: true)
    private static let denied = DockError(.refused, "cannot store", at: "https://s3", because: "403", next: "check")

    private func status(_ failures: [(Int64, DockError)], at now: Int64, _ last: VaultEvent? = nil) -> VaultStatus {
        var health = VaultHealth(
            vault: "cloud", policy: RetryPolicy(first: 2, most: 60, patience: 2, alarmAfter: 100))
        for (time, error) in failures {
            let moment = Instant(seconds: time)
            _ = health.handle(.began, at: moment)
            _ = health.handle(.failed(error, began: moment, jitter: 0), at: moment)
        }
        if let last { _ = health.handle(last, at: Instant(seconds: now)) }
        return VaultStatus(health, now: Instant(seconds: now), clock: Instant(seconds: now + 4000))
    }

    @Test func oneThatWorksHasNothingToSay() {
        let status = status([], at: 1000)
        #expect(status.state == .working && status.since == nil && status.why == nil && !status.isAlarm)
    }

    @Test func onesThatFailSaySinceWhenAndWhenTheyAreTriedAgain() {
        let failing = status([(1000, Self.down)], at: 1001)
        #expect(failing.state == .failing && failing.since == Instant(seconds: 5000))
        #expect(failing.nextTry == Instant(seconds: 5002) && failing.why == "cannot store: https://s3: down")
        let away = status([(1000, Self.down), (1002, Self.down)], at: 1003)
        #expect(away.state == .away && away.since == Instant(seconds: 5000) && away.nextTry == Instant(seconds: 5006))
        let trying = status([(1000, Self.down), (1002, Self.down)], at: 1006, .began)
        #expect(trying.state == .trying && trying.nextTry == nil && trying.why != nil)
        let late = status([(1000, Self.down), (1002, Self.down)], at: 1100, .time)
        #expect(late.isAlarm && late.next == "wait")
    }

    @Test func oneThatIsStoppedSaysWhatToDoAlsoWhileItIsAskedFor() {
        for last in [nil, VaultEvent.retry] {
            let stopped = status([(1000, Self.denied)], at: 1001, last)
            #expect(stopped.state == .stopped && stopped.isAlarm && stopped.nextTry == nil)
            #expect(stopped.next == "check" && stopped.why == "cannot store: https://s3: 403")
            #expect(stopped.since == Instant(seconds: 5000))
        }
    }
}
