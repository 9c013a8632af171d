import ArgumentParser
import DockCore
import DockHandover
import DockLedger
import Foundation

/// `bodydock audit`: who did what with footage, when and why.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract:
            "Print the access log: every collection, change, consultation, disclosure and destruction of footage.",
        discussion: """
            In the sense of article 32a of the Wet politiegegevens: what was done, by whom, when, why, and to what; without \
            footage and without wearers. It follows from the ledger, whose entries it numbers.

            Exit status: 0 printed, 1 not printed, 64 wrong usage, 78 configuration.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case json
        case csv
        case html
    }

    @OptionGroup var configuration: ConfigurationOption

    @Option(help: ArgumentHelp("Leave out what was written before this (RFC 3339).", valueName: "time"))
    var from: Moment?

    @Option(help: ArgumentHelp("Leave out what was written after this (RFC 3339).", valueName: "time"))
    var to: Moment?

    @Option(help: "json (an object a line), csv (RFC 4180) or html (a page to print).")
    var format = Format.csv

    func run() throws {
        let settings = try configuration.load()
        do throws(DockError) {
            let ledger = try Ledger(path: settings.state, dock: settings.dock, readOnly: true)
            let printer = AuditPrinter(format: format)
            printer.begin(dock: settings.dock, from: from?.instant, to: to?.instant)
            try ledger.audit(from: from?.instant, to: to?.instant) { printer.show($0) }
            printer.end()
        } catch {
            Console.complain(error)
            throw ExitCode.failure
        }
    }
}

/// Prints lines of the access log.
private struct AuditPrinter {
    let format: AuditCommand.Format

    private static let columns = ["at", "act", "who", "why", "docking", "camera", "what", "entry"]

    func begin(dock: String, from: Instant?, to: Instant?) {
        switch format {
        case .json: break
        case .csv: Console.say(AuditPrinter.columns.joined(separator: ","))
        case .html:
            let time = "\(from.map { "\($0)" } ?? "the beginning") – \(to.map { "\($0)" } ?? "now")"
            Console.say(
                """
                <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Access log of dock \(text(dock))</title>
                <style>body{font:10pt sans-serif}table{border-collapse:collapse}td,th{border:1px solid #999;padding:2pt 4pt;
                text-align:left;vertical-align:top}tr{page-break-inside:avoid}</style></head><body>
                <h1>Access log of dock \(text(dock))</h1><p>\(time)</p><table>
                <tr>\(AuditPrinter.columns.map { "<th>\($0)</th>" }.joined())</tr>
                """)
        }
    }

    func show(_ line: AuditLine) {
        let fields = [
            line.at.description, line.act.rawValue, line.who, line.why, line.docking ?? "", line.camera ?? "",
            line.what,
            String(line.entry),
        ]
        switch format {
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            do { Console.say(String(decoding: try encoder.encode(line), as: UTF8.self)) } catch {
                Console.complain(error)
            }
        case .csv: Console.say(fields.map(quote).joined(separator: ","))
        case .html: Console.say("<tr>\(fields.map { "<td>\(text($0))</td>" }.joined())</tr>")
        }
    }

    func end() { if format == .html { Console.say("</table></body></html>") } }

    private func text(_ text: String) -> String { Markup.text(text).html }

    /// RFC 4180; a field that a spreadsheet would take for a formula gets an apostrophe.
    private func quote(_ field: String) -> String {
        let text = field.first.map("=+-@\t\r".contains) ?? false ? "'" + field : field
        guard text.contains(where: { ",\"\r\n".contains($0) }) else { return text }
        return "\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\""
    }
}
