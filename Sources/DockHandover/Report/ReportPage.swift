import DockCore

/// A report as a page: for a screen, a phone, and two sheets of paper.
struct ReportPage {
    let report: ShiftReport
    let say: Wording

    var html: String {
        let title = "\(say(.title)): \(report.shift.name), \(say.date(report.shift.date))"
        let from = "\(say.moment(report.shift.start)) – \(say.local.time(at: report.shift.end))"
        let made =
            "\(say(.dock)) \(report.dock) · \(say(.edition)) \(report.edition) · \(say(.made)) \(say.moment(report.made))"
        let header: Markup = "<header><h1>\(title)</h1><p>\(from)</p><p class=\"quiet\">\(made)</p>\(figures)</header>"
        let returns: Markup = report.handovers.isEmpty ? "" : "<h2>\(say(.dockings))</h2>"
        let main: Markup = """
            <main>\(header)\(open)\(teams)\(next)\(returns)\(.all(report.handovers.map(docking)))\
            <footer><p class="quiet">\(say(.manual))</p></footer></main>
            """
        return Markup.page(title, language: say.language.rawValue, style: ReportPage.style, [main])
    }

    /// The shift in four numbers.
    private var figures: Markup {
        let numbers = [
            ("\(report.open.count)", say(.openPoints), report.open.isEmpty ? "good" : "bad"),
            ("\(report.all.dockings)", say(.dockings), "plain"),
            ("\(report.all.recordings)", say(.recordings), "plain"),
            (say.percent(report.all.warnings.share), say(.warned), "plain"),
        ]
        let items = numbers.map { "<li class=\"\($0.2)\"><b>\($0.0)</b> \($0.1)</li>" as Markup }
        return "<ul class=\"figures\">\(.all(items))</ul>"
    }

    private var open: Markup {
        guard !report.open.isEmpty else {
            return "<h2>\(say(.openPoints))</h2><p class=\"good\">\(say(.nothingOpen))</p>"
        }
        let rows = report.open.map { point -> [Markup] in
            [
                "\(point.title)", "<b class=\"bad\">\(say.kind(point.kind))</b>",
                "\(say.details(point).joined(separator: "; "))",
            ]
        }
        let heading = [say(.camera), say(.point), say(.reasons)]
        return "<h2>\(say(.openPoints))</h2><div class=\"open\">\(.table(heading, rows))</div>"
    }

    private var teams: Markup {
        let heading: [Phrase] = [.team, .dockings, .recordings, .duration, .volume, .warned]
        let rows = report.teams.map { row($0, $0.team ?? say(.noTeam)) }
        let all = report.teams.count > 1 ? [row(report.all, say(.all))] : []
        return "<h2>\(say(.teams))</h2><div class=\"teams\">\(.table(heading.map { say($0) }, rows + all))</div>"
    }

    private func row(_ team: ShiftReport.Team, _ name: String) -> [Markup] {
        let warnings = team.warnings
        let counts: [(Phrase, Int)] = [
            (.warningBefore, warnings.before), (.warningAfter, warnings.after), (.warningNone, warnings.none),
            (.warningUnknown, warnings.unknown),
        ]
        let parts = counts.filter { $0.1 > 0 }.map { "\($0.1) \(say($0.0))" }.joined(separator: ", ")
        return [
            "\(name)", "\(team.dockings)", "\(team.recordings)", "\(say.duration(team.seconds))",
            "\(say.bytes(team.bytes))", "\(say.percent(warnings.share))<br><small>\(parts)</small>",
        ]
    }

    private var next: Markup {
        guard let next = report.next else { return "<p>\(say(.noNextShift))</p>" }
        let title = Phrase.nextShift.text(say.language, next.shift.name, say.moment(next.shift.start))
        let ready = Phrase.readyOf.text(
            say.language, "\(next.ready.count)", "\(next.count)", say.local.time(at: next.shift.start))
        let missed: Markup = next.missed.isEmpty ? "" : .list(next.missed.map(say.miss))
        return "<h2>\(title)</h2><p><b>\(ready)</b></p>\(missed)"
    }

    private func docking(_ handover: Handover) -> Markup {
        let name = "\(say(.camera)) \(handover.number ?? handover.camera)" + (handover.team.map { " · \($0)" } ?? "")
        let safe = Phrase.safeOf.text(say.language, "\(handover.safety.safe)", "\(handover.safety.files)")
        var facts = ["\(say(.returned)) \(say.moment(handover.began))", safe]
        if let wearer = handover.wearer { facts.insert(Phrase.wornBy.text(say.language, wearer), at: 0) }
        if let battery = handover.battery { facts.append("\(say(.battery)) \(battery) %") }
        if let offset = handover.clockOffset { facts.append("\(say(.clock)) \(say.clock(offset))") }
        let attested: Markup = handover.nothingRecorded.map { "<p>\(say.attestation($0))</p>" } ?? ""
        let listed: Markup = handover.recordings.isEmpty ? "" : recordings(handover.recordings)
        let notes = say.notes(handover)
        let noted: Markup = notes.isEmpty ? "" : .list(notes)
        return """
            <section><h3>\(name) <b class="\(handover.isHeld ? "bad" : "plain")">\(say.outcome(handover))</b></h3>\
            <p class="quiet">\(facts.joined(separator: " · "))</p>\(attested)\(noted)\(listed)</section>
            """
    }

    private func recordings(_ recordings: [Handover.Recording]) -> Markup {
        let heading: [Phrase] = [.recording, .start, .length, .preRecord, .warned, .verification, .outcome]
        let rows = recordings.map { recording -> [Markup] in
            [
                "\(recording.name)", "\(recording.start.map(say.moment) ?? say(.unknown))",
                "\(recording.seconds.map(say.duration) ?? say(.unknown))", "\(say.preRecord(recording.preRecord))",
                "\(say.warning(recording.warning))",
                "\(recording.verified.map(say.verification).joined(separator: ", "))",
                "\(Phrase.safeOf.text(say.language, "\(recording.safe)", "\(recording.files)"))",
            ]
        }
        return .table(heading.map { say($0) }, rows)
    }

    /// Words break only where they are longer than their column may be; numbers and times never do. On a phone each cell stands under its heading.
    private static let style: StaticString = """
        body{font:16px/1.45 system-ui,"Noto Sans","DejaVu Sans",sans-serif;color:#14181d;background:#fff;margin:0}
        main{max-width:62rem;margin:0 auto;padding:1.5rem}p{margin:.2rem 0}.quiet{color:#4d5863}small{font-size:.85em;color:#4d5863}
        h1{font-size:1.7rem;line-height:1.2;margin:0 0 .25rem;overflow-wrap:anywhere}h2{font-size:1.2rem;margin:1.75rem 0 .5rem;break-after:avoid}
        h3{font-size:1rem;margin:0 0 .1rem;overflow-wrap:anywhere;break-after:avoid}h3 b{margin-left:.4em}
        b.plain{font-weight:400;color:#4d5863}.bad{color:#a3121a;font-weight:700}.good{color:#0b5c2d;font-weight:700}
        .figures{display:flex;flex-wrap:wrap;gap:.5rem 2.5rem;list-style:none;padding:.75rem 0;margin:.75rem 0 0;border-top:2px solid #14181d;border-bottom:1px solid #b9c2cb}
        .figures li{color:inherit;font-weight:400}.figures b{display:block;font-size:1.6rem;line-height:1.2}.figures .bad b{color:#a3121a}.figures .good b{color:#0b5c2d}
        table{border-collapse:collapse;width:100%;font-size:.875rem;margin:.35rem 0}
        th,td{border-bottom:1px solid #b9c2cb;padding:.35rem .9rem .35rem 0;text-align:left;vertical-align:top;overflow-wrap:break-word}
        thead th{color:#4d5863;font-weight:600}tbody th{font-weight:600;max-width:14em}
        td:nth-child(2),td:nth-child(3),.teams td:nth-child(n+2):nth-child(-n+5){white-space:nowrap}.open td{white-space:normal;overflow-wrap:anywhere}.open td:nth-child(2){min-width:9em}
        ul{margin:.35rem 0;padding-left:1.25rem;overflow-wrap:anywhere}section{border-top:1px solid #b9c2cb;padding:.75rem 0 .25rem;break-inside:avoid}tr,li{break-inside:avoid}
        section table{font-size:.8125rem}section td,section th{border-bottom:1px solid #e3e7eb}footer{margin-top:1.5rem}
        @media screen and (max-width:44rem){main{padding:1rem}thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
        tr{display:block;padding:.4rem 0;border-bottom:1px solid #b9c2cb}th,td,section th,section td{display:block;border:0;padding:.05rem 0;white-space:normal}
        td:not(:empty)::before{content:attr(data-label) ": ";color:#4d5863}}
        @page{size:A4;margin:15mm}@media print{main{max-width:none;padding:0}body{font-size:10pt}section th,section td{padding-right:.55rem}}
        """
}
