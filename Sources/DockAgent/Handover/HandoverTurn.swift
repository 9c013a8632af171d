import DockCore
import DockDelivery
import DockSystem

/// When alarms and shifts are judged, and when the outbox is gone through: once at a time each, when something happened or it is time. Used
/// by the agent's thread alone.
struct HandoverTurn {
    private let agent: Agent
    private var isDue = true
    private var isAtWork = false
    /// When it is due by itself, by the dock's clock.
    private var next: Instant?
    private var isPosting = false
    private var postAgain = true
    private var failures = 0
    /// When the outbox is gone through again, by the clock that never jumps.
    private var nextPost: Instant?
    /// Since when nothing could be told.
    private var failsSince: Instant?
    private let began = Uptime.now()

    /// Seconds after the start in which a vault that did not fail yet says nothing about an alarm of the time before.
    private static let settling = 900.0
    /// Seconds of failures after which people are told that others are not.
    private static let patience = 3600.0

    init(agent: Agent) { self.agent = agent }

    /// Something happened.
    mutating func look() { isDue = true }

    /// Whether it is time to judge.
    mutating func begins(now: Instant) -> Bool {
        if let due = next, due <= now { isDue = true }
        guard isDue, !isAtWork else { return false }
        (isDue, isAtWork, next) = (false, true, nil)
        return true
    }

    /// Whether the agent has run for long enough to know how its vaults are.
    var isSteady: Bool { Uptime.now().seconds(since: began) > HandoverTurn.settling }

    /// It was judged.
    mutating func ended(_ outcome: HandoverKeeper.Outcome) {
        isAtWork = false
        next = outcome.next
        postAgain = true
    }

    /// When ``begins(now:)`` or ``post()`` has something to do; nil if nothing waits for a moment.
    /// - Parameter now: by the dock's clock.
    func nextWake(now: Instant) -> Instant? {
        let seconds = next.map { max(0, $0.seconds(since: now)) }
        return [seconds.map { Uptime.now().adding(seconds: min($0, 86_400)) }, nextPost].compactMap { $0 }.min()
    }

    // MARK: The outbox

    /// Goes through the outbox if that is due, on a thread of its own.
    mutating func post() {
        if let due = nextPost, due <= Uptime.now() { postAgain = true }
        guard postAgain, !isPosting else { return }
        (postAgain, nextPost) = (false, nil)
        guard let settings = agent.current.configuration.handover.webhook else { return }
        isPosting = true
        let (outbox, mailbox, clock) = (agent.keeper.outbox, agent.mailbox, agent.clock)
        _ = Worker("outbox") {
            var outcome = Outbox.Outcome()
            do throws(DockError) {
                if try outbox.count() > 0 {
                    let webhook = try Webhook(settings)
                    outcome = try outbox.deliver { message throws(DockError) in
                        try webhook.send(id: message.id, body: message.body, at: clock())
                    }
                }
            } catch {
                outcome.failure = error
            }
            mailbox.send(.posted(outcome))
        }
    }

    /// It was gone through. What could not be told is tried again, less and less often, up to once an hour.
    /// - Returns: the reason for an alarm that there is now; nil if there is none.
    mutating func posted(_ outcome: Outbox.Outcome) -> AlarmReason? {
        isPosting = false
        guard let failure = outcome.failure else {
            (failures, failsSince) = (0, nil)
            return nil
        }
        let now = Uptime.now()
        failures = outcome.sent > 0 ? 1 : failures + 1
        failsSince = failsSince ?? now
        nextPost = now.adding(seconds: min(10 * Double(1 << min(failures - 1, 9)), 3600))
        guard let failsSince, now.seconds(since: failsSince) >= HandoverTurn.patience else { return nil }
        return AlarmReason(
            what: "\(outcome.left) messages wait: \(failure.what): \(failure.place): \(failure.why)",
            next: failure.next,
            matter: .messages(count: outcome.left, why: "\(failure.what): \(failure.place): \(failure.why)")
        )
    }

    /// Whether the last pass failed.
    var isFailing: Bool { failsSince != nil }
}
