import DockCore
import DockHandover
import DockLedger
import DockSystem
import Logging

/// Makes the reports that are due: of shifts that are over, and again of those whose open points have closed.
struct ShiftReporter {
    let resources: DockResources
    let bays: [BayStatus]
    let outbox: Outbox
    let log: Logger

    private var settings: HandoverSettings { resources.configuration.handover }

    /// For so long after its end a report is made that was not made in time, and points may close.
    static let reach = 14 * 86_400.0
    /// For so long, if there was none of its name before: nobody wants reports of the time before there were shifts.
    private static let firstReach = 86_400.0
    /// Reports that are remembered.
    private static let memory = 2000

    /// - Returns: whether something was sealed for the vaults.
    func report(at now: Instant) throws(DockError) -> Bool {
        guard !resources.configuration.shifts.rules.isEmpty else { return false }
        let made = try resources.ledger.shiftReports(limit: ShiftReporter.memory)
        // Newest first: the first of each shift is its last edition.
        let last = Dictionary(made.map { ("\($0.date) \($0.shift)", $0) }) { first, _ in first }
        // Of the time before the first report of a name nobody wants any.
        let oldest = Dictionary(made.map { ($0.shift, $0.end) }) { min($0, $1) }
        let desk = resources.desk
        let candidates = resources.configuration.shifts.ended(
            after: now.adding(seconds: -ShiftReporter.reach), upTo: now.adding(seconds: -settings.grace), desk.local)
        var hasRecords = false
        for shift in candidates {
            let before = last["\(shift.date) \(shift.name)"]
            if let before, before.open == 0 { continue }
            let firstEnd = oldest[shift.name] ?? now.adding(seconds: -ShiftReporter.firstReach - settings.grace)
            if before == nil, shift.end <= firstEnd { continue }
            let report = try desk.report(of: shift, edition: (before?.edition ?? 0) + 1, bays: bays, at: now)
            if before != nil, !report.isFinal { continue }
            hasRecords = try publish(report, at: now) || hasRecords
        }
        return hasRecords
    }

    /// Keeps a report and has it told. The ledger has it last: what a crash cuts off is done again, under the same number.
    private func publish(_ report: ShiftReport, at now: Instant) throws(DockError) -> Bool {
        let document = try report.document
        if settings.webhook != nil {
            let parts = [report.shift.name, "\(report.shift.date)", "\(report.edition)"]
            try outbox.put(Outbox.Message("shift.report", of: parts, dock: report.dock, at: now, report))
        }
        try ReportFolder(state: resources.configuration.state).save(report)
        let reported = LedgerEvent.shiftReported(
            ShiftReported(
                shift: report.shift.name, date: report.shift.date, edition: report.edition, end: report.shift.end,
                open: report.open.count, sha256: try SHA256Digest(hashing: document)))
        if settings.toVaults {
            let name = "shift-\(report.shift.date)-\(report.shift.name)-\(report.edition)"
            let record = DockRecord(
                docking: name, camera: "shift-reports", name: "report.json", date: report.shift.end, content: document)
            let session = try resources.spool.begin(docking: name)
            let sealed = try RecordSealing(resources: resources, session: session).seal([record])
            _ = try resources.ledger.append(sealed + [reported], at: now)
        } else {
            _ = try resources.ledger.append([reported], at: now)
        }
        let open = report.isFinal ? "nothing is open" : "\(report.open.count) points are open"
        log.notice("shift \(report.shift.name) of \(report.shift.date) is reported: \(open)")
        return settings.toVaults
    }
}
