import ArgumentParser
import DockAgent
import DockCore
import DockSystem

/// `bodydock retention`: until when the vaults keep what they keep.
struct RetentionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention",
        abstract: "Show until when recordings are kept, and destroy what was kept for long enough.",
        discussion: "What is destroyed when, and what keeps it, stands in docs/retention.md.",
        subcommands: [List.self, Apply.self])

    /// `bodydock retention list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the recordings that the vaults keep, and how many days are left; those first that go first."
        )

        @OptionGroup var configuration: ConfigurationOption
        @Option(help: "Only those of this camera.") var camera: String?
        @Option(help: ArgumentHelp("Only those with at most so many days left.", valueName: "days")) var within: Int?
        @Flag(help: "Print one JSON object a line.") var json = false

        func run() throws {
            let settings = try configuration.load()
            do throws(DockError) {
                let recordings = try RetentionFacts(settings).survey().recordings.filter { recording in
                    (camera == nil || recording.camera == camera)
                        && (within.map { most in recording.daysLeft.map { $0 <= most } ?? false } ?? true)
                }
                if !json, recordings.isEmpty { Console.say("no vault keeps such a recording") }
                for recording in recordings {
                    if json { try Console.say(json: recording) } else { Console.say(RetentionText.line(recording)) }
                }
            } catch {
                Console.complain(error)
                throw ExitCode.failure
            }
        }
    }

    /// `bodydock retention apply`.
    struct Apply: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Destroy the objects whose retention is over, unless a hold keeps them; put it on record.",
            discussion: """
                Part of each night; only with 'retention.apply: true'. It may be repeated, and be killed at any point. Exit status: 0 \
                all that is due is destroyed; 1 something stays that should go, and is named; 64 usage, 78 configuration.
                """)

        @OptionGroup var configuration: ConfigurationOption
        @Flag(
            help:
                "The dock's clock was checked: what was taken in before the ledger was silent for days may be destroyed too."
        )
        var clockIsRight = false

        func run() throws {
            let settings = try configuration.load()
            let outcome: RetentionRun.Outcome
            do throws(DockError) {
                try ProcessGuard.keepMemoryPrivate()
                let resources = try DockResources(configuration: settings, profiles: [])
                outcome = try RetentionRun(resources).apply(isClockRight: clockIsRight)
            } catch {
                Console.complain(error)
                throw error.code == .configuration ? ExitCode.configuration : ExitCode.failure
            }
            Console.say("\(outcome.destroyed) objects were destroyed")
            if outcome.held > 0 { Console.say("\(outcome.held) objects are kept by holds although their time is over") }
            for record in outcome.records { Console.say("on record: \(record)") }
            guard !outcome.isGood else { return }
            for reason in outcome.reasons { Console.warn(StatusText.printable("bodydock: stays: \(reason)")) }
            if outcome.stopped > outcome.reasons.count {
                Console.warn("bodydock: and \(outcome.stopped - outcome.reasons.count) more")
            }
            throw ExitCode.failure
        }
    }
}

/// Kept recordings, for people.
private enum RetentionText {
    static func line(_ recording: KeptRecording) -> String {
        var parts = ["\(recording.camera) \(recording.recording)", "of \(recording.begin.description.prefix(10))"]
        if let team = recording.team, let regime = recording.regime {
            parts.append("\(team) (\(regime.rawValue))")
        } else {
            parts.append("no team")
        }
        parts.append(until(recording.deadline, recording.daysLeft).map { "keep until \($0)" } ?? "nobody says how long")
        if let requests = until(recording.requestsUntil, recording.requestDaysLeft) {
            parts.append("requests until \(requests)")
        }
        parts += recording.holds.map { "HELD by \($0)" }
        return StatusText.printable(parts.joined(separator: "; "))
    }

    private static func until(_ moment: Instant?, _ days: Int?) -> String? {
        guard let moment, let days else { return nil }
        let left = days > 0 ? "\(days) \(days == 1 ? "day" : "days") left" : "over"
        return "\(moment.description.prefix(10)) (\(left))"
    }
}
