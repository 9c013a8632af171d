import DockCore
import DockDelivery
import Synchronization
import Testing

@testable import DockAgent

/// A vault behind its gate, with a clock that only moves when somebody waits.
@Suite struct GuardedVaultTests {
    /// What a test knows and changes.
    private final class World: Sendable {
        let time = Mutex(Instant(seconds: 1_000_000))
        let waited = Mutex(0.0)
        let heard = Mutex<[String]>([])

        func wait(_ seconds: Double) {
            time.withLock { $0 = $0.adding(seconds: seconds) }
            waited.withLock { $0 += seconds }
        }

        func hear(_ news: VaultNews) {
            switch news {
            case .recovered: heard.withLock { $0.append("recovered") }
            case .action(.tryAgain): break
            case .action(.raise(let alarm)): heard.withLock { $0.append("alarm: \(alarm.why)") }
            case .action(.clear(let alarm)): heard.withLock { $0.append("over: \(alarm.why)") }
            }
        }
    }

    private final class Bench: Sendable {
        let base = FakeVault()
        let world = World()
        let gates: VaultGates
        let vault: GuardedVault
        var waited: Double { world.waited.withLock { $0 } }

        init() {
            gates = VaultGates(
                policy: RetryPolicy(first: 2, most: 60, patience: 3, alarmAfter: 100),
                clock: { [world] in world.time.withLock { $0 } }, jitter: { 0 })
            vault = GuardedVault(base, gate: gates.gate("cloud")) { [world] in world.wait($0) }
            gates.listen { [world] in world.hear($0) }
        }

        /// What the agent heard since the last time.
        func news() -> [String] {
            world.heard.withLock { heard in
                defer { heard = [] }
                return heard
            }
        }

        func later(_ seconds: Double) {
            world.time.withLock { $0 = $0.adding(seconds: seconds) }
            gates.handle(.time)
        }

        /// Stores so many; answers how each ended: nothing, or why not.
        func store(_ count: Int) throws -> [String] {
            let answers = Mutex<[Int: String]>([:])
            let all = try (0..<count).map { try Consignment(sealed: GuardedVaultTests.sealed("\($0)"), file: "/none") }
            let done: @Sendable (Int, Result<Receipt, DockError>) -> Void = { index, result in
                let text = if case .failure(let error) = result { error.why } else { "" }
                answers.withLock { answers in
                    #expect(answers[index] == nil, "told twice")
                    answers[index] = text
                }
            }
            vault.store(all, progress: { _ in }, done: done)
            let told = answers.withLock { $0 }
            return (0..<count).map { told[$0] ?? "never told" }
        }

        /// Until it is away.
        func breakDown() throws {
            _ = try store(1)
            base.set(GuardedVaultTests.down)
            for _ in 0..<3 { _ = try store(1) }
            try #require(gates.gate("cloud").health.state == .open)
            world.waited.withLock { $0 = 0 }
        }
    }

    private static let down = DockError(
        .unreachable, "cannot store", at: "https://s3", because: "down", next: "wait", isPassing: true)
    private static let denied = DockError(.refused, "cannot store", at: "https://s3", because: "403", next: "check")

    private static func sealed(_ id: String) throws -> SealedSegment {
        let digest = try SHA256Digest(hashing: Array(id.utf8))
        return SealedSegment(
            id: id, plaintext: digest, plaintextBytes: 1, bytes: 2, parts: nil,
            object: ObjectName(
                camera: "C", date: Instant(seconds: 0), recording: "r", segment: "s".utf8, content: digest))
    }

    @Test func aVaultIsProbedOnceAndBeforeItsFirstDelivery() throws {
        let bench = Bench()
        bench.base.set(GuardedVaultTests.denied)
        #expect(try bench.store(3) == ["403", "403", "403"])
        #expect(bench.base.counts == FakeVault.Counts(probed: 1), "nothing is given to a bucket that was refused")
        #expect(bench.news() == ["alarm: 403"])
        bench.base.set(nil)
        bench.gates.handle(.configured)
        #expect(try bench.store(3) == ["", "", ""])
        #expect(try bench.store(2) == ["", ""])
        #expect(bench.base.counts == FakeVault.Counts(stored: 5, probed: 2))
        #expect(bench.news() == ["over: 403", "recovered"])
    }

    /// A docking that began under the old configuration still uses the vault of then.
    @Test func aVaultOfTheOldConfigurationDecidesNothing() throws {
        let bench = Bench()
        _ = try bench.store(1)
        let base = FakeVault()
        let other = bench.gates.guarding(base)
        bench.gates.reconfigure([other])
        bench.base.set(GuardedVaultTests.denied)
        #expect(try bench.store(2) == ["403", "403"])
        #expect(bench.gates.gate("cloud").health.state == .closed && bench.news() == [])
        base.set(GuardedVaultTests.denied)
        _ = other.probe()
        bench.base.set(nil)
        bench.gates.handle(.retry)
        #expect(try bench.store(1) == ["403"], "it is not what is tried")
        #expect(bench.gates.gate("cloud").health.state == .stopped && bench.base.counts.stored == 3)
        base.set(nil)
        _ = other.probe()
        #expect(try bench.store(1) == [""])
    }

    @Test func aVaultThatIsAwayIsAskedNothingUntilItIsDueAndThenOnce() throws {
        let bench = Bench()
        try bench.breakDown()
        let before = bench.base.counts
        #expect(try bench.store(100) == Array(repeating: "down", count: 100))
        #expect(bench.vault.confirm(try GuardedVaultTests.sealed("1"), key: "k").failure?.code == .unreachable)
        #expect(bench.base.counts == before && bench.waited == 0, "answered at once")
        bench.later(8)
        #expect(try bench.store(100) == Array(repeating: "down", count: 100))
        #expect(bench.base.counts.stored == before.stored + 1)
        bench.later(16)
        bench.base.set(nil)
        #expect(try bench.store(100) == Array(repeating: "", count: 100), "after the one come all others")
        #expect(bench.news() == ["recovered"])
    }

    @Test func theFirstFailuresAreWaitedForAndABatchIsOneFailure() throws {
        let bench = Bench()
        _ = try bench.store(1)
        bench.base.set(GuardedVaultTests.down)
        #expect(try bench.store(50) == Array(repeating: "down", count: 50))
        #expect(bench.gates.gate("cloud").health.failures == 1)
        bench.base.set(nil)
        #expect(try bench.store(1) == [""])
        #expect(abs(bench.waited - 2) < 0.01)
    }

    @Test func onlyOneIsLetThroughAtATime() throws {
        let bench = Bench()
        try bench.breakDown()
        bench.later(8)
        let gate = bench.gates.gate("cloud")
        guard case .open(1, let visit) = gate.enter(bench.vault.edition) else { throw GuardedVaultTests.denied }
        guard case .shut(let error) = gate.enter(bench.vault.edition) else { throw GuardedVaultTests.denied }
        #expect(error == GuardedVaultTests.down)
        visit.note(Result<Void, DockError>.success(()))
        guard case .open(.max, _) = gate.enter(bench.vault.edition) else { throw GuardedVaultTests.denied }
    }

    @Test func whatRefusesForGoodIsOneAlarmUntilAPersonSaysSo() throws {
        let bench = Bench()
        _ = try bench.store(1)
        bench.base.set(GuardedVaultTests.denied)
        for _ in 0..<5 { #expect(try bench.store(2) == ["403", "403"]) }
        bench.later(100_000)
        #expect(bench.base.counts.stored == 3 && bench.news() == ["alarm: 403"])
        let status = bench.gates.status(["cloud"], now: Instant(seconds: 0))[0]
        #expect(status.state == .stopped && status.isAlarm && status.nextTry == nil && status.next == "check")
        bench.gates.handle(.retry)
        #expect(try bench.store(2) == ["403", "403"])
        #expect(bench.base.counts.stored == 4 && bench.news() == [], "the same alarm is not raised again")
        bench.base.set(nil)
        bench.gates.handle(.retry)
        #expect(try bench.store(2) == ["", ""])
        #expect(bench.news() == ["over: 403", "recovered"])
    }

    @Test func aVaultThatStaysAwayIsAnAlarmInTheEnd() throws {
        let bench = Bench()
        try bench.breakDown()
        let due = try #require(bench.gates.nextAlarm)
        bench.later(99)
        #expect(bench.news() == ["alarm: down"] && bench.gates.nextAlarm == nil && due.seconds(since: due) == 0)
        bench.base.set(nil)
        #expect(try bench.store(1) == [""])
        #expect(bench.news() == ["over: down", "recovered"])
    }

    /// The only one that waits cannot be delivered to anybody: then the vault is probed instead, and nobody tries without end.
    @Test func aTrialThatFailsForReasonsOfItsOwnIsDecidedByAProbe() throws {
        let bench = Bench()
        try bench.breakDown()
        bench.later(8)
        let damaged = DockError(.corrupt, "cannot send", at: "/spool", because: "damaged", next: "look")
        bench.base.set(damaged)
        let probed = bench.base.counts.probed
        #expect(try bench.store(1) == ["damaged"])
        #expect(bench.base.counts.probed == probed + 1 && !bench.vault.wantsTrial)
    }

    /// Else footage that the vault has would be sealed and sent a second time.
    @Test func noAnswerIsNeverTakenForAnObjectThatIsNotThere() throws {
        let bench = Bench()
        _ = try bench.store(1)
        bench.base.set(
            DockError(.notFound, "cannot store", at: "https://s3", because: "no such bucket", next: "make it"))
        for _ in 0..<3 { _ = try bench.store(1) }
        #expect(bench.news() == ["alarm: no such bucket"])
        let answer = try #require(bench.vault.confirm(try GuardedVaultTests.sealed("1"), key: "k").failure)
        #expect(answer.code == .unreachable && answer.isPassing && !answer.meansNotHeld)
        #expect(bench.base.counts.confirmed == 0)
    }

    @Test func anObjectThatIsGoneSaysNothingAgainstItsVault() throws {
        let bench = Bench()
        bench.base.set(DockError(.notFound, "cannot confirm", at: "k", because: "gone", next: "look"))
        for _ in 0..<10 {
            #expect(bench.vault.confirm(try GuardedVaultTests.sealed("1"), key: "k").failure?.why == "gone")
        }
        #expect(bench.gates.gate("cloud").health.state == .closed && bench.news() == [])
        bench.base.set(GuardedVaultTests.down)
        for _ in 0..<10 { _ = bench.vault.confirm(try GuardedVaultTests.sealed("1"), key: "k") }
        #expect(bench.base.counts.confirmed == 13, "three that were not answered, and then no more")
    }

    @Test func aVaultThatIsNotConfiguredAnyMoreEndsItsAlarmAndIsSilent() throws {
        let bench = Bench()
        _ = try bench.store(1)
        bench.base.set(GuardedVaultTests.denied)
        _ = try bench.store(1)
        bench.gates.reconfigure([])
        _ = try bench.store(1)
        #expect(bench.news() == ["alarm: 403", "over: 403"])
        #expect(bench.gates.status(["cloud"], now: Instant(seconds: 0)).map(\.state) == [.working])
    }
}

extension Result {
    fileprivate var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
}
