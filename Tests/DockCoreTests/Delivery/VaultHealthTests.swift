import Testing

@testable import DockCore

/// A vault's health told step by step. Times are seconds after the start.
@Suite struct VaultHealthTests {
    private static let start = Instant(seconds: 1_000_000)

    private struct Story {
        var health = VaultHealth(vault: "cloud", policy: RetryPolicy(first: 2, most: 60, patience: 3, alarmAfter: 100))
        var words: [String] = []

        mutating func at(_ seconds: Double, _ event: VaultEvent) {
            words = health.handle(event, at: start.adding(seconds: seconds)).map { action in
                switch action {
                case .tryAgain(let due): "again at \(due.seconds(since: start))"
                case .raise(let alarm): "alarm \(alarm.why)"
                case .clear(let alarm): "over \(alarm.why)"
                }
            }
        }
        /// A consignment is begun now and fails now.
        mutating func fails(_ seconds: Double, _ error: DockError, jitter: Double = 0) {
            at(seconds, .began)
            at(seconds, .failed(error, began: start.adding(seconds: seconds), jitter: jitter))
        }
        mutating func works(_ seconds: Double) {
            at(seconds, .began)
            at(seconds, .succeeded(began: start.adding(seconds: seconds)))
        }
        func admits(_ seconds: Double) -> String {
            switch health.admission(at: start.adding(seconds: seconds)) {
            case .all: "all"
            case .one: "one"
            case .none(let until): until.map { "none until \($0.seconds(since: start))" } ?? "none"
            }
        }
    }

    private static func error(
        _ code: DockError.Code, _ why: String = "down", next: String = "wait", passes: Bool = false
    ) -> DockError {
        DockError(code, "cannot store", at: "https://s3", because: why, next: next, isPassing: passes)
    }
    private static let down = error(.unreachable, passes: true)
    private static let denied = error(.refused, "403", next: "check the key")

    @Test(
        arguments: [
            (1, 0, 2), (2, 0, 4), (3, 0, 8), (4, 0, 16), (5, 0, 32), (6, 0, 60), (7, 0, 60), (63, 0, 60),
            (5000, 0, 60), (1, 1, 1.5), (6, 1, 45), (6, 0.5, 52.5), (1, -3, 2), (1, 9, 1.5), (1, .nan, 2),
            (0, 0.5, 0), (-1, 0, 0),
        ] as [(Int, Double, Double)])
    func pausesDoubleUpToABoundAndJitterOnlyShortensThem(failures: Int, jitter: Double, seconds: Double) {
        let policy = RetryPolicy(first: 2, most: 60, patience: 3, alarmAfter: 100)
        #expect(policy.pause(after: failures, jitter: jitter) == seconds)
    }

    @Test(
        arguments: [
            (.unreachable, true, .passing), (.unreachable, false, .passing), (.noSpace, true, .passing),
            (.refused, false, .permanent), (.refused, true, .passing), (.configuration, false, .permanent),
            (.unauthenticated, false, .permanent), (.notFound, false, .doubtful), (.malformed, false, .doubtful),
            (.limit, false, .doubtful), (.library, false, .doubtful), (.library, true, .passing),
            (.mismatch, false, .consignment), (.conflict, false, .consignment), (.corrupt, false, .consignment),
            (.io, false, .consignment), (.stopped, false, .consignment), (.disconnected, true, .consignment),
        ] as [(DockError.Code, Bool, VaultFault)])
    func eachErrorSaysWhoseFaultItIs(code: DockError.Code, passes: Bool, fault: VaultFault) {
        #expect(Self.error(code, passes: passes).vaultFault == fault)
    }

    @Test func aHealthyVaultTakesEverything() {
        var story = Story()
        #expect(story.admits(0) == "all" && story.health.nextWake == nil)
        story.works(0)
        #expect(story.words == [] && story.admits(0) == "all")
    }

    @Test func passingErrorsBackOffAndThenLetOneThrough() {
        var story = Story()
        story.fails(0, Self.down)
        #expect(story.words == ["again at 2.0"] && story.admits(1) == "none until 2.0" && story.admits(2) == "all")
        story.fails(2, Self.down)
        #expect(story.words == ["again at 6.0"] && story.health.state == .closed && story.admits(6) == "all")
        story.fails(6, Self.down)
        #expect(story.words == ["again at 14.0"] && story.health.state == .open && story.admits(14) == "one")
        story.at(14, .began)
        #expect(story.health.state == .halfOpen && story.admits(15) == "none", "the one that is on its way decides")
        story.at(20, .failed(Self.down, began: Self.start.adding(seconds: 14), jitter: 0))
        #expect(story.words == ["again at 36.0"] && story.health.state == .open)
        story.works(36)
        #expect(story.words == [] && story.health.state == .closed && story.health.failures == 0)
        #expect(story.admits(36) == "all" && story.health.nextWake == nil)
    }

    @Test func transfersThatFailTogetherAreOneFailure() {
        var story = Story()
        for _ in 0..<4 { story.at(0, .began) }
        story.at(30, .failed(Self.down, began: Self.start, jitter: 0))
        #expect(story.words == ["again at 32.0"])
        for _ in 0..<3 {
            story.at(31, .failed(Self.down, began: Self.start, jitter: 0))
            #expect(story.words == [] && story.health.failures == 1)
        }
    }

    @Test func aSuccessOfLongAgoDoesNotOpenTheDoor() {
        for error in [Self.denied, Self.down] {
            var story = Story()
            for second in [0.0, 2, 6] { story.fails(second, error) }
            let state = story.health.state
            story.at(7, .succeeded(began: Self.start.adding(seconds: -5)))
            #expect(story.words == [] && story.health.state == state && state != .closed)
        }
    }

    @Test func aPermanentErrorStopsAtOnceWithOneAlarm() {
        var story = Story()
        story.fails(0, Self.denied)
        #expect(story.words == ["alarm 403"] && story.health.state == .stopped && story.admits(1_000_000) == "none")
        let alarm = story.health.alarm
        #expect(alarm?.what == "cannot store" && alarm?.place == "https://s3" && alarm?.next == "check the key")
        story.at(1, .failed(Self.error(.refused, "403, again", next: "check the key"), began: Self.start, jitter: 0))
        #expect(story.words == [], "the same cause in other words")
        story.at(2, .failed(Self.down, began: Self.start.adding(seconds: 1), jitter: 0))
        story.at(10_000, .time)
        #expect(story.words == [] && story.health.state == .stopped && story.health.nextWake == nil)
    }

    @Test(arguments: [VaultEvent.configured, .retry]) func whoChangesSomethingGetsOneTry(event: VaultEvent) {
        var story = Story()
        story.fails(0, Self.denied)
        story.at(50, event)
        #expect(story.words == ["again at 50.0"] && story.admits(50) == "one")
        story.fails(50, Self.denied)
        #expect(story.words == [] && story.health.state == .stopped, "people know already")
        story.at(60, event)
        story.fails(60, Self.error(.configuration, "no bucket", next: "make it"))
        #expect(story.words == ["over 403", "alarm no bucket"], "one alarm for each cause")
        story.at(70, event)
        story.works(70)
        #expect(story.words == ["over no bucket"] && story.health.state == .closed && story.health.alarm == nil)
    }

    @Test func anOldRefusalDoesNotUndoATry() {
        var story = Story()
        story.at(0, .began)
        story.fails(1, Self.denied)
        story.at(5, .configured)
        story.at(5, .began)
        story.at(6, .failed(Self.denied, began: Self.start, jitter: 0))
        #expect(story.words == [] && story.health.state == .halfOpen)
        story.at(7, .succeeded(began: Self.start.adding(seconds: 5)))
        #expect(story.words == ["over 403"] && story.health.state == .closed)
    }

    @Test func aPersonNeedNotWaitForTheNextTry() {
        var story = Story()
        for second in [0.0, 2, 6] { story.fails(second, Self.down) }
        story.at(7, .retry)
        #expect(story.words == ["again at 7.0"] && story.admits(7) == "one")
        story.at(7, .began)
        story.at(8, .retry)
        #expect(story.admits(8) == "one", "a try that never ends is not waited for")
        var healthy = Story()
        healthy.at(0, .retry)
        #expect(healthy.words == [] && healthy.admits(0) == "all")
    }

    @Test func anOutageIsAnAlarmWhenItLastsAndOverWhenItIsOver() {
        var story = Story()
        for second in [0.0, 2, 6, 14, 30] { story.fails(second, Self.down) }
        #expect(story.health.nextWake == Self.start.adding(seconds: 62))
        story.fails(62, Self.down)
        #expect(story.health.nextWake == Self.start.adding(seconds: 100))
        story.at(99, .time)
        #expect(story.words == [])
        story.at(100, .time)
        #expect(story.words == ["alarm down"] && story.health.alarm?.since == Self.start)
        story.fails(122, Self.error(.unreachable, "503", next: "later", passes: true))
        #expect(story.words == ["again at 182.0"], "the same cause: it is away")
        story.fails(182, Self.error(.noSpace, "full", next: "make room", passes: true))
        #expect(story.words == ["over down", "alarm full", "again at 242.0"])
        story.works(242)
        #expect(story.words == ["over full"])
    }

    @Test func whatMayBeTheConsignmentStopsTheVaultOnlyWhenItGoesOn() {
        let gone = Self.error(.notFound, "no such bucket", next: "make it")
        var story = Story()
        story.fails(0, gone)
        story.works(2)
        #expect(story.health.failures == 0)
        for second in [10.0, 12, 16] { story.fails(second, gone) }
        #expect(story.words == ["alarm no such bucket"] && story.health.state == .stopped)
    }

    @Test func whatIsWrongWithAConsignmentIsNotTheVaultsFault() {
        let rotten = Self.error(.mismatch)
        var story = Story()
        for second in 0..<20 { story.fails(Double(second), rotten) }
        #expect(story.words == [] && story.admits(20) == "all")
        for second in [20.0, 22, 26] { story.fails(second, Self.down) }
        story.fails(34, rotten)
        #expect(story.words == ["again at 34.0"] && story.admits(34) == "one", "the next one decides")
    }

    @Test func aVaultThatIsNotConfiguredAnyMoreAlarmsNobody() {
        var story = Story()
        story.fails(0, Self.denied)
        story.at(1, .removed)
        #expect(story.words == ["over 403"] && story.health.alarm == nil)
    }

    /// Whatever happens in whatever order: at most one alarm stands, none is raised twice, pauses keep their bound, and a
    /// stopped vault is left alone until somebody asks.
    @Test(arguments: 0..<50) func itKeepsItsPromisesUnderAnything(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        var health = VaultHealth(vault: "v", policy: RetryPolicy(first: 2, most: 60, patience: 3, alarmAfter: 100))
        var standing: VaultAlarm?
        var now = Self.start
        let errors = [Self.down, Self.denied, Self.error(.notFound), Self.error(.io), Self.error(.noSpace)]
        for _ in 0..<400 {
            now = now.adding(seconds: Double.random(in: 0...40, using: &random))
            let start = now.adding(seconds: -Double.random(in: 0...50, using: &random))
            let wasStopped = health.state == .stopped
            let event: VaultEvent =
                switch Int.random(in: 0..<12, using: &random) {
                case 0...2: .began
                case 3: .succeeded(began: start)
                case 4...8:
                    .failed(
                        errors.randomElement(using: &random)!, began: start, jitter: .random(in: 0..<1, using: &random))
                case 9: .retry
                case 10: .configured
                default: .time
                }
            for action in health.handle(event, at: now) {
                switch action {
                case .raise(let alarm):
                    #expect(standing == nil && alarm == health.alarm)
                    standing = alarm
                case .clear(let alarm):
                    #expect(standing == alarm)
                    standing = nil
                case .tryAgain(let due): #expect(due >= now && due.seconds(since: now) <= 60)
                }
            }
            #expect(standing == health.alarm)
            if wasStopped, health.state != .stopped {
                let isAllowed =
                    switch event {
                    case .succeeded, .began: true
                    default: false
                    }
                #expect(isAllowed, "\(event)")
            }
            if case .none(let until?) = health.admission(at: now) { #expect(until.seconds(since: now) <= 60) }
            if health.state == .stopped, !health.isAskedFor { #expect(health.admission(at: now) == .none(until: nil)) }
        }
    }
}
