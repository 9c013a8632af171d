import DockCore

/// Where each sender's next portion starts, in a time that counts bytes: whoever starts first is next.
private struct FairTags: Sendable {
    /// Where the last portion that was granted started.
    private var position = 0.0
    /// Where each sender's last portion ended.
    private var ends: [String: Double] = [:]

    func start(_ sender: String) -> Double { max(ends[sender] ?? 0, position) }

    mutating func note(_ bytes: Int, by sender: String) {
        position = start(sender)
        ends[sender] = position + Double(bytes)
        // Who ended before the others' next start is as good as new.
        if ends.count > 256 { ends = ends.filter { $0.value > position } }
    }
}

/// Whose turn it is to send, under a limit over all and one for each vault: three of four bytes go to what is most
/// urgent while others wait too, and the rest is fair among the cameras that wait. A value: who asks and when decides, and nothing else.
///
/// Fairness is start-time fair queueing (Goyal, Vin, Cheng, "Start-Time Fair Queueing", 1996): each portion starts, in a time that
/// counts bytes, where its camera's last one ended, and the earliest start goes first. A camera that was away saves nothing up.
struct SendTurns: Sendable {
    /// Somebody waits to send.
    struct Ask: Sendable, Equatable {
        let ticket: Int
        let vault: String
        let camera: String
        let rank: DeliveryRank
        let bytes: Int
    }

    /// Bytes that go by urgency for each that is shared fairly, where both wait.
    static let urgentBytes = 3

    private var total: TokenBucket
    private var vaults: [String: TokenBucket] = [:]
    private var waiting: [Ask] = []
    private var lastTicket = 0
    /// Bytes by which those that are urgent are ahead of their share; while they are, turns are fair.
    private var favour = 0
    private var cameras = FairTags()
    /// Among what one camera sends, for vaults: one that is slow by its own limit gets what that allows.
    private var shares = FairTags()

    /// Without limits.
    init(at now: Double) { total = TokenBucket(at: now) }

    /// Changes the limits, also under those who wait.
    mutating func set(_ limits: RateLimits, at now: Double) {
        total.set(bitsPerSecond: limits.total, at: now)
        for vault in Set(vaults.keys).union(limits.vaults.keys) {
            vaults[vault, default: TokenBucket(at: now)].set(bitsPerSecond: limits.vaults[vault], at: now)
        }
    }

    /// Whether nothing limits a vault now.
    func isFree(_ vault: String) -> Bool { total.rate == nil && vaults[vault]?.rate == nil }

    /// Waits for a turn to send up to `bytes`; answers the ticket that the turn will name.
    mutating func ask(_ bytes: Int, vault: String, camera: String, rank: DeliveryRank = DeliveryRank()) -> Int {
        lastTicket += 1
        waiting.append(Ask(ticket: lastTicket, vault: vault, camera: camera, rank: rank, bytes: bytes))
        return lastTicket
    }

    /// Everybody whose turn it is by now, with the bytes that each may send; nobody waits any more who is named.
    mutating func grant(at now: Double) -> [(ticket: Int, bytes: Int)] {
        var granted: [(ticket: Int, bytes: Int)] = []
        while let next = heads.filter({ readyInVault($0, now) <= now }).min(by: precedes) {
            let bytes = portion(next)
            guard total.ready(for: bytes, at: now) <= now else { break }
            total.spend(bytes, at: now)
            vaults[next.vault]?.spend(bytes, at: now)
            note(bytes, by: next)
            shares.note(bytes, by: next.vault)
            waiting.removeAll { $0.ticket == next.ticket }
            granted.append((next.ticket, bytes))
        }
        return granted
    }

    /// When it is worth looking again whose turn it is; nil if nobody waits.
    func nextGrant(at now: Double) -> Double? {
        let heads = heads
        let next = heads.filter { readyInVault($0, now) <= now }.min(by: precedes)
        let others = heads.map { readyInVault($0, now) }.filter { $0 > now }
        return ([next.map { total.ready(for: portion($0), at: now) }].compactMap { $0 } + others).min()
    }

    /// What was sent because it is urgent does not count against its camera's share of the rest.
    private mutating func note(_ bytes: Int, by next: Ask) {
        if favour <= 0, waiting.contains(where: { next.rank < $0.rank }) {
            favour += bytes
            return
        }
        if favour > 0, waiting.contains(where: { $0.rank != next.rank }) { favour -= SendTurns.urgentBytes * bytes }
        cameras.note(bytes, by: next.camera)
    }

    /// Who is next in each vault. Nobody overtakes there because he wants less.
    private var heads: [Ask] {
        Dictionary(waiting.map { ($0.vault, $0) }) { precedes($0, $1) ? $0 : $1 }.map(\.value)
    }

    private func precedes(_ left: Ask, _ right: Ask) -> Bool {
        if favour <= 0, left.rank != right.rank { return left.rank < right.rank }
        return (cameras.start(left.camera), shares.start(left.vault), left.ticket)
            < (cameras.start(right.camera), shares.start(right.vault), right.ticket)
    }

    private func portion(_ ask: Ask) -> Int {
        min(ask.bytes, total.portion, vaults[ask.vault]?.portion ?? .max)
    }

    private func readyInVault(_ ask: Ask, _ now: Double) -> Double {
        vaults[ask.vault]?.ready(for: portion(ask), at: now) ?? now
    }
}
