import DockCore

/// What the dock shows now, as lines for a person.
enum DockStatusText {
    static func lines(of status: DockStatus) -> [String] {
        let width = max(4, status.bays.map(\.bay.count).max() ?? 0)
        var lines = [
            "dock \(status.dock): the agent has run since \(status.since)\(status.isStopping ? "; it ends" : "")"
        ]
        for bay in status.bays { lines += self.lines(of: bay, width: width) }
        if status.bays.isEmpty { lines.append("  no camera is plugged in") }
        for vault in status.vaults { lines += self.lines(of: vault, now: status.now) }
        if let free = status.spool.freeBytes {
            let waiting = status.spool.undelivered.map { "\($0) sealed segments wait for a vault; " } ?? ""
            lines.append(
                "spool: \(waiting)\(ByteCount.text(free)) free, of which \(ByteCount.text(status.spool.keepFree)) stay free"
            )
        }
        lines += self.lines(of: status.alarms)
        if let next = status.next {
            let ready = "\(next.ready.count) of \(next.count) ready for shift \(next.shift.name) at \(next.shift.start)"
            lines.append("next: " + ready + (next.order.first.map { "; take \($0) first" } ?? ""))
        }
        return lines.map(StatusText.printable)
    }

    /// Alarms, each with what is to be done.
    static func lines(of alarms: [Alarm]) -> [String] {
        alarms.flatMap { alarm in
            let note = alarm.by.map { "; \($0) knows" } ?? ""
            return [
                "ALARM \(alarm.key.text), since \(alarm.raised)\(note)", "      \(alarm.what)",
                "      what to do: \(alarm.next)",
            ]
        }
    }

    private static func lines(of vault: VaultStatus, now: Instant) -> [String] {
        var facts = [vault.state.words]
        if let since = vault.since { facts.append("for \(TextPrinter.duration(max(0, now.seconds(since: since))))") }
        if let due = vault.nextTry {
            facts.append("tried again in \(TextPrinter.duration(max(0, due.seconds(since: now))))")
        }
        let why = vault.why.map { ["      \($0)"] } ?? []
        let next = vault.isAlarm ? vault.next.map { ["      what to do: \($0)"] } ?? [] : []
        return ["  vault \(vault.vault)  \(facts.joined(separator: "; "))"] + why + next
    }

    private static func lines(of bay: BayStatus, width: Int) -> [String] {
        let name = bay.bay + String(repeating: " ", count: max(0, width - bay.bay.count))
        var facts: [String] = []
        if let camera = bay.camera { facts.append("camera \(camera)" + (bay.wearer.map { ", worn by \($0)" } ?? "")) }
        if let progress = bay.progress, progress.total > 0 {
            let rate = progress.bytesPerSecond > 0 ? ", \(ByteCount.text(Int64(progress.bytesPerSecond)))/s" : ""
            facts.append("\(min(100, progress.bytes * 100 / progress.total)) %\(rate)")
        }
        if let left = bay.secondsLeft { facts.append("\(TextPrinter.duration(left)) left") }
        if let battery = bay.battery {
            facts.append("battery \(battery.percent) %" + (battery.source == .estimate ? " (estimate)" : ""))
        }
        facts.append("for \(TextPrinter.duration(bay.seconds))")
        let head = "  bay \(name)  \(bay.state.words): \(facts.joined(separator: "; "))"
        return [head] + bay.reasons.prefix(10).map { "      \($0)" }
    }
}

extension BayStatus.State {
    /// For people.
    fileprivate var words: String {
        switch self {
        case .empty: "empty"
        case .seen: "SEEN, wait"
        case .waiting: "WAITING, do not take"
        case .reading: "READING, do not take"
        case .delivering: "DELIVERING, do not take"
        case .erasing: "ERASING, do not take"
        case .stalled: "STALLED, do not take"
        case .charging: "charging"
        case .ready: "READY, take"
        case .kept: "KEPT, everything is safe"
        case .cooling: "COOLING, everything is safe, do not take"
        case .incomplete: "INCOMPLETE, tried again by itself"
        case .held: "HELD, look"
        case .refused: "REFUSED, look"
        case .failed: "FAILED, look"
        case .away: "AWAY, put it back"
        }
    }
}

extension VaultStatus.State {
    /// For people.
    fileprivate var words: String {
        switch self {
        case .working: "works"
        case .failing: "FAILED, tried again by itself"
        case .away: "AWAY, tried again by itself"
        case .trying: "being tried whether it works again"
        case .stopped: "STOPPED, look; then 'bodydock retry'"
        }
    }
}
