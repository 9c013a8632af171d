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

    private struct Line: Codable {
        var ask: String
        var bay: String?
        var reason: String?
        var alarm: String?
        var by: String?
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
                case .acknowledge(let key, let who): Line(ask: "acknowledge", alarm: key.text, by: who)
                case .command(.retry(let bay)): Line(ask: "retry", bay: bay)
                case .command(.release(let bay)): Line(ask: "release", bay: bay)
                case .command(.hold(let bay, let reason)): Line(ask: "hold", bay: bay, reason: reason)
                }
            return try JSONEncoder().encode(line)
        }
    }
}

/// What the agent answers: one line of JSON with one of the members `status`, `done` and `refused`.
public enum ControlReply: Sendable, Equatable {
    /// How the dock is.
    case status(DockStatus)
    /// It is done, or begun.
    case done
    /// It is not: why.
    case refused(String)

    private struct Line: Codable {
        var status: DockStatus?
        var done: Bool?
        var refused: String?
    }

    /// From a line.
    init(_ line: Data) throws {
        let decoded = try JSONDecoder().decode(Line.self, from: line)
        if let status = decoded.status {
            self = .status(status)
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
            case .done: return try encoder.encode(Line(done: true))
            case .refused(let why): return try encoder.encode(Line(refused: why))
            }
        }
    }
}
