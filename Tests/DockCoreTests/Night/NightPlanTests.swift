import Testing

@testable import DockCore

/// What a night is called, how much it looks after, and what the morning is told.
@Suite struct NightPlanTests {
    private func at(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }

    private func date(_ text: String) throws -> String {
        NightPlan(at: try at(text), local: RateScheduleTests.amsterdam, settings: NightSettings()).date
    }

    /// Each begins at 01:30 on the wall, or shortly around the change.
    @Test(
        arguments: [
            ("2026-03-28T00:30:00Z", "2026-03-28"), ("2026-03-29T00:30:00Z", "2026-03-29"),
            ("2026-03-29T00:59:59Z", "2026-03-29"), ("2026-03-29T01:00:00Z", "2026-03-29"),
            ("2026-03-29T23:30:00Z", "2026-03-30"), ("2026-10-23T23:30:00Z", "2026-10-24"),
            ("2026-10-24T23:30:00Z", "2026-10-25"), ("2026-10-25T00:30:00Z", "2026-10-25"),
            ("2026-10-25T01:30:00Z", "2026-10-25"), ("2026-10-26T00:30:00Z", "2026-10-26"),
            ("2026-12-31T23:30:00Z", "2027-01-01"), ("2026-12-31T22:59:59Z", "2026-12-31"),
        ])
    func theDateIsThatOnTheWall(moment: String, expected: String) throws {
        #expect(try date(moment) == expected)
    }

    /// Runs at 01:30 on the wall, a whole year long.
    @Test func eachNightOfAYearHasADateOfItsOwn() throws {
        let local = RateScheduleTests.amsterdam
        var dates: [String] = []
        for day in 0..<365 {
            let midnight = try at("2026-01-01T01:30:00Z").adding(seconds: Double(day) * 86_400)
            let moment = midnight.adding(seconds: -Double(local.secondsEast(midnight)))
            dates.append(NightPlan(at: moment, local: local, settings: NightSettings()).date)
        }
        #expect(Set(dates).count == 365 && dates == dates.sorted())
        #expect(dates.first == "2026-01-01" && dates.last == "2026-12-31")
    }

    @Test(
        arguments: [
            (0, 0.05, 1000, 0), (1, 0.05, 1000, 1), (20, 0.05, 1000, 1), (21, 0.05, 1000, 2), (1000, 0.05, 1000, 50),
            (100_000, 0.05, 1000, 1000), (100, 0, 1000, 0), (100, 1, 1000, 100), (100, 1, 7, 7), (3, 2, 1000, 3),
            (Int.max, 1, 1000, 1000),
        ] as [(Int, Double, Int, Int)])
    func theShareIsRoundedUpAndBounded(objects: Int, share: Double, most: Int, quota: Int) throws {
        let settings = NightSettings(checkShare: share, checkMost: most)
        let plan = NightPlan(at: try at("2026-01-01T00:30:00Z"), local: .utc, settings: settings)
        #expect(plan.quota(of: objects) == quota)
    }

    @Test func anObjectMayBeGoneOnceItsLockIsOver() throws {
        let plan = NightPlan(
            at: try at("2026-01-01T00:30:00Z"), local: .utc, settings: NightSettings(checkWithin: 3600))
        #expect(plan.checkedSince == (try at("2025-12-31T23:30:00Z")))
        func mayBeGone(_ lock: ObjectLock.State?) -> Bool {
            plan.mayBeGone(
                Receipt(
                    vault: "v", sealing: "s", key: "k", bytes: 1, checksum: "etag:x", confirmation: .head,
                    confirmed: plan.began, lock: lock))
        }
        let (over, later) = (plan.began, plan.began.adding(seconds: 1))
        #expect(mayBeGone(ObjectLock.State(mode: .governance, until: over)))
        #expect(!mayBeGone(ObjectLock.State(mode: .governance, until: later)))
        #expect(!mayBeGone(ObjectLock.State(mode: .governance, until: over, legalHold: true)))
        #expect(!mayBeGone(ObjectLock.State(legalHold: true)) && !mayBeGone(nil))
    }

    private func report(_ steps: [NightStep], began: String = "2026-10-25T00:30:00Z") throws -> NightReport {
        let began = try at(began)
        return NightReport(
            night: "2026-10-25", agent: "1.0", began: began, ended: began.adding(seconds: 61.2), steps: steps,
            faults: [])
    }

    @Test func theMorningIsToldWhatFailed() throws {
        let good = try report([NightStep(.spool, .nothing, "empty"), NightStep(.ledger, .done, count: 3, "3 entries")])
        let bad = try report([NightStep(.check, .failed, "archive: k: gone"), NightStep(.ledger, .done, "3 entries")])
        #expect(good.isGood && !bad.isGood)
        #expect(good.summary == "night 2026-10-25, begun 2026-10-25T00:30:00Z, 62 s: good")
        #expect(bad.summary.hasSuffix("62 s: FAILED: check"))
        let morning = try at("2026-10-25T07:00:00Z")
        let both = NightStanding(runs: [bad, good], ledgerBegan: Instant(seconds: 0), now: morning)
        #expect(both.lines == [bad.summary, "    check: archive: k: gone", good.summary], "a later run hides nothing")
        #expect(!both.isOverdue)
    }

    @Test func aMissedNightShows() throws {
        let run = try report([])
        let ended = run.ended
        func isOverdue(_ hours: Double) -> Bool {
            NightStanding(runs: [run], ledgerBegan: Instant(seconds: 0), now: ended.adding(seconds: hours * 3600))
                .isOverdue
        }
        #expect(!isOverdue(-5) && !isOverdue(25) && !isOverdue(36) && isOverdue(36.1))
        let late = NightStanding(runs: [run], ledgerBegan: nil, now: ended.adding(seconds: 200_000))
        #expect(late.lines.last?.contains("MISSED: no night has ended since \(ended)") == true)
        for (began, words) in [(nil, ""), (ended, ""), (ended.adding(seconds: -130_000), "MISSED: ")]
            as [(Instant?, String)]
        {
            let none = NightStanding(runs: [], ledgerBegan: began, now: ended)
            #expect(none.lines == [words + "no night yet: is bodydock-nightly.timer enabled?"])
            #expect(none.isOverdue == !words.isEmpty)
        }
    }
}
