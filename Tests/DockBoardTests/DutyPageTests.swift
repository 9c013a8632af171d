import DockHandover
import Foundation
import Synchronization
import Testing

@testable import DockBoard
@testable import DockCore

/// The team leader's page, and the history.
@Suite struct DutyPageTests {
    private static let plan = ShiftPlan([
        ShiftPlan.Rule(name: "late", days: Set(Weekday.allCases), time: DailyWindow(from: 420, until: 900)),
        ShiftPlan.Rule(name: "night", days: Set(Weekday.allCases), time: DailyWindow(from: 1380, until: 420)),
    ])
    private static let today = LocalClock.utc.day(at: SampleDock.noon)

    /// A camera that is late, an alarm, a report with an open point, and a night that failed; every text is `evil`.
    private static func overview(_ evil: String = "x") throws -> DutyOverview {
        let shift = try #require(plan.shift("late", on: today.adding(-1), .utc))
        let now = SampleDock.noon
        let pool = CameraPool(
            members: [.init(evil, number: evil, taken: shift.start.adding(seconds: -60), wearer: evil)], plan: plan)
        let cameras = pool.readiness([], at: now, .utc)
        let report = ShiftReport(
            of: shift, edition: 2,
            from: .init(dock: "d", agent: "1", handovers: [], pool: pool, cameras: cameras), at: now, .utc)
        var status = SampleDock.status([])
        status.cameras = cameras
        status.next = ReadinessForecast(
            cameras, for: try #require(plan.next(after: now, .utc)), roster: Roster(), at: now)
        var alarm = Alarm(.init(.overdueCamera, evil), what: evil, next: evil, raised: now)
        (alarm.acknowledged, alarm.by) = (now, evil)
        status.alarms = [alarm]
        let night = NightReport(
            night: "2027-01-14", agent: "1", began: now, ended: now.adding(seconds: 61),
            steps: [NightStep(.check, .failed, evil)], faults: [])
        return DutyOverview(
            status: status,
            shifts: plan.shifts(on: today, .utc).map { .init(shift: $0, all: .init(nil, []), open: []) },
            reports: [.init(report)], nights: [.init(night)])
    }

    private static func page(_ overview: DutyOverview, _ language: HandoverSettings.Language) -> String {
        LeaderPage(overview, .of(language), clock: .utc).content.html
    }

    @Test func theLeaderSeesWhoIsLateWhatIsOpenAndWhatWasReported() throws {
        var overview = try Self.overview("BWC7")
        overview.status.cameras[0].wearer = "4711"
        overview.reports[0].open[0].wearer = "4711"
        let english = Self.page(overview, .en)
        for text in [
            "Camera BWC7 did not come back", "Noted by", ">late<", "running", ">night<", "to come", "4711",
            "Not returned", "worn by 4711", "0 of 1 ready at 23:00: shift night", "camera BWC7 is overdue",
            "/report?date=\(Self.today.adding(-1))&amp;shift=late&amp;edition=2&amp;lang=en",
            "check of the vaults</p><q lang=en>BWC7</q>", "failed",
            "2 min",
        ] { #expect(english.contains(text), "\(text)") }
        let dutch = Self.page(overview, .nl)
        for text in ["Niet teruggebracht", "gedragen door 4711", "camera BWC7 is te laat", "loopt", "mislukt"] {
            #expect(dutch.contains(text), "\(text)")
        }
    }

    /// Every kind of alarm is told in the page's language; only what a server or a program said is quoted.
    @Test(arguments: HandoverSettings.Language.allCases) func alarmsAreToldInTheLanguageOfThePage(
        language: HandoverSettings.Language
    ) throws {
        let hash = Cause(Finding(.hashWrong, recording: "R1", holds: true, "english"))
        let matters: [(Alarm.Kind, Alarm.Matter)] = [
            (.overdueCamera, .overdue(camera: "7", wearer: "4711", shift: "late", ended: SampleDock.noon)),
            (.overdueCamera, .overdue(camera: "7", wearer: nil, shift: nil, ended: nil)),
            (.heldCamera, .held(camera: "BWC7", bay: "2", cause: hash)),
            (.heldCamera, .held(camera: nil, bay: "2", cause: nil)),
            (.heldCamera, .heldAway(camera: "7", cause: hash)), (.vaultDown, .vault(why: "quoted")),
            (.spoolFull, .spool(left: 5)), (.spoolDamaged, .damage(files: 2, camera: "BWC7")),
            (.nightFailed, .night(failed: NightStep.Kind.allCases)), (.nightFailed, .noNight),
            (.clockDrift, .clock(camera: "7", offset: -1e300)), (.clockDrift, .clock(camera: "7", offset: 300)),
            (.batteryWorn, .battery(camera: "7", hours: 6.1, atFirst: 9.4)),
            (.rosterWrong, .roster(mistake: "quoted", more: 0)), (.rosterWrong, .roster(mistake: "quoted", more: 2)),
            (.notDelivered, .messages(count: 3, why: "quoted")),
        ]
        #expect(Set(matters.map(\.0)) == Set(Alarm.Kind.allCases))
        let words = AlarmWords(phrases: .of(language), say: Wording(language: language, local: .utc))
        for (kind, matter) in matters {
            let alarm = Alarm(
                .init(kind, "BWC7"), what: "english", next: "english", matter: matter, raised: SampleDock.noon)
            let text = words.text(alarm)
            #expect(!text.what.contains("matter.") && !text.what.contains("step.") && !text.todo.contains("todo."))
            #expect(!text.what.contains("english") && !text.todo.contains("english"), "\(text)")
            #expect(!text.what.contains("{") && (text.quoted == nil || text.quoted == "quoted"), "\(text)")
            // It is told over the socket as it was raised.
            #expect(try JSONDecoder().decode(Alarm.self, from: JSONEncoder().encode(alarm)) == alarm)
        }
        let old = words.text(Alarm(.init(.vaultDown, "archive"), what: "a", next: "b", raised: SampleDock.noon))
        #expect(old.quoted == "a; b" && old.what == Phrases.of(language)["alarm.vaultDown", "archive"])
    }

    @Test func nothingIsSaidToBeNothing() {
        let empty = DutyOverview(status: SampleDock.status([]), shifts: [], reports: [], nights: [])
        let page = Self.page(empty, .en)
        for key in [
            "noalarms", "noshifts", "nooverdue", "nothingopen", "nonext", "noreports", "nonights",
        ] { #expect(page.contains(Phrases.of(.en)["leader.\(key)"]), "\(key)") }
        #expect(!page.contains("<table>"))
    }

    @Test func whatCamerasAndPeopleWroteStaysText() throws {
        let evil = "<img src=x onerror=alert(1)>\"'&\u{202e}"
        for language in HandoverSettings.Language.allCases {
            let page = Self.page(try Self.overview(evil), language)
            #expect(!page.contains("<img") && !page.contains("\u{202e}") && page.contains("&lt;img src=x"))
        }
    }

    @Test func theHistoryIsDrawnAndWritten() {
        var days = (0..<28).map { HistoryDay(Self.today.adding($0 - 27), []) }
        (days[27].dockings, days[27].bytes, days[27].held, days[27].unfinished) = (3, 7_000_000_000, 2, 1)
        (days[27].usualSeconds, days[27].longestSeconds) = (600, 1500)
        let page = HistoryPage(days, .of(.en), clock: .utc).content.html
        #expect(page.components(separatedBy: "<svg").count == 4 && page.components(separatedBy: "role=img").count == 4)
        // Eight gigabytes is the scale: the bar is seven eighths of 224 high.
        #expect(page.contains("<rect class=bar x=") && page.contains("height=196.0"))
        #expect(page.contains("class=hatched") && page.contains("class=mark"))
        #expect(page.contains(": 10 min, 25 min</title>") && page.contains(": 2, 1</title>"))
        #expect(page.components(separatedBy: "<tr>").count == 30 && !page.contains("style="))
    }

    @Test(
        arguments: [
            (0, false, 2), (1, false, 2), (3, false, 4), (5, false, 6), (6, false, 6), (11, false, 20),
            (52e9, false, 60e9),
            (999, false, 1000), (130, true, 240), (5400, true, 7200), (200_000, true, 345_600), (.infinity, false, 2),
            (.nan, true, 120),
        ] as [(Double, Bool, Double)])
    func scalesEndAtRoundNumbers(value: Double, isTime: Bool, ceiling: Double) {
        #expect(BarChart.ceiling(value, isTime: isTime) == ceiling)
    }

    @Test func anAnswerServesAllWhoAskTheSame() async {
        let asked = Counter()
        let clerk = DutyClerk { question throws(DockError) in
            asked.add()
            guard case .history = question else { throw DockError(.refused, "a", at: "b", because: "c", next: "d") }
            return .history([])
        }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { #expect(await clerk.answer(.history) == .success(.history([]))) } }
        }
        #expect(asked.count == 1)
        for _ in 0..<2 { await #expect(throws: DockError.self) { try await clerk.answer(.overview).get() } }
        #expect(asked.count == 2)
    }
}

private final class Counter: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }
    func add() { value.withLock { $0 += 1 } }
}
