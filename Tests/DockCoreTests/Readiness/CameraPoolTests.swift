import Testing

@testable import DockCore

@Suite struct CameraPoolTests {
    private static let local = RateScheduleTests.amsterdam
    private static let plan = ShiftPlan([
        ShiftPlan.Rule(
            name: "early", days: Set(Weekday.allCases), time: DailyWindow(from: 420, until: 930), teams: ["street"]),
        ShiftPlan.Rule(
            name: "parking", days: Set(Weekday.allCases), time: DailyWindow(from: 480, until: 1080), teams: ["parking"]),
        ShiftPlan.Rule(name: "night", days: [.saturday], time: DailyWindow(from: 1320, until: 360)),
    ])

    private func at(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }

    /// Taken when, of which team; and until when it is not overdue.
    @Test(
        arguments: [
            ("2026-06-10T06:50:00+02:00", "street", "2026-06-10T16:00:00+02:00"),
            ("2026-06-10T07:20:00+02:00", "parking", "2026-06-10T18:30:00+02:00"),
            ("2026-06-10T12:00:00+02:00", "street", "2026-06-10T16:00:00+02:00"),
            // Over the change to summer time.
            ("2026-03-28T21:45:00+01:00", "street", "2026-03-29T06:30:00+02:00"),
            ("2026-10-24T22:05:00+02:00", "street", "2026-10-25T06:30:00+01:00"),
            // Nobody works then: nobody waits for it.
            ("2026-06-10T20:00:00+02:00", "street", nil),
        ] as [(String, String, String?)])
    func aCameraIsOverdueAfterTheShiftThatItWasTakenFor(taken: String, team: String, until: String?) throws {
        let pool = CameraPool(members: [.init("A", team: team, taken: try at(taken))], plan: Self.plan)
        func state(_ now: Instant) -> CameraReadiness.State? { pool.readiness([], at: now, Self.local).first?.state }
        guard let until else {
            #expect(state(try at(taken).adding(seconds: 5 * 86_400)) == .away)
            return
        }
        #expect(state(try at(until).adding(seconds: -1)) == .away)
        #expect(state(try at(until)) == .overdue)
    }

    @Test func theRosterSaysWhoShouldBringItBack() throws {
        let date = try #require(CivilDate("2026-06-10"))
        let roster = Roster([.init(date: date, shift: "early", badge: "4711", camera: "A")])
        let pool = CameraPool(members: [.init("A", wearer: "1"), .init("B")], plan: Self.plan, roster: roster)
        let before = pool.readiness([], at: try at("2026-06-10T06:00:00+02:00"), Self.local)
        #expect(before.map(\.state) == [.away, .away])
        let after = pool.readiness([], at: try at("2026-06-10T17:00:00+02:00"), Self.local)
        #expect(after.map(\.state) == [.overdue, .away])
        #expect(after.first?.wearer == "4711")
    }

    @Test func whatABayShowsIsWhatACameraIsAt() throws {
        func bay(_ state: BayStatus.State, _ progress: WorkProgress? = nil) -> BayStatus {
            BayStatus(
                bay: "1", state: state, seconds: 100, reasons: ["why"], camera: "A", wearer: nil, docking: nil,
                progress: progress, secondsLeft: nil, battery: nil, secondsToFull: nil, usb: nil, ports: [], steps: [])
        }
        let pool = CameraPool(members: [.init("A")], pace: OffloadPace(bytesPerSecond: 1000, erase: 20, coolOff: 60))
        let now = try at("2026-06-10T06:00:00+02:00")
        func camera(_ bay: BayStatus) throws -> CameraReadiness {
            try #require(pool.readiness([bay], at: now, Self.local).first)
        }
        // In 100 s 20,000 of 30,000 bytes became safe: what is left needs 50 s more.
        let sending = try camera(bay(.delivering, WorkProgress(bytes: 30_000, total: 30_000, unsafeBytes: 10_000)))
        #expect(sending.phase == .sending)
        #expect(sending.left == .init(upload: 50, cooling: 60, erase: 20))
        // Nothing is safe yet: the pace of the last dockings.
        let reading = try camera(bay(.reading, WorkProgress(bytes: 1, total: 30_000, unsafeBytes: 30_000)))
        #expect(reading.left?.upload == 30)
        #expect(try camera(bay(.waiting, WorkProgress(total: 1, waitsForSpool: .space))).phase == .sealing)
        #expect(try camera(bay(.seen)).left == nil)
        for state in [BayStatus.State.stalled, .kept, .held, .refused, .failed, .away] {
            let camera = try camera(bay(state))
            #expect(camera.state == .attention)
            #expect(!camera.reasons.isEmpty)
        }
        #expect(try camera(bay(.ready)).left?.total == 0)
        #expect(pool.readiness([bay(.ready)], at: now, Self.local).count == 1)
    }

    @Test func thePaceIsTheMiddleOfWhatWasMeasured() {
        let pace = OffloadPace(
            [
                .init(bytes: 1 << 30, seconds: 100, erase: 10), .init(bytes: 1 << 30, seconds: 200, erase: 30),
                .init(bytes: 1 << 30, seconds: 1000, erase: 20), .init(bytes: 5, seconds: 1000),
            ])
        #expect(pace.bytesPerSecond == Double(1 << 30) / 200)
        #expect(pace.erase == 20)
        #expect(OffloadPace([]).bytesPerSecond == nil)
    }
}
