/// A piece of a page (HTML). What is interpolated into a literal is text, and stands there as text, whatever it holds; only
/// another piece is taken as it is.
struct Markup: ExpressibleByStringInterpolation, Equatable {
    /// As it is sent.
    let html: String

    init(stringLiteral html: String) { self.html = html }

    init(stringInterpolation: StringInterpolation) { html = stringInterpolation.html }

    private init(html: String) { self.html = html }

    /// Several pieces, one after the other.
    static func all(_ pieces: [Markup]) -> Markup { Markup(html: pieces.map(\.html).joined()) }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var html = ""

        init(literalCapacity: Int, interpolationCount: Int) { html.reserveCapacity(literalCapacity * 2) }

        mutating func appendLiteral(_ literal: String) { html += literal }
        mutating func appendInterpolation(_ text: String) { html += Markup.escaped(text) }
        mutating func appendInterpolation(_ number: Int) { html += String(number) }
        mutating func appendInterpolation(_ piece: Markup) { html += piece.html }
    }

    /// Text of at most ``longest`` characters that is text for a browser too: no markup, no control characters, nothing that
    /// turns the direction of what follows (Unicode's "format" characters).
    static func escaped(_ text: String) -> String {
        var result = ""
        for (count, scalar) in text.unicodeScalars.enumerated() {
            guard count < longest else { return result + "…" }
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .surrogate, .privateUse, .lineSeparator, .paragraphSeparator:
                    result += "\u{fffd}"
                default: result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }

    /// Characters of one text that are shown.
    static let longest = 300
}
