import DockCore
import DockSystem
import Glibc

/// The folder of the reports, `<state>/reports`: a document for each edition of each shift's report. One process writes; any may read.
public struct ReportFolder: Sendable {
    /// A report that is kept.
    public struct Entry: Sendable, Hashable {
        /// The day on which the shift began.
        public var date: CivilDate
        /// The shift's name.
        public var shift: String
        /// Which report of it.
        public var edition: Int

        /// Its file.
        var name: String { "\(date).\(shift).\(edition).json" }

        /// Takes all values.
        public init(date: CivilDate, shift: String, edition: Int) {
            self.date = date
            self.shift = shift
            self.edition = edition
        }

        /// From the name of a file; nil for what somebody else may have put there.
        init?(_ name: String) {
            guard let parts = name.wholeMatch(of: /(\d{4}-\d\d-\d\d)\.(.+)\.([1-9]\d{0,3})\.json/),
                let date = CivilDate(parts.1), CameraIdentity.isName(parts.2), let edition = Int(parts.3)
            else { return nil }
            self.init(date: date, shift: String(parts.2), edition: edition)
        }
    }

    /// Reports that are kept.
    static let kept = 5000
    /// Bytes of a report at most.
    static let largest = 64 << 20

    let folder: String

    /// - Parameter state: the state folder.
    public init(state: String) { folder = state + "/reports" }

    /// Writes a report so that a power cut leaves it whole or not there. The oldest reports are removed.
    public func save(_ report: ShiftReport) throws(DockError) {
        let entry = Entry(date: report.shift.date, shift: report.shift.name, edition: report.edition)
        let bytes = try report.document
        do throws(Errno) {
            try Folder.create(folder)
            try DurableFile.write(bytes, to: folder + "/" + entry.name)
            for old in try entries().dropLast(ReportFolder.kept) {
                try (folder + "/" + old.name).withCPath { path throws(Errno) in try retrying { unlink(path) } }
            }
        } catch {
            throw error.error(
                "cannot keep the report of a shift", at: folder,
                next: "look at the state folder's disk; it is tried again when something happens at the dock")
        }
    }

    /// What is kept, oldest first.
    /// - Parameters:
    ///   - shift: only of this shift; nil for all.
    ///   - date: only of the shifts that began on this day; nil for all.
    public func list(shift: String? = nil, date: CivilDate? = nil) throws(DockError) -> [Entry] {
        do throws(Errno) {
            return try entries().filter { (shift ?? $0.shift) == $0.shift && (date ?? $0.date) == $0.date }
        } catch {
            throw error.error(
                "cannot list the reports of shifts", at: folder, next: "let this user read the state folder")
        }
    }

    /// Reads a report.
    public func read(_ entry: Entry) throws(DockError) -> ShiftReport {
        let file = folder + "/" + entry.name
        let bytes: [UInt8]
        do throws(Errno) { bytes = try DurableFile.read(file, most: ReportFolder.largest) } catch {
            throw error.error(
                "cannot read the report of a shift", at: file,
                next: error.code == ENOENT
                    ? "'bodydock handover --list' names those that there are" : "let this user read it")
        }
        return try ShiftReport(document: bytes, at: file)
    }

    private func entries() throws(Errno) -> [Entry] {
        do throws(Errno) {
            let open = try Descriptor.open(folder, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            let names = try Folder.names(in: open.number, limit: 100_000)
            return names.compactMap { Entry(String(decoding: $0, as: UTF8.self)) }
                .sorted { ($0.date, $0.shift, $0.edition) < ($1.date, $1.shift, $1.edition) }
        } catch  where error.code == ENOENT {
            return []
        }
    }
}
