import DockCore
import DockHandover

/// What an alarm says on a page, in the page's language. What a program or a server said of a failure stays as it was said.
struct AlarmWords {
    let phrases: Phrases
    let say: Wording

    /// What is wrong and what to do; `quoted` is what stays in English.
    struct Text: Equatable {
        var what: String
        var todo: String
        var quoted: String?
    }

    /// Of an alarm; what an older version raised is told in its own words.
    func text(_ alarm: Alarm) -> Text {
        let title = phrases["alarm.\(alarm.key.kind.rawValue)", alarm.key.subject]
        guard let matter = alarm.matter else {
            return Text(what: title, todo: phrases["todo.read"], quoted: "\(alarm.what); \(alarm.next)")
        }
        let todo = phrases["todo.\(AlarmWords.key(matter))"]
        let what = what(matter, title)
        return Text(what: what.said, todo: todo, quoted: what.quoted)
    }

    /// The part of a key that names a matter.
    static func key(_ matter: Alarm.Matter) -> String {
        switch matter {
        case .overdue: "overdue"
        case .held: "held"
        case .heldAway: "heldaway"
        case .vault: "vault"
        case .spool: "spool"
        case .damage: "damage"
        case .night: "night"
        case .noNight: "nonight"
        case .clock: "clock"
        case .battery: "battery"
        case .roster: "roster"
        case .messages: "messages"
        }
    }

    private func what(_ matter: Alarm.Matter, _ title: String) -> (said: String, quoted: String?) {
        switch matter {
        case .overdue(_, let wearer, let shift, let ended):
            let parts = [
                wearer.map { phrases["matter.overdue.worn", $0] },
                ended.map { phrases["matter.overdue.shift", shift ?? "", say.moment($0)] },
            ].compactMap { $0 }
            return (parts.isEmpty ? title : sentence(parts.joined(separator: ", ")), nil)
        case .held(let camera, let bay, let cause):
            let why = cause.map(say.cause) ?? phrases["matter.nocause"]
            return (phrases[camera == nil ? "matter.held.unknown" : "matter.held", bay, why], nil)
        case .heldAway(_, let cause):
            return (phrases["matter.heldaway", cause.map(say.cause) ?? phrases["matter.nocause"]], nil)
        case .vault(let why): return (phrases["matter.vault"], why)
        case .spool(let left): return (phrases["matter.spool", say.bytes(left)], nil)
        case .damage(let files, let camera): return (phrases["matter.damage", String(files), camera], nil)
        case .night(let failed):
            let steps = failed.map { phrases["step.\($0.rawValue)"] }.joined(separator: ", ")
            return (phrases["matter.night", steps], nil)
        case .noNight: return (phrases["matter.nonight"], nil)
        case .clock(_, let offset):
            let amount = say.duration(min(abs(offset), 3e9))
            return (phrases[offset > 0 ? "matter.clock.ahead" : "matter.clock.behind", amount], nil)
        case .battery(_, let hours, let first): return (phrases["matter.battery", tenths(hours), tenths(first)], nil)
        case .roster(let mistake, let more):
            return (more > 0 ? phrases["matter.roster.more", String(more)] : phrases["matter.roster"], mistake)
        case .messages(let count, let why): return (phrases["matter.messages", String(count)], why)
        }
    }

    private func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }

    /// A number with one decimal, as the language writes it.
    private func tenths(_ value: Double) -> String {
        let text = "\((min(max(value, 0), 1e6) * 10).rounded() / 10)"
        return phrases.language == .nl ? text.replacing(".", with: ",") : text
    }

    /// The keys that are used here.
    static let keys =
        [
            "matter.overdue.worn", "matter.overdue.shift", "matter.held", "matter.held.unknown", "matter.heldaway",
            "matter.nocause", "matter.vault", "matter.spool", "matter.damage", "matter.night", "matter.nonight",
            "matter.clock.ahead", "matter.clock.behind", "matter.battery", "matter.roster", "matter.roster.more",
            "matter.messages", "todo.read", "todo.overdue", "todo.held", "todo.heldaway", "todo.vault", "todo.spool",
            "todo.damage", "todo.night", "todo.nonight", "todo.clock", "todo.battery", "todo.roster", "todo.messages",
        ] + NightStep.Kind.allCases.map { "step.\($0.rawValue)" }
}
