import DockCore
import Foundation

/// Everything that the board says, in one language: `Assets/nl.json` and `Assets/en.json`.
struct Phrases: Sendable {
    /// The language.
    let language: HandoverSettings.Language
    private let texts: [String: String]

    /// The phrases of each language.
    static let all = Dictionary(
        uniqueKeysWithValues: HandoverSettings.Language.allCases.map { ($0, Phrases($0)) })

    /// Those of a language.
    static func of(_ language: HandoverSettings.Language) -> Phrases { all[language] ?? Phrases(language) }

    private init(_ language: HandoverSettings.Language) {
        self.language = language
        let file = language == .nl ? PackageResources.nl_json : PackageResources.en_json
        // The file is part of the program, and tests see that it is whole: without it keys are shown.
        do { texts = try JSONDecoder().decode([String: String].self, from: Data(file)) } catch { texts = [:] }
    }

    /// The keys in the file.
    var keys: Set<String> { Set(texts.keys) }

    /// The text of a key, with values in the place of `{0}`, `{1}`, …
    subscript(key: String, values: String...) -> String {
        var text = texts[key] ?? key
        for (index, value) in values.enumerated() { text = text.replacing("{\(index)}", with: value) }
        return text
    }

    /// How long something takes, rounded up to whole minutes: `< 1 min`, `12 min`, `1 h 05`.
    func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 360_000 else { return self["time.long"] }
        if seconds < 60 { return self["time.short"] }
        let minutes = Int((seconds / 60).rounded(.up))
        if minutes < 60 { return self["time.minutes", String(minutes)] }
        let rest = minutes % 60
        return self["time.hours", String(minutes / 60), rest < 10 ? "0\(rest)" : String(rest)]
    }

    /// Every key that the board uses.
    static let used: Set<String> = Set(
        [
            "title", "bay", "camera", "battery", "battery.estimate", "progress", "left", "summary.ready",
            "summary.busy", "summary.attention", "summary.free", "empty", "lost", "lost.what", "never", "starting",
            "stopping", "offline", "vault", "vault.since", "vault.what", "spool.full", "spool.waiting", "language",
            "time.short", "time.minutes", "time.hours", "time.long", "now", "signin", "signin.what", "do.ready.first",
            "next", "alarms.more", "pages", "page.board", "page.leader", "page.history", "page.report", "noanswer",
            "leader.title", "leader.asof", "leader.alarms", "leader.noalarms", "leader.alarm", "leader.what",
            "leader.since", "leader.noted", "leader.nobody", "leader.today", "leader.noshifts", "leader.shift",
            "leader.time", "leader.state", "leader.teams", "leader.returned", "leader.recordings", "leader.open",
            "shift.coming", "shift.running", "shift.over", "leader.overdue", "leader.nooverdue", "leader.camera",
            "leader.badge", "leader.due", "leader.lastseen", "leader.openpoints", "leader.nothingopen", "leader.point",
            "leader.details", "leader.next", "leader.nonext", "leader.readyfor", "leader.order", "leader.reports",
            "leader.noreports",
            "leader.report", "leader.made", "leader.nights", "leader.nonights", "leader.night", "leader.took",
            "leader.outcome", "night.good", "night.failed", "history.title", "history.volume", "history.time",
            "history.time.key", "history.failures", "history.failures.key", "history.numbers", "history.day",
            "history.dockings", "history.bytes", "history.usual", "history.longest", "history.held",
            "history.unfinished",
        ] + BayStatus.State.allCases.flatMap { ["state.\($0.rawValue)", "do.\($0.rawValue)"] }
            + VaultStatus.State.allCases.filter { $0 != .working }.map { "vault.\($0.rawValue)" }
            + Alarm.Kind.allCases.map { "alarm.\($0.rawValue)" } + AlarmWords.keys)
}
