/// What can be asked for, by its path. `docs/openapi.yaml` describes the same ones.
enum Route: String, CaseIterable {
    case page = "/"
    case leader = "/leader"
    case history = "/history"
    case report = "/report"
    case pageEvents = "/events"
    case style = "/board.css"
    case script = "/board.js"
    case icon = "/icon.svg"
    case status = "/api/v1/status"
    case handovers = "/api/v1/handovers"
    case events = "/api/v1/events"
    case metrics = "/metrics"
    case health = "/healthz"

    /// Whether it tells something of the dock that not everybody may know.
    var isOpen: Bool {
        switch self {
        case .style, .script, .icon, .health: true
        case .page, .leader, .history, .report, .pageEvents, .status, .handovers, .events, .metrics: false
        }
    }

    /// Whether it is for people, who are told in their language what they lack.
    var isForPeople: Bool { [.page, .leader, .history, .report].contains(self) }
}
