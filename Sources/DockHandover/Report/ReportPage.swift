import DockCore

/// A report as a page that can be printed.
struct ReportPage {
    let report: ShiftReport
    let say: Wording

    var html: String {
        let title = "\(say(.title)): \(report.shift.name), \(say.date(report.shift.date))"
        let from = "\(say.moment(report.shift.start)) – \(say.local.time(at: report.shift.end))"
        let facts =
            "\(say(.dock)) \(report.dock) · \(from) · \(say(.edition)) \(report.edition) · \(say(.made)) \(say.moment(report.made))"
        return Markup.page(
            title, language: say.language.rawValue, style: ReportPage.style,
            [.element("main", [], [.element("h1", title), .element("p", facts)] + open + teams + next + dockings)])
    }

    private var open: [Markup] {
        guard !report.open.isEmpty else {
            return [.element("h2", say(.openPoints)), .element("p", [("class", "good")], [.text(say(.nothingOpen))])]
        }
        let rows = report.open.map { [say.kind($0.kind), $0.title, say.details($0).joined(separator: "; ")] }
        return [
            .element("h2", "\(say(.openPoints)) (\(report.open.count))"),
            .table([say(.openPoints), say(.camera), say(.reasons)], rows),
        ]
    }

    private var teams: [Markup] {
        let heading: [Phrase] = [
            .team, .dockings, .recordings, .duration, .volume, .warned, .warningBefore, .warningAfter, .warningNone,
            .warningUnknown,
        ]
        let rows = report.teams.map { row($0, $0.team ?? say(.noTeam)) } + [row(report.all, say(.all))]
        return [.element("h2", say(.teams)), .table(heading.map { say($0) }, rows)]
    }

    private func row(_ team: ShiftReport.Team, _ name: String) -> [String] {
        let warnings = team.warnings
        return [name, "\(team.dockings)", "\(team.recordings)", say.duration(team.seconds), ByteCount.text(team.bytes)]
            + [say.percent(warnings.share)]
            + [warnings.before, warnings.after, warnings.none, warnings.unknown].map { "\($0)" }
    }

    private var next: [Markup] {
        guard let next = report.next else { return [.element("p", say(.noNextShift))] }
        let title = Phrase.nextShift.text(say.language, next.shift.name, say.moment(next.shift.start))
        let ready = Phrase.readyOf.text(
            say.language, "\(next.ready.count)", "\(next.count)", say.local.time(at: next.shift.start))
        var parts: [Markup] = [.element("h2", title), .element("p", ready)]
        if !next.missed.isEmpty { parts.append(.list(next.missed.map(say.miss))) }
        return parts
    }

    private var dockings: [Markup] { report.handovers.flatMap(docking) }

    private func docking(_ handover: Handover) -> [Markup] {
        let name = handover.number ?? handover.camera
        var facts = ["\(say(.returned)) \(say.moment(handover.began))", say.outcome(handover)]
        if let wearer = handover.wearer { facts.insert(Phrase.wornBy.text(say.language, wearer), at: 0) }
        facts.append(Phrase.safeOf.text(say.language, "\(handover.safety.safe)", "\(handover.safety.files)"))
        if let battery = handover.battery { facts.append("\(say(.battery)) \(battery) %") }
        if let offset = handover.clockOffset { facts.append("\(say(.clock)) \(say.clock(offset))") }
        var parts: [Markup] = [
            .element("h3", "\(say(.camera)) \(name)" + (handover.team.map { " · \($0)" } ?? "")),
            .element("p", facts.joined(separator: " · ")),
        ]
        if let attestation = handover.nothingRecorded { parts.append(.element("p", say.attestation(attestation))) }
        if !handover.recordings.isEmpty { parts.append(recordings(handover.recordings)) }
        let findings = handover.reasons.prefix(10) + handover.findings.prefix(20).map(\.description)
        if !findings.isEmpty { parts.append(.list(Array(findings))) }
        return [.element("section", [], parts)]
    }

    private func recordings(_ recordings: [Handover.Recording]) -> Markup {
        let heading: [Phrase] = [.recordings, .start, .length, .preRecord, .warned, .verification, .safeOf]
        let rows = recordings.map { recording in
            [
                recording.name, recording.start.map(say.moment) ?? say(.unknown),
                recording.seconds.map(say.duration) ?? say(.unknown), say.preRecord(recording.preRecord),
                say.warning(recording.warning), recording.verified.map(\.rawValue).joined(separator: ", "),
                Phrase.safeOf.text(say.language, "\(recording.safe)", "\(recording.files)"),
            ]
        }
        let titles = heading.map { $0 == .safeOf ? say(.outcome) : say($0) }
        return .table(titles, rows)
    }

    private static let style: StaticString = """
        body{font:16px/1.45 system-ui,sans-serif;color:#111;background:#fff;margin:0}main{max-width:60rem;margin:0 auto;padding:1.5rem}
        h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.2rem;margin:1.75rem 0 .5rem}h3{font-size:1rem;margin:1.25rem 0 .25rem}
        table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{border-bottom:1px solid #767676;padding:.3rem .5rem;text-align:left;vertical-align:top}
        td{overflow-wrap:anywhere}p{margin:.25rem 0}.good{font-weight:600}ul{margin:.25rem 0;padding-left:1.25rem}
        section{break-inside:avoid}@media print{main{max-width:none;padding:0}body{font-size:11pt}}
        """
}
