import DockCore
import DockHandover
import DockLedger
import DockSystem
import Synchronization

/// Answers what a team leader asks: from the reports and nights that are kept, and from the ledger. It works on the thread of who asks, for
/// one after the other, and changes nothing.
final class DutyDesk: Sendable {
    /// Reports that are told of, at most.
    static let reports = 30
    /// Nights that are told of, at most.
    static let nights = 14
    /// Days that a history goes back.
    static let days = 28
    /// Dockings that a history counts, at most.
    static let dockings = 5000
    /// Bytes of a report that is handed out, at most: the other end takes no longer line.
    static let largest = 12 << 20

    /// Reports as they were read: they never change.
    private let read = Mutex<[ReportFolder.Entry: DutyOverview.Report]>([:])
    /// Dockings that are over and safe: what counts of them does not change.
    private let past = Mutex<[String: HistoryDay.Sample]>([:])
    /// Held by who is answered.
    private let turn = Mutex(())

    /// The answer; nil if this is no question for here.
    func answer(_ request: ControlRequest, of agent: Agent) -> ControlReply? {
        do throws(DockError) {
            switch request {
            case .overview:
                guard case .status(let status) = agent.ask(.status) else { return .refused("the agent stops") }
                return .overview(try inTurn { () throws(DockError) in try overview(status, agent.current) })
            case .report(let shift, let date, let edition):
                return .report(
                    try inTurn { () throws(DockError) in
                        try report(shift, on: date, edition: edition, agent.current)
                    })
            case .history: return .history(try inTurn { () throws(DockError) in try history(agent.current) })
            case .status, .watch, .night, .look, .acknowledge, .command: return nil
            }
        } catch {
            return .refused("\(error)")
        }
    }

    /// One after the other, however many ask.
    private func inTurn<Answer: Sendable>(_ body: () throws(DockError) -> Answer) throws(DockError) -> Answer {
        try turn.withLock { _ throws(DockError) in try body() }
    }

    /// - Parameter status: how the dock is.
    func overview(_ status: DockStatus, _ resources: DockResources) throws(DockError) -> DutyOverview {
        let (desk, settings, now) = (resources.desk, resources.configuration, resources.clock())
        let today = settings.shifts.shifts(on: desk.local.day(at: now), desk.local)
        let earlier = settings.shifts.underWay(at: now, desk.local).filter { !today.contains($0) }
        let shifts = try (earlier + today).map { shift throws(DockError) in
            // One that is to come has nothing yet.
            guard shift.start <= now else {
                return DutyOverview.Standing(shift: shift, all: ShiftReport.Team(nil, []), open: [])
            }
            let report = try desk.report(of: shift, edition: 0, bays: status.bays, at: now)
            return DutyOverview.Standing(shift: shift, all: report.all, open: report.open)
        }
        return DutyOverview(
            status: status, shifts: shifts, reports: try reports(ReportFolder(state: settings.state)),
            nights: try NightFolder.last(DutyDesk.nights, state: settings.state).map { DutyOverview.Night($0) })
    }

    /// The report of a shift, as it was made.
    /// - Parameter edition: nil for the last one.
    func report(_ shift: String, on date: CivilDate, edition: Int?, _ resources: DockResources) throws(DockError)
        -> ShiftReport
    {
        let folder = ReportFolder(state: resources.configuration.state)
        let entries = try folder.list(shift: shift, date: date).filter { (edition ?? $0.edition) == $0.edition }
        guard let entry = entries.last else {
            throw DockError(
                .notFound, "cannot show the report of a shift", at: "\(shift), \(date)", because: "there is none",
                next: "'bodydock handover --list' names those that there are")
        }
        let report = try folder.read(entry)
        guard try report.document.count <= DutyDesk.largest else {
            throw DockError(
                .limit, "cannot show the report of a shift", at: "\(shift), \(date)",
                because: "it is larger than \(ByteCount.text(Int64(DutyDesk.largest)))",
                next: "read it on the dock: bodydock handover --shift \(shift) --date \(date)")
        }
        return report
    }

    /// What the last days brought.
    func history(_ resources: DockResources) throws(DockError) -> [HistoryDay] {
        let (desk, now) = (resources.desk, resources.clock())
        // A day more: the first one may have begun before this hour.
        let since = now.adding(seconds: -86_400 * Double(DutyDesk.days + 1))
        var kept: [String: HistoryDay.Sample] = [:]
        var samples: [HistoryDay.Sample] = []
        for docking in try resources.ledger.dockings(since: since, limit: DutyDesk.dockings) {
            var sample = past.withLock { $0[docking.docking] }
            if sample == nil { sample = try desk.sample(docking.docking) }
            guard let sample else { continue }
            samples.append(sample)
            // What is over and safe stays so.
            if sample.safeAfter != nil { kept[docking.docking] = sample }
        }
        past.withLock { [kept] in $0 = kept }
        return HistoryDay.days(samples, upTo: desk.local.day(at: now), count: DutyDesk.days, desk.local)
    }

    private func reports(_ folder: ReportFolder) throws(DockError) -> [DutyOverview.Report] {
        let all = try folder.list()
        // Sorted by day, shift and edition: of each shift the last one counts.
        let newest = zip(all, all.dropFirst().map { Optional($0) } + [nil]).filter { entry, next in
            next?.date != entry.date || next?.shift != entry.shift
        }.suffix(DutyDesk.reports).map(\.0)
        var reports: [DutyOverview.Report] = []
        var kept: [ReportFolder.Entry: DutyOverview.Report] = [:]
        for entry in newest {
            var report = read.withLock { $0[entry] }
            if report == nil { report = DutyOverview.Report(try folder.read(entry)) }
            kept[entry] = report
            if let report { reports.append(report) }
        }
        read.withLock { [kept] in $0 = kept }
        return reports.sorted { ($1.shift.end, $1.shift.name) < ($0.shift.end, $0.shift.name) }
    }
}
