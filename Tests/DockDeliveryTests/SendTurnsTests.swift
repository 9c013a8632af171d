import DockCore
import Testing

@testable import DockDelivery

/// The arithmetic of limits, with simulated time.
@Suite struct SendTurnsTests {
    /// Senders that ask again as soon as their turn is over, a clock, and a record of what went over the line.
    private struct Line {
        var turns = SendTurns(at: 0)
        var now = 0.0
        var asked: [Int: (vault: String, camera: String)] = [:]
        /// How urgent what each camera sends is.
        var ranks: [String: DeliveryRank] = [:]
        /// When how many bytes were granted to whom.
        var sent: [(at: Double, camera: String, vault: String, bytes: Int)] = []
        var portion = 1 << 16
        /// Seconds that a sender is away after each portion.
        var absence = 0.0
        var away: [(until: Double, vault: String, camera: String)] = []

        mutating func begin(_ vault: String, _ camera: String) {
            asked[turns.ask(portion, vault: vault, camera: camera, rank: ranks[camera] ?? DeliveryRank())] = (
                vault, camera
            )
        }

        mutating func run(until end: Double) {
            while now < end {
                for back in away where back.until <= now { begin(back.vault, back.camera) }
                away.removeAll { $0.until <= now }
                for (ticket, bytes) in turns.grant(at: now) {
                    guard let who = asked.removeValue(forKey: ticket) else { continue }
                    sent.append((now, who.camera, who.vault, bytes))
                    away.append((now + absence, who.vault, who.camera))
                }
                if away.contains(where: { $0.until <= now }) { continue }
                let next = [turns.nextGrant(at: now), away.map(\.until).min()].compactMap { $0 }.min() ?? end
                now = max(now + 1e-6, min(next, end))
            }
        }

        func bytes(camera: String? = nil, vault: String? = nil, from: Double = 0, to: Double = .infinity) -> Int {
            sent.filter {
                (camera ?? $0.camera) == $0.camera && (vault ?? $0.vault) == $0.vault && (from..<to).contains($0.at)
            }.reduce(0) { $0 + $1.bytes }
        }
    }

    private func mbit(_ bytes: Int, over seconds: Double) -> Double {
        TokenBucket.cost(of: bytes) * 8 / seconds / 1_000_000
    }

    @Test(arguments: [64_000, 1_000_000, 10_000_000, 25_000_000, 1_000_000_000] as [Int64], [1, 4, 16])
    func theLimitIsHeldWithinAHundredthOverAnyTenSeconds(limit: Int64, senders: Int) {
        var line = Line()
        line.turns.set(RateLimits(total: limit), at: 0)
        for sender in 0..<senders { line.begin("v", "C\(sender)") }
        line.run(until: limit > 100_000_000 ? 12 : 30)
        for start in stride(from: 0.0, through: line.now - 10, by: 0.37) {
            let rate = mbit(line.bytes(from: start, to: start + 10), over: 10) * 1_000_000 / Double(limit)
            // What was saved up at the beginning is the hundredth.
            #expect(rate <= 1.0101 && rate >= (limit > 100_000 ? 0.99 : 0.97), "\(limit) from \(start): \(rate)")
        }
    }

    @Test func aSenderThatWasAwayMakesNoBurst() {
        var line = Line()
        line.turns.set(RateLimits(total: 8_000_000), at: 0)
        line.run(until: 1000)
        line.begin("v", "A")
        line.run(until: 1010)
        #expect(line.bytes() <= Int(1_000_000 * 10.1) && line.bytes() >= 9_500_000)
    }

    @Test func aLimitThatChangesHoldsAtOnceAndDropsNobody() {
        var line = Line()
        line.turns.set(RateLimits(total: 80_000_000), at: 0)
        for camera in ["A", "B", "C"] { line.begin("v", camera) }
        line.run(until: 10)
        line.turns.set(RateLimits(total: 8_000_000), at: 10)
        line.run(until: 20)
        #expect(abs(mbit(line.bytes(from: 10, to: 20), over: 10) - 8) < 0.1)
        line.turns.set(RateLimits(), at: 20)
        let free = line.turns.grant(at: 20)
        #expect(free.count == 3 && free.allSatisfy { $0.bytes == 1 << 16 }, "all that wait go at once, as they are")
        #expect(line.turns.isFree("v") && line.turns.nextGrant(at: 20) == nil)
        _ = line.turns.ask(1 << 16, vault: "v", camera: "A")
        line.turns.set(RateLimits(total: 8_000_000), at: 30)
        #expect(line.turns.grant(at: 30).isEmpty, "nothing was saved up while there was no limit")
    }

    /// Three connections of one camera and one of another: half and half, also if the one is slow to come back.
    @Test(arguments: [0, 0.005]) func camerasShareFairlyHoweverManyConnectionsTheyHave(absence: Double) {
        var line = Line()
        line.absence = absence
        line.turns.set(RateLimits(total: 10_000_000), at: 0)
        for _ in 0..<3 { line.begin("v", "A") }
        line.begin("v", "B")
        line.run(until: 20)
        let share = Double(line.bytes(camera: "B")) / Double(line.bytes())
        #expect(abs(share - 0.5) < 0.02, "\(share)")
    }

    /// Three of four bytes for the camera that is needed soonest, its share of the rest, and the others alike; once it is done, as if it had
    /// never been.
    @Test(arguments: [0, 0.001]) func whatIsUrgentGoesFirstAndStarvesNobody(absence: Double) {
        var line = Line()
        line.absence = absence
        line.ranks = [
            "soon": DeliveryRank(neededAt: Instant(seconds: 1)), "later": DeliveryRank(neededAt: Instant(seconds: 2)),
        ]
        line.turns.set(RateLimits(total: 10_000_000), at: 0)
        for camera in ["soon", "soon", "later", "A", "A", "A"] { line.begin("v", camera) }
        line.run(until: 20)
        func share(_ camera: String, from: Double, to: Double) -> Double {
            Double(line.bytes(camera: camera, from: from, to: to)) / Double(line.bytes(from: from, to: to))
        }
        #expect(abs(share("soon", from: 0, to: 20) - (0.75 + 0.25 / 3)) < 0.03)
        for camera in ["later", "A"] { #expect(abs(share(camera, from: 0, to: 20) - 0.25 / 3) < 0.03) }
        line.ranks = [:]
        line.run(until: 21)
        line.run(until: 41)
        for camera in ["soon", "later", "A"] { #expect(abs(share(camera, from: 21, to: 41) - 1.0 / 3) < 0.03) }
    }

    /// One that waits for its vault's own limit takes nothing from the others, and what it could not use is not owed to it.
    @Test func anUrgentCameraWhoseVaultIsSlowHoldsUpNobody() {
        var line = Line()
        line.ranks = ["soon": DeliveryRank(isFlagged: true)]
        line.turns.set(RateLimits(total: 10_000_000, vaults: ["slow": 1_000_000]), at: 0)
        line.begin("slow", "soon")
        line.begin("fast", "A")
        line.run(until: 20)
        #expect(abs(mbit(line.bytes(camera: "A"), over: 20) - 9) < 0.2)
        line.turns.set(RateLimits(total: 10_000_000), at: 20)
        line.run(until: 40)
        let share = Double(line.bytes(camera: "A", from: 20)) / Double(line.bytes(from: 20))
        #expect(abs(share - 0.125) < 0.03, "\(share)")
    }

    @Test func whoComesLateCatchesUpWithNobody() {
        var line = Line()
        line.turns.set(RateLimits(total: 10_000_000), at: 0)
        line.begin("v", "A")
        line.run(until: 60)
        line.begin("v", "B")
        line.run(until: 70)
        let share = Double(line.bytes(camera: "B", from: 60)) / Double(line.bytes(from: 60))
        #expect(abs(share - 0.5) < 0.02, "\(share)")
    }

    @Test func aVaultWithALimitOfItsOwnHoldsUpNobodyElse() {
        var line = Line()
        line.turns.set(RateLimits(total: 10_000_000, vaults: ["slow": 1_000_000]), at: 0)
        for vault in ["slow", "fast"] { for camera in ["A", "B"] { line.begin(vault, camera) } }
        line.run(until: 20)
        #expect(abs(mbit(line.bytes(vault: "slow"), over: 20) - 1) < 0.05)
        #expect(abs(mbit(line.bytes(vault: "fast"), over: 20) - 9) < 0.15)
        for camera in ["A", "B"] { #expect(abs(mbit(line.bytes(camera: camera), over: 20) - 5) < 0.2) }
    }

    @Test func onlyTheVaultsThatHaveALimitAreLimited() {
        var turns = SendTurns(at: 0)
        turns.set(RateLimits(vaults: ["slow": 1_000_000]), at: 0)
        #expect(!turns.isFree("slow") && turns.isFree("other"))
        turns.set(RateLimits(), at: 1)
        #expect(turns.isFree("slow"))
    }

    /// Who asks for little does not overtake those who wait for more.
    @Test func aSmallAskDoesNotStarveALargeOne() {
        var turns = SendTurns(at: 0)
        turns.set(RateLimits(total: 1_000_000), at: 0)
        var now = 0.0
        var large = 0
        var small = 0
        var tickets = [turns.ask(1 << 16, vault: "v", camera: "A"): true]
        tickets[turns.ask(1, vault: "v", camera: "B")] = false
        while now < 10 {
            for (ticket, bytes) in turns.grant(at: now) {
                let isLarge = tickets.removeValue(forKey: ticket) ?? false
                if isLarge { large += bytes } else { small += bytes }
                tickets[turns.ask(isLarge ? 1 << 16 : 1, vault: "v", camera: isLarge ? "A" : "B")] = isLarge
            }
            now += 0.001
        }
        #expect(large > 500_000 && small > 0)
    }

    @Test func aClockThatStandsStillOrGoesBackGivesNothing() {
        var bucket = TokenBucket(bitsPerSecond: 8000, at: 100)
        bucket.spend(500, at: 100)
        let ready = bucket.ready(for: 512, at: 100)
        #expect(ready > 100)
        bucket.spend(0, at: 50)
        #expect(bucket.ready(for: 512, at: 100) == ready)
    }
}
