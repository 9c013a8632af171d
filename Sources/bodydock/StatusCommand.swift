import ArgumentParser
import DockAgent
import DockCore
import DockLedger
import DockSystem
import Foundation

/// `bodydock status`: what the ledger knows about the last dockings, and what is not yet everywhere.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the bays, the last dockings, their segments and receipts, and what is pending.")

    @OptionGroup var configuration: ConfigurationOption

    @Flag(
        help:
            "Print one JSON object: the ledger's (docs/ledger.md), with what the agent shows as 'now' (docs/agent.md).")
    var json = false

    @Flag(help: "Show what the agent shows, again whenever it changes.")
    var watch = false

    @Option(help: ArgumentHelp("Show at most this many dockings and pending segments.", valueName: "number"))
    var limit = 10

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit takes 1 to 100000.") }
    }

    private struct Whole: Encodable {
        enum Key: String, CodingKey { case night, now }
        let ledger: LedgerStatus
        let night: NightStanding
        let now: DockStatus?

        func encode(to encoder: any Encoder) throws {
            try ledger.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(night, forKey: .night)
            try container.encodeIfPresent(now, forKey: .now)
        }
    }

    func run() throws {
        let configuration = try configuration.load()
        do throws(DockError) {
            if watch { try follow(configuration) } else { try show(configuration) }
        } catch {
            Console.complain(error)
            throw ExitCode.failure
        }
    }

    /// Draws the dock's state over itself on a terminal, one JSON object or block of lines after the other elsewhere.
    private func follow(_ configuration: Configuration) throws(DockError) {
        try ControlConnection(configuration.agent.socket).watch { now throws(DockError) in
            if Console.isTerminal { Console.say("\u{1b}[H\u{1b}[2J") }
            if json { try Console.say(json: now) } else { DockStatusText.lines(of: now).forEach(Console.say) }
            return true
        }
    }

    private func show(_ configuration: Configuration) throws(DockError) {
        let now = try AgentQuestion.status(configuration)
        let ledger = try Ledger(path: configuration.state, dock: configuration.dock, readOnly: true)
        let status = try ledger.status(limit: limit, vaults: configuration.vaults.map(\.name))
        let night = NightStanding(
            runs: try ledger.lastNight(), ledgerBegan: try ledger.began(), now: WallClock.now())
        if json {
            try Console.say(json: Whole(ledger: status, night: night, now: now))
        } else {
            if let now { (DockStatusText.lines(of: now) + [""]).forEach(Console.say) }
            StatusText.lines(of: status, spool: configuration.spool.path).forEach(Console.say)
            night.lines.map(StatusText.printable).forEach(Console.say)
        }
    }
}

/// A ledger's status as lines for a person. Names that came from a camera are shown without control characters.
enum StatusText {
    /// - Parameters:
    ///   - status: what to show.
    ///   - spool: folder where pending segments lie.
    static func lines(of status: LedgerStatus, spool: String) -> [String] {
        let totals = status.totals
        var lines = [
            "ledger: \(status.head.entries) entries, root \(status.head.root)",
            "in all: \(totals.dockings) dockings, \(totals.sealed) segments sealed (\(size(totals.sealedBytes))), "
                + "\(totals.receipts) receipts, \(totals.findings) findings, \(totals.permits) erase permits",
            "",
        ]
        for docking in status.dockings { lines += self.lines(of: docking) }
        return lines + self.lines(of: status.pending, spool: spool)
    }

    private static func lines(of docking: LedgerStatus.Docking) -> [String] {
        let outcome = docking.outcome ?? "no end on record: running, or cut short"
        let wearer = docking.wearer.map { ", wearer \($0)" } ?? ""
        var lines = [
            "\(docking.started)  \(docking.camera.serial)\(wearer), profile \(docking.profile): \(outcome)"
        ]
        let receipts = docking.receipts.sorted { $0.key < $1.key }.map { "\($0.value) in \($0.key)" }
        var facts = [
            "\(docking.segments) files (\(size(docking.bytes)))",
            "\(docking.sealed) sealed (\(size(docking.sealedBytes)))",
        ]
        if docking.verified > 0 { facts.append("\(docking.verified) sealed earlier and read again") }
        facts.append(receipts.isEmpty ? "no receipts" : "receipts: " + receipts.joined(separator: ", "))
        if let erased = docking.erased {
            facts.append("\(erased) erased" + (docking.left.isEmpty ? "" : ", \(docking.left.count) left"))
        } else if docking.permitted != nil {
            facts.append("erase permitted, no end of it on record")
        }
        lines.append("    " + facts.joined(separator: "; "))
        lines += docking.reasons.map { "    because: \($0)" }
        lines += docking.firstFindings.map { "    \($0.holds ? "holds: " : "noted: ")\($0)" }
        let unnamed = docking.findings - Int64(docking.firstFindings.count)
        if unnamed > 0 { lines.append("    and \(unnamed) more findings") }
        lines += docking.left.map { "    left: \($0.path): \($0.reason)" }
        return lines.map(printable)
    }

    private static func lines(of pending: LedgerStatus.Pending, spool: String) -> [String] {
        guard pending.count > 0 else { return ["pending: nothing"] }
        var lines = [
            "pending: \(pending.count) segments (\(size(pending.bytes))) are not in every vault; sealed copies lie in \(spool)"
        ]
        lines += pending.oldest.map { sealing in
            let held = sealing.held.isEmpty ? "no vault holds it" : "in " + sealing.held.joined(separator: ", ")
            return "    \(sealing.camera) \(sealing.path) (\(size(sealing.bytes))): \(held); "
                + "missing in \(sealing.missing.joined(separator: ", "))"
        }
        let unnamed = pending.count - Int64(pending.oldest.count)
        if unnamed > 0 { lines.append("    and \(unnamed) more") }
        return lines.map(printable)
    }

    static func printable(_ line: String) -> String {
        String(
            String.UnicodeScalarView(
                line.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{fffd}" : $0 }))
    }

    /// Decimal units, as in the configuration: `1.2 GB`.
    private static func size(_ bytes: Int64) -> String {
        var value = Double(bytes)
        var unit = "bytes"
        for larger in ["kB", "MB", "GB", "TB", "PB"] where value >= 999.95 {
            value /= 1000
            unit = larger
        }
        return unit == "bytes" ? "\(bytes) bytes" : String(format: "%.1f \(unit)", value)
    }
}
