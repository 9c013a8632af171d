import DockCore
import Foundation

/// The forms in which a report is shown.
public enum ReportFormat: String, Sendable, CaseIterable {
    /// Lines for a terminal.
    case text
    /// The document that is kept (`docs/handover.md`).
    case json
    /// A table.
    case csv
    /// A page that can be printed.
    case html
}

extension ShiftReport {
    /// The report in a form.
    /// - Parameter local: the dock's local time.
    public func shown(as format: ReportFormat, _ language: HandoverSettings.Language, _ local: LocalClock)
        throws(DockError)
        -> String
    {
        let say = Wording(language: language, local: local)
        return switch format {
        case .text: ReportLines(report: self, say: say).lines.map { $0 + "\n" }.joined()
        case .json: String(decoding: try document, as: UTF8.self)
        case .csv: ReportTable(report: self).csv
        case .html: ReportPage(report: self, say: say).html
        }
    }

    /// The document that is kept: JSON over several lines, keys sorted.
    public var document: [UInt8] {
        get throws(DockError) {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
            do { return try Array(encoder.encode(self)) + [UInt8(ascii: "\n")] } catch {
                throw DockError(
                    .malformed, "cannot write the report of a shift", at: "\(shift.name), \(shift.date)",
                    because: "\(error)", next: "report this; the ledger has what it would say")
            }
        }
    }

    /// From the document.
    public init(document bytes: [UInt8], at place: String) throws(DockError) {
        do { self = try JSONDecoder().decode(ShiftReport.self, from: Data(bytes)) } catch {
            throw DockError(
                .corrupt, "cannot read the report of a shift", at: place, because: "\(error)",
                next: "find out what happened to the file; the ledger has what it said")
        }
        guard schema == ShiftReport.currentSchema else {
            throw DockError(
                .malformed, "cannot read the report of a shift", at: place, because: "it has the form \(schema)",
                next: "use the newer bodydock that wrote it")
        }
    }
}
