import DockCore
import DockHandover

/// What a tile tells from three metres: a colour, and a shape for those who do not see colours.
enum TileKind: String, CaseIterable {
    /// Nothing is there.
    case free
    /// Hands off: work is under way.
    case busy
    /// Everything is safe, and the camera stays for now.
    case safe
    /// Take it.
    case take
    /// Something is not as it should be, and passes by itself or by a simple act.
    case wait
    /// A person must look.
    case attention

    /// Of a state.
    init(_ state: BayStatus.State) {
        self =
            switch state {
            case .empty: .free
            case .seen, .waiting, .reading, .delivering, .erasing: .busy
            case .charging, .kept, .cooling: .safe
            case .ready: .take
            case .incomplete, .away: .wait
            case .stalled, .held, .refused, .failed: .attention
            }
    }

    /// Its shape, drawn in a square of 48: a dashed ring, a square with two bars, a half-filled ring, a disc with a tick, a
    /// diamond with a clock's hands, a triangle with an exclamation mark.
    var shape: Markup {
        switch self {
        case .free: "<circle class=line cx=24 cy=24 r=19 stroke-dasharray=\"8 7\"/>"
        case .busy: "<rect class=fill x=4 y=4 width=40 height=40 rx=5 /><path class=cut d=\"M17 14v20M31 14v20\"/>"
        case .safe: "<circle class=line cx=24 cy=24 r=19 /><path class=fill d=\"M24 5a19 19 0 0 1 0 38z\"/>"
        case .take: "<circle class=fill cx=24 cy=24 r=21 /><path class=cut d=\"M13 25l8 8 15-17\"/>"
        case .wait: "<path class=fill d=\"M24 2l22 22-22 22L2 24z\"/><path class=cut d=\"M24 13v12l8 5\"/>"
        case .attention: "<path class=fill d=\"M24 3l22 41H2z\"/><path class=cut d=\"M24 18v12M24 36v1\"/>"
        }
    }
}
