import DockCore
import Foundation

/// What is asked over the control socket: one line of JSON, `{"ask": "status"}`.
public enum ControlRequest: Sendable, Equatable {
    /// How the dock is.
    case status
    /// How the dock is, now and whenever that changes.
    case watch
    /// The nightly run asks to try again what failed for a passing reason.
    case night
    /// A nightly run has ended: there may be something new in the ledger.
    case look
    /// A person takes note of an alarm.
    case acknowledge(Alarm.Key, by: String)
    /// A person wants something.
    case command(BayCommand)
    /// What a team leader must know now.
    case overview
    /// The report of a shift, as it was made; without an edition the last one.
    case report(shift: String, date: CivilDate, edition: Int?)
    /// What the last days brought.
    case history

    private struct Line: Codable {
        var ask: String
        var bay: String?
        var reason: String?
        var alarm: String?
        var by: String?
        var shift: String?
        var date: CivilDate?
        var edition: Int?
    }

    /// From a line; nil if it is none.
    init?(_ line: [UInt8]) {
        let decoded: Line
        do { decoded = try JSONDecoder().decode(Line.self, from: Data(line)) } catch { return nil }
        switch (decoded.ask, decoded.bay) {
        case ("status", _): self = .status
        case ("watch", _): self = .watch
        case ("night", _): self = .night
        case ("look", _): self = .look
        case ("overview", _): self = .overview
        case ("history", _): self = .history
        case ("report", _):
            guard let shift = decoded.shift, let date = decoded.date else { return nil }
            self = .report(shift: shift, date: date, edition: decoded.edition)
        case ("acknowledge", _):
            guard let key = decoded.alarm.flatMap({ Alarm.Key(text: $0) }), let who = decoded.by,
                CameraIdentity.isName(who)
            else { return nil }
            self = .acknowledge(key, by: who)
        case ("retry", let bay): self = .command(.retry(bay: bay))
        case ("release", let bay?): self = .command(.release(bay: bay))
        case ("hold", let bay?):
            self = .command(.hold(bay: bay, reason: String((decoded.reason ?? "no reason was given").prefix(200))))
        default: return nil
        }
    }

    /// As a line, without its end.
    var line: Data {
        get throws {
            let line: Line =
                switch self {
                case .status: Line(ask: "status")
                case .watch: Line(ask: "watch")
                case .night: Line(ask: "night")
                case .look: Line(ask: "look")
                case .overview: Line(ask: "overview")
                case .history: Line(ask: "history")
                case .report(let shift, let date, let edition):
                    Line(ask: "report", shift: shift, date: date, edition: edition)
                case .acknowledge(let key, let who): Line(ask: "acknowledge", alarm: key.text, by: who)
                case .command(.retry(let bay)): Line(ask: "retry", bay: bay)
                case .command(.release(let bay)): Line(ask: "release", bay: bay)
                case .command(.hold(let bay, let reason)): Line(ask: "hold", bay: bay, reason: reason)
                }
            return try JSONEncoder().encode(line)
        }
    }
}

/// What the agent answers: one line of JSON with one of the members `status`, `overview`, `report`, `history`, `done` and `refused`.
public enum ControlReply: Sendable, Equatable {
    /// How the dock is.
    case status(DockStatus)
    /// What a team leader must know.
    case overview(DutyOverview)
    /// The report of a shift.
    case report(ShiftReport)
    /// The last days, oldest first.
    case history([HistoryDay])
    /// It is done, or begun.
    case done
    /// It is not: why.
    case refused(String)

    private struct Line: Codable {
        var status: DockStatus?
        var overview: DutyOverview?
        var report: ShiftReport?
        var history: [HistoryDay]?
        var done: Bool?
        var refused: String?
    }

    /// From a line.
    init(_ line: Data) throws {
        let decoded = try JSONDecoder().decode(Line.self, from: line)
        if let status = decoded.status {
            self = .status(status)
        } else if let overview = decoded.overview {
            self = .overview(overview)
        } else if let report = decoded.report {
            self = .report(report)
        } else if let history = decoded.history {
            self = .history(history)
        } else if let why = decoded.refused {
            self = .refused(why)
        } else {
            self = .done
        }
    }

    /// As a line, without its end.
    var line: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            switch self {
            case .status(let status): return try encoder.encode(Line(status: status))
            case .overview(let overview): return try encoder.encode(Line(overview: overview))
            case .report(let report): return try encoder.encode(Line(report: report))
            case .history(let history): return try encoder.encode(Line(history: history))
            case .done: return try encoder.encode(Line(done: true))
            case .refused(let why): return try encoder.encode(Line(refused: why))
            }
        }
    }
}
