import DockCore
import DockHandover

/// The parts of the page that change, each with the identifier by which a browser finds it. They hold nothing about people.
struct BoardParts: Equatable {
    /// A part, and its name in the page.
    struct Part: Equatable {
        let name: String
        let markup: Markup
    }

    /// `head` and `notices`.
    let frame: [Part]
    /// `bay-0`, `bay-1`, …, in the order of the dock.
    let bays: [Part]

    /// Made of a moment, in a language, with times of day by `clock`.
    init(_ moment: BoardMoment, _ phrases: Phrases, clock: LocalClock) {
        let view = View(moment: moment, phrases: phrases, clock: clock)
        frame = [Part(name: "head", markup: view.head), Part(name: "notices", markup: view.notices)]
        let shown = moment.status?.bays ?? []
        bays = shown.enumerated().map { Part(name: "bay-\($0)", markup: view.tile($1, name: "bay-\($0)")) }
    }

    /// The list of bays as a whole.
    var list: Part {
        let columns = BoardParts.columns(for: bays.count)
        return Part(
            name: "bays", markup: "<ol id=bays class=\"columns-\(columns)\">\(.all(bays.map(\.markup)))</ol>")
    }

    /// Columns on a wide screen, 1 to 10: at least as many as rows, up to half as many more, and so that few places stay empty.
    static func columns(for bays: Int) -> Int {
        let least = max(1, Int(Double(bays).squareRoot().rounded(.up)))
        let choices = least...max(least, least * 3 / 2)
        let best = choices.min { left, right in (left - bays % left) % left < (right - bays % right) % right }
        return min(best ?? least, 10)
    }

    /// What a browser that shows `older` has to replace.
    func changes(since older: BoardParts) -> [Part] {
        let head = frame.filter { !older.frame.contains($0) }
        guard bays.count == older.bays.count else { return head + [list] }
        return head + zip(bays, older.bays).filter { $0 != $1 }.map(\.0)
    }
}

/// Draws the parts.
private struct View {
    let moment: BoardMoment
    let phrases: Phrases
    let clock: LocalClock

    /// Alarms that are named: tiles need the room.
    private static let mostAlarms = 3

    // MARK: Head

    var head: Markup {
        let counts: [Markup] = [
            (TileKind.take, "summary.ready"), (.busy, "summary.busy"), (.attention, "summary.attention"),
            (.free, "summary.free"),
        ].compactMap { kind, key in
            let count = moment.count(kind)
            guard count > 0 || kind == .take else { return nil }
            return "<li class=\"\(kind.rawValue)\">\(icon(kind))\(phrases[key, String(count)])</li>"
        }
        let title = phrases["title", moment.status?.dock ?? ""]
        return """
            <header id=head><h1>\(title)</h1><ul class=summary>\(.all(moment.status == nil ? [] : counts))</ul>\(forecast)\
            <p class=clock><span class=unseen>\(phrases["now"]) </span><time>\(time(moment.now))</time></p></header>
            """
    }

    /// How many cameras the next shift will find.
    private var forecast: Markup {
        guard let next = moment.status?.next, next.count > 0 else { return "" }
        let sentence = phrases[
            "next", String(next.ready.count), String(next.count), time(next.shift.start), next.shift.name]
        return "<p class=next>\(sentence)</p>"
    }

    // MARK: Notices

    var notices: Markup {
        var items: [Markup] = []
        if moment.status != nil, let since = moment.lostSince {
            items.append(notice("attention", phrases["lost", time(since)], phrases["lost.what"]))
        } else if let status = moment.status {
            if status.isStopping { items.append(notice("wait", phrases["stopping"], "")) }
            items += status.vaults.compactMap(vault)
            items += spool(status.spool)
            items += alarms(status)
            if status.bays.isEmpty { items.append(notice("free", phrases["empty"], "")) }
        } else {
            items.append(notice("wait", phrases["never"], phrases["starting"]))
        }
        let stale: Markup = moment.lostSince == nil ? "" : " class=lost"
        return "<ul id=notices\(stale)>\(.all(items))</ul>"
    }

    private func vault(_ vault: VaultStatus) -> Markup? {
        guard vault.state != .working else { return nil }
        let since = vault.since.map { " " + phrases["vault.since", time($0)] } ?? ""
        let kind = vault.isAlarm || vault.state == .stopped ? "attention" : "wait"
        let name = phrases["vault", vault.vault]
        return notice(kind, "\(name) \(phrases["vault.\(vault.state.rawValue)"])\(since)", phrases["vault.what"])
    }

    private func spool(_ spool: SpoolStatus) -> [Markup] {
        if let free = spool.freeBytes, free < spool.keepFree { return [notice("wait", phrases["spool.full"], "")] }
        guard let waiting = spool.undelivered, waiting > 0 else { return [] }
        return [notice("free", phrases["spool.waiting", String(waiting)], "")]
    }

    /// Those that no tile and no other notice tells of.
    private func alarms(_ status: DockStatus) -> [Markup] {
        let shown = Set(status.bays.compactMap(\.camera))
        let rest = status.alarms.filter { alarm in
            switch alarm.key.kind {
            case .vaultDown, .spoolFull: false
            case .heldCamera: !shown.contains(alarm.key.subject) && !alarm.key.subject.hasPrefix("bay-")
            case .overdueCamera, .spoolDamaged, .nightFailed, .clockDrift, .batteryWorn, .rosterWrong, .notDelivered:
                true
            }
        }
        let items = rest.prefix(View.mostAlarms).map { alarm in
            notice(
                alarm.key.kind == .heldCamera ? "attention" : "wait",
                phrases["alarm.\(alarm.key.kind.rawValue)", alarm.key.subject], "")
        }
        let more = rest.count - items.count
        return items + (more > 0 ? [notice("wait", phrases["alarms.more", String(more)], "")] : [])
    }

    private func notice(_ kind: String, _ what: String, _ more: String) -> Markup {
        let rest: Markup = more.isEmpty ? "" : " <span>\(more)</span>"
        return "<li class=\"\(kind)\">\(icon(TileKind(rawValue: kind) ?? .wait))<p><b>\(what)</b>\(rest)</p></li>"
    }

    // MARK: Tiles

    func tile(_ bay: BayStatus, name: String) -> Markup {
        let kind = TileKind(bay.state)
        let facts: [Markup] = [
            bay.camera.map { "<li><span class=unseen>\(phrases["camera"]) </span><bdi>\($0)</bdi></li>" },
            bay.battery.map { battery in
                let key = battery.source == .estimate ? "battery.estimate" : "battery"
                return "<li>\(phrases[key, String(battery.percent)])</li>"
            },
        ].compactMap { $0 }
        return """
            <li id="\(name)" class="tile \(kind.rawValue)" data-state="\(bay.state.rawValue)">\
            <h2><span class=unseen>\(phrases["bay", ""])</span><bdi>\(bay.bay)</bdi></h2>\
            <p class=word>\(icon(kind))<b>\(phrases["state.\(bay.state.rawValue)"])</b></p>\
            <p class=do>\(phrases[isFirst(bay) ? "do.ready.first" : "do.\(bay.state.rawValue)"])</p>\
            \(progress(of: bay))<ul class=facts>\(.all(facts))</ul></li>
            """
    }

    /// Whether this camera should be taken before all others.
    private func isFirst(_ bay: BayStatus) -> Bool {
        bay.state == .ready && bay.camera != nil && moment.status?.next?.order.first == bay.camera
    }

    /// How far it is, and how long it takes from now on.
    private func progress(of bay: BayStatus) -> Markup {
        guard let progress = bay.progress, progress.total > 0 else { return "" }
        let share = Double(progress.bytes) / Double(progress.total)
        let percent = Int(max(0, min(1, share)) * 100)
        let left = bay.secondsLeft.map { phrases["left", phrases.duration(max(0, $0 - moment.age))] }
        let label = phrases["progress", String(percent)]
        return """
            <div class=work><progress max=100 value=\(percent) aria-label="\(label)"></progress>\
            <p><span>\(percent) %</span><span>\(left ?? "")</span></p></div>
            """
    }

    private func icon(_ kind: TileKind) -> Markup {
        "<svg viewBox=\"0 0 48 48\" aria-hidden=true>\(kind.shape)</svg>"
    }

    private func time(_ moment: Instant) -> String { clock.time(at: moment) }
}
