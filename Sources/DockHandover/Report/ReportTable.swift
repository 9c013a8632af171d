import DockCore

/// A report as CSV (RFC 4180): a line for each docking, and for each camera that is not back. Its form is that of `docs/handover.md`, in
/// every language.
struct ReportTable {
    let report: ShiftReport

    static let columns = [
        "date", "shift", "edition", "camera", "number", "team", "badge", "returned", "outcome", "recordings", "seconds",
        "files", "safe", "bytes", "warned_before", "warned_after", "not_warned", "warning_unknown", "findings",
        "battery",
        "clock_offset", "reasons",
    ]

    var csv: String {
        let rows = report.handovers.map(row) + report.open.filter { $0.kind == .notReturned }.map(row)
        return ([ReportTable.columns] + rows).map { $0.map(ReportTable.cell).joined(separator: ",") + "\r\n" }.joined()
    }

    private var opening: [String] { [report.shift.date.description, report.shift.name, "\(report.edition)"] }

    private func row(_ handover: Handover) -> [String] {
        let team = ShiftReport.Team(nil, [handover])
        let seconds = handover.recordings.compactMap(\.seconds)
        let warnings = [team.warnings.before, team.warnings.after, team.warnings.none, team.warnings.unknown]
        return opening + [
            handover.camera, handover.number ?? "", handover.team ?? "", handover.wearer ?? "",
            handover.began.description, handover.outcomeWord, "\(handover.recordingCount)",
            seconds.isEmpty ? "" : "\(seconds.reduce(0, +))", "\(handover.safety.files)", "\(handover.safety.safe)",
            "\(handover.safety.bytes)",
        ] + warnings.map { "\($0)" } + [
            "\(handover.findingCount)", handover.battery.map { "\($0)" } ?? "",
            handover.clockOffset.map { "\($0)" } ?? "", handover.reasons.joined(separator: "; "),
        ]
    }

    private func row(_ point: ShiftReport.OpenPoint) -> [String] {
        let known = [point.camera, point.title == point.camera ? "" : point.title, "", point.wearer ?? "", ""]
        let rest = Array(repeating: "", count: ReportTable.columns.count - opening.count - known.count - 1)
        return opening + known + ["notReturned"] + rest
    }

    /// A cell that no spreadsheet takes for a formula: what would begin one gets an apostrophe, unless it is a number.
    static func cell(_ text: String) -> String {
        var text = String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{fffd}" : $0 }))
        if let first = text.first, "=+-@".contains(first), Double(text) == nil { text = "'" + text }
        guard text.contains(where: { ",\";".contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
