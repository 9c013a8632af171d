import DockAgent
import DockCore
import Foundation
import Synchronization

/// Shows what a docking tells. Called from several threads.
protocol OffloadPrinter: Sendable {
    /// Shows one notice.
    func show(_ notice: OffloadNotice)
    /// Ends a line that is still being drawn.
    func end()
}

/// A JSON object on a line of its own for each notice: `notice` names its kind, the other members are the notice's own.
struct JSONPrinter: OffloadPrinter {
    private struct Line<Value: Encodable>: Encodable {
        enum Key: String, CodingKey { case notice }
        let notice: String
        let value: Value

        func encode(to encoder: any Encoder) throws {
            try value.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(notice, forKey: .notice)
        }
    }

    private struct Erasing: Encodable {
        let files: Int
        let bytes: Int64
    }

    func show(_ notice: OffloadNotice) {
        switch notice {
        case .started(let start): write(Line(notice: "started", value: start))
        case .finding(let finding): write(Line(notice: "finding", value: finding))
        case .progress(let progress): write(Line(notice: "progress", value: progress))
        case .erasing(let files, let bytes): write(Line(notice: "erasing", value: Erasing(files: files, bytes: bytes)))
        case .emptying, .unsafe: break
        case .ended(let result): write(Line(notice: "ended", value: result))
        case .recordDelayed(let error): write(Line(notice: "recordDelayed", value: ["message": error.description]))
        }
    }

    func end() {}

    private func write(_ line: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            Console.say(String(decoding: try encoder.encode(line), as: UTF8.self))
        } catch {
            Console.complain(error)
        }
    }
}

/// Plain lines; on a terminal also a bar that is drawn over itself.
final class TextPrinter: OffloadPrinter {
    private let isDrawing = Mutex(false)
    private let drawsBar = isatty(STDERR_FILENO) == 1

    func show(_ notice: OffloadNotice) {
        if case .progress(let progress) = notice { return draw(progress) }
        if case .unsafe = notice { return }
        end()
        switch notice {
        case .started(let start): Console.say(TextPrinter.opening(start))
        case .finding(let finding): Console.say("\(finding.holds ? "HOLDS" : "note "): \(finding)")
        case .emptying, .unsafe: break
        case .erasing(let files, let bytes):
            Console.say("everything is safe; erasing \(files) files (\(ByteCount.text(bytes)))")
        case .ended(let result): for line in TextPrinter.closing(result) { Console.say(line) }
        case .recordDelayed(let error): Console.complain(error)
        case .progress: break
        }
    }

    func end() {
        isDrawing.withLock { isDrawing in
            if isDrawing { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
            isDrawing = false
        }
    }

    private func draw(_ progress: ReadingProgress) {
        guard drawsBar else { return }
        let share = progress.bytes > 0 ? Double(progress.bytesRead) / Double(progress.bytes) : 1
        let filled = Int(min(1, share) * 30)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        let left = progress.secondsLeft.map { ", \(TextPrinter.duration($0)) left" } ?? ""
        let rate = ByteCount.text(Int64(progress.bytesPerSecond))
        isDrawing.withLock { isDrawing in
            FileHandle.standardError.write(
                Data(
                    "\r\u{1b}[K\(bar) \(Int(min(1, share) * 100))% of \(ByteCount.text(progress.bytes)), \(rate)/s\(left)"
                        .utf8))
            isDrawing = true
        }
    }

    private static func opening(_ start: DockingStarted) -> String {
        let wearer = start.wearer.map { ", worn by \($0)" } ?? ""
        let known = start.camera.source.words
        return "camera \(start.camera.serial) (\(known))\(wearer): profile \(start.profile), \(start.segments) files, "
            + "\(ByteCount.text(start.bytes)); docking \(start.docking)"
    }

    private static func closing(_ result: OffloadResult) -> [String] {
        var lines = result.recordings.map { row in
            let verified = row.verified.isEmpty ? "not read" : row.verified.map(\.words).joined(separator: ", ")
            let start = row.start.map { " \($0)," } ?? ""
            return
                "\(row.recording):\(start) \(row.safe) of \(row.segments) files safe (\(ByteCount.text(row.bytes))); \(verified)"
        }
        let vaults = result.vaults.joined(separator: ", ")
        switch result.outcome {
        case .emptied: lines.append("RELEASED: everything is in \(vaults) and the camera is empty")
        case .kept: lines.append("RELEASED: everything is in \(vaults); the footage stays on the camera as asked")
        case .cooling(let until):
            lines.append(
                "COOLING: everything is in \(vaults); the footage stays on the camera until \(until): run again then")
        case .held(let reasons):
            lines.append("HELD: the camera keeps its footage, because")
            lines += reasons.prefix(50).map { "  - \($0)" }
            if reasons.count > 50 { lines.append("  - and \(reasons.count - 50) more; see bodydock status") }
        case .incomplete(let reasons), .interrupted(let reasons):
            lines.append("INCOMPLETE: the camera keeps its footage; safe to run again")
            lines += reasons.prefix(50).map { "  - \($0)" }
        }
        return lines + ["\(ByteCount.text(result.bytes)) in \(duration(result.seconds))"]
    }

    /// `4.2 s`, `3 min 20 s`, `2 h 5 min`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "unknown" }
        if seconds < 60 { return "\((seconds * 10).rounded() / 10) s" }
        let whole = Int(seconds)
        return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole / 60 % 60) min"
    }
}

extension Verification {
    /// For people.
    fileprivate var words: String {
        switch self {
        case .matchedManifest: "matches the camera's manifest"
        case .matchedSHA256: "matches its SHA-256 file"
        case .matchedMD5: "matches its MD5 file (damage only)"
        case .firstRead: "no promise: two reads agree"
        case .singleRead: "no promise: read once"
        case .mismatch: "DIFFERS from what was promised"
        case .partial: "PARTLY unreadable"
        }
    }
}

extension CameraIdentity.Source {
    /// For people.
    fileprivate var words: String {
        switch self {
        case .manifest: "by its manifest"
        case .fileNames: "by its file names"
        case .statusFile: "by its status file"
        case .volume: "it names itself nowhere: known by its volume"
        case .knownMedium: "by its emptied medium"
        case .folder: "it names itself nowhere: known by its folder"
        }
    }
}
