import DockCore
import DockHandover

/// The team leader's page: what is open, who is late, which cameras the next shift finds, what was reported. It names badges.
struct LeaderPage {
    private let overview: DutyOverview
    private let phrases: Phrases
    private let say: Wording
    private let now: Instant

    init(_ overview: DutyOverview, _ phrases: Phrases, clock: LocalClock) {
        self.overview = overview
        self.phrases = phrases
        say = Wording(language: phrases.language, local: clock)
        now = overview.status.now
    }

    /// What stands on it.
    var content: Markup {
        let asOf = phrases["leader.asof", say.local.time(at: now)]
        return .all([
            "<p class=asof>\(asOf)</p>", figures, overdue, open, next, alarms, shifts, reports, nights,
        ])
    }

    /// The page in four numbers.
    private var figures: Markup {
        let late = overview.status.cameras.count { $0.state == .overdue }
        var numbers = [
            ("\(late)", phrases["leader.overdue"], late > 0),
            ("\(points.count)", phrases["leader.openpoints"], !points.isEmpty),
            ("\(overview.status.alarms.count)", phrases["leader.alarms"], !overview.status.alarms.isEmpty),
        ]
        if let next = overview.status.next {
            numbers.append(("\(next.ready.count) / \(next.count)", phrases["leader.readyfor", next.shift.name], false))
        }
        let items = numbers.map { "<li class=\($0.2 ? "bad" : "good")><b>\($0.0)</b> \($0.1)</li>" as Markup }
        return "<ul class=figures>\(.all(items))</ul>"
    }

    /// A moment, which stays on one line.
    private func when(_ moment: Instant) -> Markup { "<span class=when>\(say.moment(moment))</span>" }

    // MARK: Now

    private var alarms: Markup {
        let words = AlarmWords(phrases: phrases, say: say)
        let rows = overview.status.alarms.map { alarm -> [Markup] in
            let text = words.text(alarm)
            let quoted: Markup = text.quoted.map { "<q lang=en>\($0)</q>" } ?? ""
            let noted: Markup =
                alarm.acknowledged.map { "\(when($0)) \(alarm.by ?? "")" } ?? .text(phrases["leader.nobody"])
            return [
                "\(phrases["alarm.\(alarm.key.kind.rawValue)", alarm.key.subject])",
                "<p>\(text.what)</p>\(quoted)<p class=todo>\(text.todo)</p>", when(alarm.raised), noted,
            ]
        }
        let heading = ["leader.alarm", "leader.what", "leader.since", "leader.noted"].map { phrases[$0] }
        return SheetPage.section(
            phrases["leader.alarms"], SheetPage.table(heading, rows), otherwise: phrases["leader.noalarms"])
    }

    private var shifts: Markup {
        let rows = overview.shifts.map { standing -> [Markup] in
            let shift = standing.shift
            let state = now < shift.start ? "shift.coming" : now < shift.end ? "shift.running" : "shift.over"
            return [
                "\(shift.name)", "\(say.local.time(at: shift.start))–\(say.local.time(at: shift.end))",
                "\(phrases[state])", "\(shift.teams.joined(separator: ", "))", "\(standing.all.dockings)",
                "\(standing.all.recordings)", "\(standing.open.count)",
            ]
        }
        let heading = ["shift", "time", "state", "teams", "returned", "recordings", "open"].map {
            phrases["leader.\($0)"]
        }
        return SheetPage.section(
            phrases["leader.today"], SheetPage.table(heading, rows), otherwise: phrases["leader.noshifts"])
    }

    private var overdue: Markup {
        let rows = overview.status.cameras.filter { $0.state == .overdue }.map { camera -> [Markup] in
            [
                "\(camera.title)", "\(camera.wearer ?? "")",
                "\(camera.due.map { "\($0.name), \(say.moment($0.end))" } ?? "")",
                "\(camera.lastSeen.map(say.moment) ?? "")",
            ]
        }
        let heading = ["camera", "badge", "due", "lastseen"].map { phrases["leader.\($0)"] }
        return SheetPage.section(
            phrases["leader.overdue"], SheetPage.table(heading, rows), otherwise: phrases["leader.nooverdue"])
    }

    /// What is open of each shift: as it stands, or else as its last report says.
    private var points: [(shift: Shift, point: ShiftReport.OpenPoint)] {
        let standing = overview.shifts.map { ($0.shift, $0.open) }
        let told = overview.reports.filter { report in !standing.contains { $0.0 == report.shift } }
            .map { ($0.shift, $0.open) }
        return (standing + told).flatMap { shift, open in open.map { (shift, $0) } }
    }

    private var open: Markup {
        let rows = points.map { shift, point -> [Markup] in
            [
                "\(point.title)", "<b class=bad>\(say.kind(point.kind))</b>",
                "\(shift.name), <span class=when>\(say.date(shift.date))</span>",
                "\(say.details(point).joined(separator: "; "))",
            ]
        }
        let heading = ["camera", "point", "shift", "details"].map { phrases["leader.\($0)"] }
        return SheetPage.section(
            phrases["leader.openpoints"], SheetPage.table(heading, rows), otherwise: phrases["leader.nothingopen"])
    }

    private var next: Markup {
        guard let next = overview.status.next else {
            return SheetPage.section(phrases["leader.next"], nil, otherwise: phrases["leader.nonext"])
        }
        let sentence = phrases[
            "next", String(next.ready.count), String(next.count), say.local.time(at: next.shift.start), next.shift.name]
        let names = Dictionary(overview.status.cameras.map { ($0.camera, $0.title) }) { first, _ in first }
        let order = next.order.prefix(12).map { names[$0] ?? $0 }.joined(separator: ", ")
        let first: Markup = order.isEmpty ? "" : "<p>\(phrases["leader.order"]): \(order)</p>"
        let missed: Markup = next.missed.isEmpty ? "" : .list(next.missed.map { say.miss($0) })
        return SheetPage.section(
            phrases["leader.next"], "<p>\(sentence)</p>\(missed)\(first)", otherwise: "")
    }

    // MARK: Before

    private var reports: Markup {
        let rows = overview.reports.map { report -> [Markup] in
            let shift = report.shift
            let address =
                "/report?date=\(shift.date)&shift=\(shift.name)&edition=\(report.edition)&lang=\(phrases.language.rawValue)"
            return [
                "<a href=\"\(address)\">\(say.date(shift.date)), \(shift.name)</a>", when(report.made),
                "\(report.all.dockings)", "\(report.all.recordings)", "\(report.open.count)",
            ]
        }
        let heading = ["report", "made", "returned", "recordings", "open"].map { phrases["leader.\($0)"] }
        return SheetPage.section(
            phrases["leader.reports"], SheetPage.table(heading, rows), otherwise: phrases["leader.noreports"])
    }

    private var nights: Markup {
        let rows = overview.nights.map { night -> [Markup] in
            let isGood = night.failed.isEmpty
            let word: Markup =
                "<b class=\"word \(isGood ? "take" : "attention")\">\(phrases[isGood ? "night.good" : "night.failed"])</b>"
            let why = night.failed.map { step -> Markup in
                "<p>\(phrases["step.\(step.kind.rawValue)"])</p><q lang=en>\(step.note)</q>"
            }
            return [
                when(night.began), "\(say.duration(night.ended.seconds(since: night.began)))", word,
                .all(why),
            ]
        }
        let heading = ["night", "took", "outcome", "details"].map { phrases["leader.\($0)"] }
        return SheetPage.section(
            phrases["leader.nights"], SheetPage.table(heading, rows), otherwise: phrases["leader.nonights"])
    }
}
