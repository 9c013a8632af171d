import Dispatch
import DockCore
import Glibc
import Synchronization

/// Holds all transfers of the process together to the limits: over all, and for each vault. Follows the schedule by itself, within
/// a fifth of a second, under transfers that are on their way. From any thread.
public final class RateLimiter: Sendable {
    private struct State {
        var rates: DeliveryRates
        var turns: SendTurns
        /// When the schedule is looked at again.
        var nextLook = 0.0
        var waiters: [Int: DispatchSemaphore] = [:]
        var granted: [Int: Int] = [:]
        /// Bytes that were let through, by vault.
        var sent: [String: Int64] = [:]
    }

    private let state: Mutex<State>
    private let local: LocalClock
    private let clock: @Sendable () -> Instant

    /// Seconds between looks at the schedule.
    private static let look = 0.1
    /// Seconds that nobody waits longer for without looking up.
    private static let longestNap = 0.1

    /// - Parameters:
    ///   - rates: the limits, by weekday and time of day.
    ///   - local: the dock's local time.
    ///   - clock: the dock's clock.
    public init(_ rates: DeliveryRates, local: LocalClock, clock: @escaping @Sendable () -> Instant) {
        self.local = local
        self.clock = clock
        state = Mutex(State(rates: rates, turns: SendTurns(at: RateLimiter.now())))
    }

    /// Takes other limits, also for transfers that are on their way.
    public func change(to rates: DeliveryRates) {
        state.withLock { state in
            state.rates = rates
            state.nextLook = 0
            for waiter in state.waiters.values { waiter.signal() }
        }
    }

    /// Bytes that were let through so far, by vault; what was sent again counts again.
    public var sent: [String: Int64] { state.withLock { $0.sent } }

    /// Waits until some of `bytes` may be sent to a vault; answers how many, at least one.
    /// - Parameters:
    ///   - camera: with whom others share fairly.
    ///   - rank: how urgent it is.
    func take(_ bytes: Int, vault: String, camera: String, rank: DeliveryRank = DeliveryRank()) -> Int {
        guard bytes > 0 else { return 0 }
        let semaphore = DispatchSemaphore(value: 0)
        let ticket: Int? = state.withLock { state in
            follow(&state)
            guard !state.turns.isFree(vault) else {
                state.sent[vault, default: 0] += Int64(bytes)
                return nil
            }
            let ticket = state.turns.ask(bytes, vault: vault, camera: camera, rank: rank)
            state.waiters[ticket] = semaphore
            return ticket
        }
        guard let ticket else { return bytes }
        while true {
            let (granted, nap) = state.withLock { turn(of: ticket, vault, &$0) }
            if let granted { return granted }
            _ = semaphore.wait(timeout: .now() + nap)
        }
    }

    /// Gives out what may be sent by now. Answers the bytes for `ticket`, or the seconds that it may sleep: one of those who wait
    /// watches the time for all.
    private func turn(of ticket: Int, _ vault: String, _ state: inout State) -> (Int?, Double) {
        follow(&state)
        let now = RateLimiter.now()
        for grant in state.turns.grant(at: now) {
            state.granted[grant.ticket] = grant.bytes
            if grant.ticket != ticket { state.waiters[grant.ticket]?.signal() }
        }
        if let bytes = state.granted.removeValue(forKey: ticket) {
            state.waiters[ticket] = nil
            state.sent[vault, default: 0] += Int64(bytes)
            state.waiters.min { $0.key < $1.key }?.value.signal()
            return (bytes, 0)
        }
        guard ticket == state.waiters.keys.min(), let next = state.turns.nextGrant(at: now) else {
            return (nil, RateLimiter.longestNap)
        }
        return (nil, min(max(next - now, 0.0002), RateLimiter.longestNap))
    }

    private func follow(_ state: inout State) {
        let now = RateLimiter.now()
        guard state.nextLook <= now else { return }
        state.nextLook = now + RateLimiter.look
        state.turns.set(state.rates.limits(at: clock(), local), at: now)
    }

    /// Seconds by a clock that never jumps (clock_gettime(2) CLOCK_MONOTONIC).
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// The place in the limiter of what one camera sends to one vault.
struct SendGate: Sendable {
    let limiter: RateLimiter
    let vault: String
    let camera: String
    let rank: DeliveryRank

    /// Waits until some of `bytes` may be sent; answers how many.
    func take(_ bytes: Int) -> Int { limiter.take(bytes, vault: vault, camera: camera, rank: rank) }
}
