import ArgumentParser
import DockAgent
import DockCore
import DockSystem
import Foundation
import Logging

/// `bodydock nightly`: what settles by night.
struct NightlyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nightly",
        abstract: "Try again what waits, ask the vaults for some of their objects, verify the ledger, and report.",
        discussion: """
            Started each night by bodydock-nightly.timer (docs/nightly.md). It may be repeated, run while cameras are taken in, \
            and be killed at any point.

            Exit status: 0 all is good, or another run is at work; 1 a step failed, or the report could not be written; \
            64 usage, 78 configuration.
            """)

    @OptionGroup var configuration: ConfigurationOption

    @Flag(help: "Print the report as JSON.")
    var json = false

    func run() throws {
        let settings = try configuration.load()
        let console = NightConsole()
        let report: NightReport
        do throws(DockError) {
            try ProcessGuard.keepMemoryPrivate()
            guard let folder = try NightFolder.claim(state: settings.state) else {
                return console.warn("another nightly run is at work: nothing to do")
            }
            let resources = try DockResources(configuration: settings, profiles: [])
            report = try NightRun(resources: resources, folder: folder, local: .system).run()
        } catch {
            console.complain(error)
            throw error.code == .configuration ? ExitCode.configuration : ExitCode.failure
        }
        if json { Console.say(String(decoding: try report.json.dropLast(), as: UTF8.self)) }
        console.tell(report, quietly: json)
        if !report.isGood { throw ExitCode.failure }
    }
}

/// Tells how the night goes: to the journal with a priority, where systemd reads along; otherwise results to standard output and
/// alarms to standard error.
private struct NightConsole {
    private let log: Logger?

    init() {
        log = NightConsole.isJournal ? Logger(label: "bodydock") { _ in JournalLogHandler() } : nil
    }

    /// Whether standard error is the stream that systemd names (systemd.exec(5), JOURNAL_STREAM); the name alone is inherited
    /// by everything that is started from a service.
    private static var isJournal: Bool {
        var raw = stat()
        guard fstat(STDERR_FILENO, &raw) == 0 else { return false }
        return ProcessInfo.processInfo.environment["JOURNAL_STREAM"] == "\(raw.st_dev):\(raw.st_ino)"
    }

    func complain(_ error: DockError) {
        if let log { log.error("the night failed: \(error)") } else { Console.complain(error) }
    }

    func warn(_ line: String) {
        if let log { log.notice("\(line)") } else { Console.warn("bodydock: \(line)") }
    }

    /// - Parameter quietly: whether only alarms are told.
    func tell(_ report: NightReport, quietly: Bool) {
        for step in report.steps {
            let line = StatusText.printable("\(step.kind.rawValue): \(step.outcome.rawValue): \(step.note)")
            let isAlarm = step.outcome == .failed
            if let log {
                log.log(level: isAlarm ? .error : .info, "\(line)", metadata: ["night": "\(report.night)"])
            } else if isAlarm {
                Console.warn("bodydock: \(line)")
            } else if !quietly {
                Console.say(line)
            }
        }
        if let log {
            log.log(
                level: report.isGood ? .notice : .error, "\(report.summary)", metadata: ["night": "\(report.night)"])
        } else if !quietly {
            Console.say(report.summary)
        }
    }
}
