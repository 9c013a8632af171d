/// What can be asked for, by its path. `docs/openapi.yaml` describes the same ones.
enum Route: String, CaseIterable {
    case page = "/"
    case pageEvents = "/events"
    case style = "/board.css"
    case script = "/board.js"
    case icon = "/icon.svg"
    case status = "/api/v1/status"
    case events = "/api/v1/events"
    case metrics = "/metrics"
    case health = "/healthz"

    /// Whether it tells something of the dock that not everybody may know.
    var isOpen: Bool {
        switch self {
        case .style, .script, .icon, .health: true
        case .page, .pageEvents, .status, .events, .metrics: false
        }
    }

    /// Whether it is for people, who are told in their language what they lack.
    var isForPeople: Bool { self == .page }
}
