import DockCore
import DockHandover

/// The history: how much came in on each day, how long it took until it was safe, and what went wrong. Nobody is named.
struct HistoryPage {
    private let days: [HistoryDay]
    private let phrases: Phrases
    private let say: Wording

    init(_ days: [HistoryDay], _ phrases: Phrases, clock: LocalClock) {
        self.days = days
        self.phrases = phrases
        say = Wording(language: phrases.language, local: clock)
    }

    /// What stands on it: three charts, and their numbers for those who do not see them.
    var content: Markup {
        let dates = days.map { say.date($0.date) }
        let marks = days.map { say.dayAndMonth($0.date) }
        let volume = BarChart(
            title: phrases["history.volume"], dates: dates, marks: marks, unit: { say.bytes(Int64($0)) },
            bars: days.map { .init(value: Double($0.bytes)) })
        let time = BarChart(
            title: phrases["history.time"], dates: dates, marks: marks, unit: say.duration, isTime: true,
            bars: days.map { .init(value: $0.usualSeconds ?? 0, mark: $0.longestSeconds) })
        let failures = BarChart(
            title: phrases["history.failures"], dates: dates, marks: marks, unit: { String(Int($0)) },
            bars: days.map { .init(value: Double($0.held), above: Double($0.unfinished)) })
        return """
            <div class=charts>\(volume.markup(""))\(time.markup(phrases["history.time.key"]))\
            \(failures.markup(phrases["history.failures.key"]))</div>\(table)
            """
    }

    private var table: Markup {
        let rows = days.reversed().map { day -> [Markup] in
            [
                "<span class=when>\(say.date(day.date))</span>", "\(day.dockings)", "\(say.bytes(day.bytes))",
                "\(day.usualSeconds.map(say.duration) ?? "")", "\(day.longestSeconds.map(say.duration) ?? "")",
                "\(day.held)", "\(day.unfinished)",
            ]
        }
        let heading = ["day", "dockings", "bytes", "usual", "longest", "held", "unfinished"].map {
            phrases["history.\($0)"]
        }
        return SheetPage.section(phrases["history.numbers"], SheetPage.table(heading, rows), otherwise: "")
    }
}
