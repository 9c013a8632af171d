import ArgumentParser
import DockAgent
import DockCore
import DockHandover
import DockLedger
import DockSystem
import Foundation

/// `bodydock handover`: the reports of shifts.
struct HandoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handover",
        abstract: "Show the report of a shift: who returned what, what is safe, and what the next shift will find.",
        discussion: """
            Shows the last report that the agent made (docs/handover.md), or with --now how a shift stands at this moment, which is \
            not kept.

            Exit status: 0 nothing is open, 2 points are open, 1 there is no such report or it cannot be read, 64 usage, \
            78 configuration.
            """)

    @OptionGroup var configuration: ConfigurationOption

    @Option(help: ArgumentHelp("Name of the shift; the last one if it is left out.", valueName: "name"))
    var shift: String?

    @Option(help: ArgumentHelp("The day on which it began, such as 2026-10-25.", valueName: "day"))
    var date: String?

    @Option(help: ArgumentHelp("Which report of it; the last one if it is left out.", valueName: "number"))
    var edition: Int?

    @Option(help: "text, json, csv or html.")
    var format = ReportFormat.text

    @Option(help: "en or nl; that of the configuration if it is left out.")
    var language: HandoverSettings.Language?

    @Flag(help: "List the reports that are kept instead.")
    var list = false

    @Flag(help: "Show how the shift stands now instead.")
    var now = false

    func validate() throws {
        guard let date else { return }
        guard CivilDate(date) != nil else { throw ValidationError("--date takes a day such as 2026-10-25.") }
    }

    func run() throws {
        let settings = try configuration.load()
        let day = date.flatMap { CivilDate($0) }
        let report: ShiftReport
        do throws(DockError) {
            if list { return try say(ReportFolder(state: settings.state).list(shift: shift, date: day)) }
            report = now ? try standing(settings, day) : try kept(settings, day)
            let text = try report.shown(as: format, language ?? settings.handover.language, .system)
            FileHandle.standardOutput.write(Data((format == .text ? printable(text) : text).utf8))
        } catch {
            Console.complain(error)
            throw ExitCode.failure
        }
        if !report.isFinal { throw ExitCode.held }
    }

    private func say(_ entries: [ReportFolder.Entry]) {
        for entry in entries { Console.say("\(entry.date) \(entry.shift) \(entry.edition)") }
    }

    private func printable(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { StatusText.printable(String($0)) }
            .joined(separator: "\n")
    }

    private func kept(_ settings: Configuration, _ day: CivilDate?) throws(DockError) -> ShiftReport {
        let folder = ReportFolder(state: settings.state)
        let entries = try folder.list(shift: shift, date: day).filter { (edition ?? $0.edition) == $0.edition }
        let reports = try entries.suffix(shift == nil && day == nil ? 8 : 1).map { entry throws(DockError) in
            try folder.read(entry)
        }
        // Names do not tell which shift of a day ended last.
        guard let last = reports.max(by: { ($0.shift.end, $0.edition) < ($1.shift.end, $1.edition) }) else {
            throw DockError(
                .notFound, "cannot show the report of a shift", at: settings.state + "/reports",
                because: "there is none that was asked for",
                next: "'bodydock handover --list' names those that there are, and --now shows how a shift stands")
        }
        return last
    }

    private func standing(_ settings: Configuration, _ day: CivilDate?) throws(DockError) -> ShiftReport {
        let moment = WallClock.now()
        let ledger = try Ledger(path: settings.state, dock: settings.dock, readOnly: true)
        let desk = HandoverDesk(settings, ledger: ledger)
        let underWay = settings.shifts.underWay(at: moment, .system).last { (shift ?? $0.name) == $0.name }
        guard
            let shift = day == nil
                ? underWay ?? desk.shift(shift, on: nil, at: moment) : desk.shift(shift, on: day, at: moment)
        else {
            throw DockError(
                .notFound, "cannot show how a shift stands", at: "'shifts' in the configuration",
                because: "none of them was asked for, or none has begun", next: "name one with --shift and --date")
        }
        let bays = try AgentQuestion.status(settings)?.bays ?? []
        return try desk.report(of: shift, edition: 0, bays: bays, at: moment)
    }
}

extension ReportFormat: ExpressibleByArgument {}
extension HandoverSettings.Language: ExpressibleByArgument {}
