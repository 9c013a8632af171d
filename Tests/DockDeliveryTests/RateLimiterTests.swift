import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Synchronization
import Testing

@testable import DockDelivery

/// Limits on real threads and real transfers. How fast it goes is measured by the benchmarks; here nothing may be lost.
@Suite struct RateLimiterTests {
    private static func always(_ bitsPerSecond: Int64) -> RateSchedule {
        RateSchedule([
            .init(
                days: Set(Weekday.allCases), time: DailyWindow(from: 0, until: 0), bitsPerSecond: bitsPerSecond)
        ])
    }

    private func limiter(_ rates: DeliveryRates) -> RateLimiter {
        RateLimiter(rates, local: .utc, clock: WallClock.now)
    }

    private func bench(_ limiter: RateLimiter, _ bucket: String = "honest", stall: Double = 10) throws -> HostileBench {
        var bench = try HostileBench(bucket, stallTimeout: stall)
        bench.vault.limiter = limiter
        return bench
    }

    @Test func withoutALimitEverythingGoesAtOnce() {
        let limiter = limiter(DeliveryRates())
        #expect(limiter.take(1 << 20, vault: "v", camera: "A") == 1 << 20 && limiter.sent == ["v": 1 << 20])
        #expect(limiter.take(0, vault: "v", camera: "A") == 0)
    }

    @Test func manyThreadsGetTheirTurnsAndNobodyIsForgotten() {
        let limiter = limiter(DeliveryRates(total: Self.always(80_000_000), vaults: ["w": Self.always(40_000_000)]))
        let got = Mutex<[String: Int]>([:])
        Crew.run(width: 12, count: 12) { index in
            var left = 300_000
            while left > 0 { left -= limiter.take(left, vault: index % 2 == 0 ? "v" : "w", camera: "C\(index % 3)") }
            got.withLock { $0["\(index)", default: 0] += 300_000 - left }
        }
        #expect(got.withLock { $0 }.values.allSatisfy { $0 == 300_000 } && got.withLock { $0 }.count == 12)
        #expect(limiter.sent == ["v": 1_800_000, "w": 1_800_000])
    }

    /// The limit changes several times under uploads in parts: from slow to none, to slow, to another.
    @Test func aLimitThatChangesUnderTransfersDropsNothing() throws {
        let limiter = limiter(DeliveryRates(total: Self.always(400_000_000)))
        let bench = try bench(limiter)
        let consignments = try [SealedSample.fullPart + 3_000_000, 2_000_000, 5_000_000, 700].enumerated().map {
            try SealedSample.make(in: bench.folder.path, bytes: $0.element, name: "\($0.offset).MP4")
        }
        let total = consignments.reduce(0) { $0 + $1.sealed.bytes }
        let seen = Mutex<(bytes: Int64, changes: Int)>((0, 0))
        let rates: [DeliveryRates] = [
            DeliveryRates(), DeliveryRates(total: Self.always(300_000_000)),
            DeliveryRates(vaults: ["hostile": Self.always(500_000_000)]),
            DeliveryRates(total: Self.always(1_000_000_000)),
        ]
        let results = Mutex<[Int: Result<Receipt, DockError>]>([:])
        bench.vault.store(consignments) { bytes in
            let change: Int? = seen.withLock { seen in
                seen.bytes += bytes
                guard seen.bytes > total / 6 * Int64(seen.changes + 1) else { return nil }
                seen.changes += 1
                return seen.changes
            }
            if let change { limiter.change(to: rates[change % rates.count]) }
        } done: { index, result in
            results.withLock { $0[index] = result }
        }
        let ends = results.withLock { $0 }
        for (index, consignment) in consignments.enumerated() {
            #expect(try ends[index]?.get().bytes == consignment.sealed.bytes)
        }
        #expect(seen.withLock { $0 }.changes >= 4 && seen.withLock { $0 }.bytes == total)
        #expect(limiter.sent == ["hostile": total], "what was sent is what was counted, once")
    }

    /// A transfer that waits longer for its turn than the service may be silent is not given up.
    @Test func waitingForATurnIsNoStall() throws {
        let limiter = limiter(DeliveryRates(total: Self.always(4000)))
        let bench = try bench(limiter, stall: 1)
        #expect(try bench.store(bytes: 2048).receipt().bytes == 2048)
    }

    @Test func aServiceThatNeverAnswersIsGivenUpUnderALimitToo() throws {
        let bench = try bench(limiter(DeliveryRates(total: Self.always(1_000_000))), "silent", stall: 1)
        let error = try bench.store().error()
        #expect(error.code == .unreachable && error.isPassing)
    }

    @Test func whatIsReadBackAndAskedForIsNotLimited() throws {
        let limiter = limiter(DeliveryRates(total: Self.always(10_000_000)))
        var bench = try HostileBench("honest", .readback)
        bench.vault.limiter = limiter
        #expect(try bench.store(bytes: 4096).receipt().checksum.hasPrefix("sha256:"))
        #expect(limiter.sent == ["hostile": 4096])
    }
}
