import Testing

@testable import DockCore

/// The forecast for the next shift, against days that are played through.
@Suite struct ReadinessForecastTests {
    private static let local = RateScheduleTests.amsterdam
    private static let curve = ChargeCurve([
        .init(percent: 80, seconds: 5400), .init(percent: 100, seconds: 10_800),
    ])
    private static let plan = ShiftPlan([
        ShiftPlan.Rule(name: "early", days: Set(Weekday.allCases), time: DailyWindow(from: 420, until: 930)),
        ShiftPlan.Rule(name: "late", days: Set(Weekday.allCases), time: DailyWindow(from: 930, until: 1410)),
    ])
    private static let names = (1...6).map { "BWC\($0)" }

    /// Six cameras that come back from the late shift of the day before; what is special of some, and the uplink in bytes a second.
    struct Night: Sendable, CustomTestStringConvertible {
        var title: String
        var date: String
        var uplink: Double
        var special: [Int: @Sendable (inout SimulatedDock.Docking) -> Void] = [:]
        /// What the wall shows while it is asked.
        var askedAt = "05:00"
        var missed: [String: ReadinessForecast.Miss.Cause]
        var testDescription: String { title }
    }

    static let nights: [Night] = [
        Night(title: "a good night", date: "2026-06-10", uplink: 12e6, missed: [:]),
        Night(
            title: "a thin uplink, and one camera with much footage", date: "2026-06-10", uplink: 4e6,
            special: [3: { $0.bytes = 150_000_000_000 }], missed: ["BWC3": .upload]),
        Night(
            title: "one comes late and empty", date: "2026-06-10", uplink: 12e6,
            special: [2: { ($0.at, $0.battery) = ($0.at.adding(seconds: 5 * 3600), 0) }], missed: ["BWC2": .charge]),
        Night(
            title: "one is held", date: "2026-06-10", uplink: 12e6, special: [5: { $0.isHeld = true }],
            missed: ["BWC5": .attention]),
        Night(
            title: "one does not come back", date: "2026-06-10", uplink: 12e6,
            special: [6: { $0.at = $0.at.adding(seconds: 1e6) }], missed: ["BWC6": .overdue]),
        // The same camera, which needs 7 h 5 min from 23:40: made in the long night, missed in the short one.
        Night(
            title: "the night to winter time has an hour more", date: "2026-10-25", uplink: 12e6,
            special: [1: { ($0.rate, $0.bytes, $0.battery) = (1e6, 15_000_000_000, 0) }], missed: [:]),
        Night(
            title: "the night to summer time has an hour less", date: "2026-03-29", uplink: 12e6,
            special: [1: { ($0.rate, $0.bytes, $0.battery) = (1e6, 15_000_000_000, 0) }], missed: ["BWC1": .charge]),
    ]

    @Test(arguments: nights) func whatIsForecastIsWhatComes(night: Night) throws {
        let date = try #require(CivilDate(night.date))
        let curve = try #require(Self.curve)
        let evening = Self.local.moment(date.adding(-1), minute: 23 * 60)
        let dockings = Self.names.enumerated().map { index, name in
            var docking = SimulatedDock.Docking(
                camera: name, at: evening.adding(seconds: 2400 + Double(index) * 60), bytes: 4_000_000_000, rate: 30e6,
                battery: 40)
            night.special[index + 1]?(&docking)
            return docking
        }
        var dock = SimulatedDock(dockings, uplink: night.uplink, curve: curve, from: evening)
        let shift = try #require(Self.plan.shift("early", on: date, Self.local))
        var pool = CameraPool(
            members: Self.names.map { .init($0, taken: evening.adding(seconds: -8 * 3600)) }, plan: Self.plan)
        pool.pace = OffloadPace(bytesPerSecond: night.uplink / 6, erase: 25)

        dock.play(until: shift.start.adding(seconds: -2 * 3600))
        let now = dock.now
        let forecast = ReadinessForecast(
            pool.readiness(dock.bays, at: now, Self.local), for: shift, roster: Roster(), at: now)
        dock.play(until: shift.start)

        #expect(Set(forecast.ready) == dock.ready, "asked at \(Self.local.time(at: now))")
        let missed = Dictionary(uniqueKeysWithValues: forecast.missed.map { ($0.camera, $0.cause) })
        #expect(missed == night.missed)
        #expect(forecast.count == 6)
    }

    /// However a day goes, the time that is left goes down as time goes by: what is said at any moment comes true within a tenth.
    @Test func theTimeLeftComesTrue() throws {
        let curve = try #require(Self.curve)
        let start = try #require(Instant(rfc3339: "2026-06-09T23:00:00+02:00"))
        let docking = SimulatedDock.Docking(
            camera: "BWC1", at: start.adding(seconds: 60), bytes: 6_000_000_000, rate: 30e6, battery: 55)
        var dock = SimulatedDock([docking], uplink: 3e6, curve: curve, from: start)
        let pool = CameraPool(members: [.init("BWC1")], pace: OffloadPace(bytesPerSecond: 3e6, erase: 25))
        var said: [(Instant, Instant)] = []
        var readyAt: Instant?
        while readyAt == nil {
            dock.play(until: dock.now.adding(seconds: 60))
            let camera = try #require(pool.readiness(dock.bays, at: dock.now, Self.local).first)
            if camera.state == .ready { readyAt = dock.now }
            if let left = camera.left { said.append((dock.now, dock.now.adding(seconds: left.total))) }
            #expect(dock.now < start.adding(seconds: 86_400))
            if dock.now >= start.adding(seconds: 86_400) { return }
        }
        let end = try #require(readyAt)
        #expect(said.count > 60)
        for (moment, promise) in said where moment > start.adding(seconds: 180) {
            #expect(abs(promise.seconds(since: end)) <= end.seconds(since: moment) / 10 + 130)
        }
    }

    @Test func theChargedAndLeastUsedIsTakenFirst() throws {
        func camera(_ name: String, _ state: CameraReadiness.State, _ battery: Int?, _ uses: Int, _ charge: Double = 0)
            -> CameraReadiness
        {
            CameraReadiness(
                camera: name, number: nil, team: nil, bay: name, state: state, phase: nil, reasons: [],
                left: .init(charge: charge), battery: battery, isBatteryEstimated: false, wearer: nil, uses: uses,
                due: nil, lastSeen: nil)
        }
        let cameras = [
            camera("charging", .charging, 70, 0, 3600), camera("worn", .ready, 100, 9), camera("fresh", .ready, 100, 1),
            camera("unknown", .ready, nil, 0), camera("almost", .charging, 98, 5, 60),
        ]
        #expect(
            ReadinessForecast.order(cameras, at: Instant(seconds: 0)) == [
                "fresh", "worn", "unknown", "almost", "charging",
            ])
    }
}
