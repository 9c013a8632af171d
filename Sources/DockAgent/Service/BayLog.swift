import DockCore
import Logging

/// What the journal says of the bays. Fields: `BODYDOCK_BAY`, `BODYDOCK_STATE`, `BODYDOCK_CAMERA`, `BODYDOCK_DOCKING`.
enum BayLog {
    /// A bay shows something else.
    static func say(_ bay: BayStatus, to log: Logger) {
        var metadata: Logger.Metadata = ["bay": "\(bay.bay)", "state": "\(bay.state.rawValue)"]
        if let camera = bay.camera { metadata["camera"] = "\(camera)" }
        if let docking = bay.docking { metadata["docking"] = "\(docking)" }
        let camera = bay.camera.map { ", camera \($0)" } ?? ""
        let reasons = bay.reasons.isEmpty ? "" : ": " + bay.reasons.prefix(5).joined(separator: "; ")
        log.log(
            level: level(bay.state), "bay \(bay.bay)\(camera): \(bay.state.rawValue)\(reasons)", metadata: metadata)
    }

    /// A run ended.
    static func say(_ result: RunResult, of order: RunOrder, to log: Logger) {
        let metadata: Logger.Metadata = ["bay": "\(order.bay)"]
        switch result {
        case .docked(_, _, let steps, _):
            for step in steps where !step.worked {
                log.warning("bay \(order.bay): \(step.kind.rawValue) failed: \(step.note)", metadata: metadata)
            }
        case .refused, .cooling: break
        case .failed(let error): log.error("bay \(order.bay): \(error)", metadata: metadata)
        }
    }

    private static func level(_ state: BayStatus.State) -> Logger.Level {
        switch state {
        case .empty, .seen, .waiting, .reading, .delivering, .erasing: .info
        case .charging, .ready, .kept, .cooling: .notice
        case .incomplete, .away, .stalled: .warning
        case .held, .refused, .failed: .error
        }
    }
}
