/// How many bytes may be sent, by a limit: tokens come in at its rate and are spent by sending. Times are seconds by a clock that
/// never jumps.
struct TokenBucket: Sendable, Equatable {
    /// Seconds of sending that may be saved up. Over any 10 s that is 1% of the limit.
    static let burst = 0.1
    /// Bytes that a full packet carries, and bytes of the line that it takes: Ethernet's 1,500 with IPv4 and TCP headers of 52.
    static let packet = (load: 1448.0, line: 1500.0)

    /// Bytes per second on the line; nil for no limit.
    private(set) var rate: Double?
    private var tokens: Double
    private var filled: Double

    /// Full.
    init(bitsPerSecond: Int64? = nil, at now: Double) {
        rate = bitsPerSecond.map { Double($0) / 8 }
        tokens = 0
        filled = now
        tokens = capacity
    }

    /// Bytes of the line that it takes to send `bytes`.
    static func cost(of bytes: Int) -> Double { Double(bytes) * packet.line / packet.load }

    /// Bytes that are sent at one go: often enough that nobody waits long for a turn, and not more often.
    var portion: Int { rate.map { min(max(Int($0 * 0.02), 512), 64 << 10) } ?? .max }

    private var capacity: Double {
        rate.map { max($0 * TokenBucket.burst, TokenBucket.cost(of: portion)) } ?? .infinity
    }

    /// Changes the limit. What was saved up is kept, as far as the new one allows.
    mutating func set(bitsPerSecond: Int64?, at now: Double) {
        let rate = bitsPerSecond.map { Double($0) / 8 }
        guard rate != self.rate else { return }
        refill(at: now)
        // From no limit to one: nothing was counted, so nothing was saved up.
        if self.rate == nil { tokens = 0 }
        self.rate = rate
        tokens = min(tokens, capacity)
    }

    /// When `bytes` may be sent; not after `now` if that is so already.
    func ready(for bytes: Int, at now: Double) -> Double {
        guard let rate else { return now }
        // A hair less, so that rounding makes nobody wait for a moment that has passed.
        return filled + (TokenBucket.cost(of: bytes) - tokens - 1e-6) / rate
    }

    /// Takes what it costs to send `bytes`.
    mutating func spend(_ bytes: Int, at now: Double) {
        refill(at: now)
        if rate != nil { tokens -= TokenBucket.cost(of: bytes) }
    }

    private mutating func refill(at now: Double) {
        if let rate { tokens = min(capacity, tokens + max(0, now - filled) * rate) }
        filled = max(filled, now)
    }
}
