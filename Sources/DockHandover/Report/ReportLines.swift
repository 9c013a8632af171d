import DockCore

/// A report as lines for a terminal. Whoever prints them takes away control characters.
struct ReportLines {
    let report: ShiftReport
    let say: Wording

    var lines: [String] {
        var lines = [
            "\(say(.title)): \(report.shift.name), \(say.date(report.shift.date)), "
                + "\(say.local.time(at: report.shift.start))–\(say.local.time(at: report.shift.end))",
            "\(say(.dock)) \(report.dock), \(say(.edition)) \(report.edition), \(say(.made)) \(say.moment(report.made))",
            "",
        ]
        lines += report.open.isEmpty ? [say(.nothingOpen)] : ["\(say(.openPoints)):"]
        lines += report.open.map { point in
            (["  \(say.kind(point.kind)): \(say(.camera)) \(point.title)"] + say.details(point)).joined(separator: "; ")
        }
        lines += ["", "\(say(.teams)):"]
        lines += report.teams.map { team($0, $0.team ?? say(.noTeam)) } + [team(report.all, say(.all)), ""]
        guard let next = report.next else { return lines + [say(.noNextShift)] + dockings }
        lines.append(Phrase.nextShift.text(say.language, next.shift.name, say.moment(next.shift.start)))
        lines.append(
            "  "
                + Phrase.readyOf.text(
                    say.language, "\(next.ready.count)", "\(next.count)", say.local.time(at: next.shift.start)))
        return lines + next.missed.map { "  \(say.miss($0))" } + dockings
    }

    private func team(_ team: ShiftReport.Team, _ name: String) -> String {
        "  \(name): \(team.dockings) \(say(.dockings)), \(team.recordings) \(say(.recordings)), \(say.duration(team.seconds)), "
            + "\(say.bytes(team.bytes)); \(say(.warned)) \(say.percent(team.warnings.share))"
    }

    private var dockings: [String] {
        guard !report.handovers.isEmpty else { return [] }
        return ["", "\(say(.dockings)):"]
            + report.handovers.map { handover in
                var facts = [say.moment(handover.began), "\(say(.camera)) \(handover.number ?? handover.camera)"]
                if let wearer = handover.wearer { facts.append(Phrase.wornBy.text(say.language, wearer)) }
                facts += ["\(handover.recordingCount) \(say(.recordings))", say.outcome(handover)]
                facts.append(Phrase.safeOf.text(say.language, "\(handover.safety.safe)", "\(handover.safety.files)"))
                return "  " + facts.joined(separator: ", ")
            }
    }
}
