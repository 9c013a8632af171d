import DockCore
import DockLedger
import DockSystem
import Foundation
import Glibc

/// The folder of the nights, `<state>/nights`: a report for each, and the lock that keeps runs apart. It is held as long as this
/// lives.
public final class NightFolder: Sendable {
    private let folder: String
    private let lock: Descriptor

    /// Reports that are kept.
    private static let kept = 400
    /// Bytes of a report at most.
    private static let largest = 4 << 20

    /// Locks the folder, which is made if it is missing; nil if another run is at work.
    public static func claim(state: String) throws(DockError) -> NightFolder? {
        let folder = state + "/nights"
        do throws(Errno) {
            try Folder.create(folder)
            let lock = try Descriptor.open(folder + "/lock", flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o640)
            return try lock.lock(waiting: false) ? NightFolder(folder, lock) : nil
        } catch {
            throw error.error("cannot begin the night", at: folder, next: "make the state folder writable for Bodydock")
        }
    }

    private init(_ folder: String, _ lock: consuming Descriptor) {
        self.folder = folder
        self.lock = lock
    }

    /// Writes a report so that a power cut leaves it whole or not there; a further run of a night gets a file of its own. The
    /// oldest reports are removed.
    /// - Returns: where it lies.
    func save(_ report: NightReport) throws(DockError) -> String {
        let what = "cannot write the report of the night"
        let bytes: [UInt8]
        do { bytes = try report.json } catch {
            throw DockError(.library, what, at: folder, because: "\(error)", next: "report this")
        }
        do throws(Errno) {
            let names = try reports()
            let file = folder + "/" + NightFolder.name(for: report.night, besides: Set(names))
            // Whoever holds the lock is the only one who writes here.
            try DurableFile.write(bytes, to: file)
            for name in names.dropLast(NightFolder.kept - 1) {
                try (folder + "/" + name).withCPath { path throws(Errno) in try retrying { unlink(path) } }
            }
            try Folder.synchronize(folder)
            return file
        } catch {
            throw error.error(what, at: folder, next: "look at the state folder's disk; the ledger has the report too")
        }
    }

    /// What the newest report that names a root says of the ledger; nil if there is none. A night that found the ledger changed names
    /// none: the alarm stays.
    func lastHead() throws(DockError) -> LedgerHead? {
        var file = folder
        do {
            for name in try reports().reversed() {
                file = folder + "/" + name
                let data = try Data(contentsOf: URL(fileURLWithPath: file))
                let report = try JSONDecoder().decode(NightReport.self, from: data)
                if let entries = report.entries, let root = report.root {
                    return LedgerHead(entries: entries, root: root)
                }
            }
            return nil
        } catch {
            throw DockError(
                .corrupt, "cannot read the report of the night before", at: file, because: "\(error)",
                next: "find out what happened to it, and move it away")
        }
    }

    /// The reports of the last nights, newest first; none if there was no night. Whether a run is at work does not matter.
    static func last(_ count: Int, state: String) throws(DockError) -> [NightReport] {
        let folder = state + "/nights"
        var file = folder
        do {
            return try reports(in: folder).suffix(count).reversed().map { name in
                file = folder + "/" + name
                return try JSONDecoder().decode(
                    NightReport.self, from: Data(try DurableFile.read(file, most: largest)))
            }
        } catch {
            if let errno = error as? Errno, errno.code == ENOENT { return [] }
            throw DockError(
                .io, "cannot read the reports of the nights", at: file, because: "\(error)",
                next: "let the agent's user read it, or move it away")
        }
    }

    /// Names of reports, oldest first, and of nothing else that somebody may have put there.
    private func reports() throws(Errno) -> [String] { try NightFolder.reports(in: folder) }

    private static func reports(in folder: String) throws(Errno) -> [String] {
        let open = try Descriptor.open(folder, flags: O_RDONLY | O_DIRECTORY)
        let names = try Folder.names(in: open.number, limit: 100_000).map { String(decoding: $0, as: UTF8.self) }
        return names.filter { $0.wholeMatch(of: /\d{4}-\d\d-\d\d(\.\d\d)?\.json/) != nil }
            // Without their ends: '2026-10-25.02.json' comes after '2026-10-25.json'.
            .sorted { $0.dropLast(5) < $1.dropLast(5) }
    }

    /// `2026-10-25.json`, then `2026-10-25.02.json`. After the 99th the last name is used again.
    static func name(for night: String, besides taken: Set<String>) -> String {
        let names = ["\(night).json"] + (2...99).map { "\(night).\($0 < 10 ? "0" : "")\($0).json" }
        return names.first { !taken.contains($0) } ?? names[98]
    }
}

extension NightReport {
    /// For people and programs: JSON, over several lines.
    public var json: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
            return try Array(encoder.encode(self)) + [UInt8(ascii: "\n")]
        }
    }
}
