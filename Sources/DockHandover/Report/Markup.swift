/// A piece of a page (HTML). What is interpolated into a literal is text, and stands there as text, whatever a camera, a roster or a
/// person wrote; only another piece is taken as it is.
public struct Markup: ExpressibleByStringInterpolation, Sendable, Equatable {
    /// As it is sent.
    public let html: String

    /// Takes a literal of this program.
    public init(stringLiteral html: String) { self.html = html }

    /// Takes a literal of this program, with what was put in.
    public init(stringInterpolation: StringInterpolation) { html = stringInterpolation.html }

    private init(html: String) { self.html = html }

    /// Several pieces, one after the other.
    public static func all(_ pieces: [Markup]) -> Markup { Markup(html: pieces.map(\.html).joined()) }

    /// A text, as a piece.
    public static func text(_ text: String) -> Markup { Markup(html: escaped(text)) }

    /// Puts pieces and texts together.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var html = ""

        /// Begins.
        public init(literalCapacity: Int, interpolationCount: Int) { html.reserveCapacity(literalCapacity * 2) }

        /// Adds what stands in the program.
        public mutating func appendLiteral(_ literal: String) { html += literal }
        /// Adds a text, as text.
        public mutating func appendInterpolation(_ text: String) { html += Markup.escaped(text) }
        /// Adds a number.
        public mutating func appendInterpolation(_ number: Int) { html += String(number) }
        /// Adds a piece.
        public mutating func appendInterpolation(_ piece: Markup) { html += piece.html }
    }

    /// Text of at most ``longest`` characters that is text for a browser too: no markup, no control characters, nothing that
    /// turns the direction of what follows (Unicode's "format" characters).
    public static func escaped(_ text: String) -> String {
        var result = ""
        for (count, scalar) in text.unicodeScalars.enumerated() {
            guard count < longest else { return result + "…" }
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result += " "
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
    public static let longest = 4096
}

extension Markup {
    /// An element with attributes, whose values are text.
    public static func element(_ name: StaticString, _ attributes: [(StaticString, String)] = [], _ content: [Markup])
        -> Markup
    {
        let list = attributes.map { " \($0.0)=\"\(escaped($0.1))\"" }.joined()
        return Markup(html: "<\(name)\(list)>" + content.map(\.html).joined() + "</\(name)>")
    }

    /// An element with a text.
    public static func element(_ name: StaticString, _ text: String) -> Markup { element(name, [], [.text(text)]) }

    /// A table with a heading. The first cell of each row names it; each other one knows its heading, under which it stands on a narrow
    /// screen.
    public static func table(_ heading: [String], _ rows: [[Markup]]) -> Markup {
        let titles = heading.map { "<th scope=\"col\">\($0)</th>" as Markup }
        let lines = rows.map { row -> Markup in
            let cells = zip(heading, row).enumerated().map { index, cell -> Markup in
                index == 0
                    ? "<th scope=\"row\">\(cell.1)</th>" : "<td data-label=\"\(cell.0)\">\(cell.1)</td>"
            }
            return "<tr>\(all(cells))</tr>"
        }
        return "<table><thead><tr>\(all(titles))</tr></thead><tbody>\(all(lines))</tbody></table>"
    }

    /// A table of texts.
    public static func table(_ heading: [String], texts rows: [[String]]) -> Markup {
        table(heading, rows.map { $0.map(text) })
    }

    /// A list of texts.
    public static func list(_ items: [String]) -> Markup { .element("ul", [], items.map { .element("li", $0) }) }

    /// A whole page, which loads nothing and runs nothing.
    /// - Parameter style: a style sheet of this program.
    public static func page(_ title: String, language: String, style: StaticString, _ body: [Markup]) -> String {
        let head: Markup = """
            <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">\
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">\
            <title>\(title)</title><style>\(Markup(html: "\(style)"))</style>
            """
        let page = element("html", [("lang", language)], [element("head", [], [head]), element("body", [], body)])
        return "<!DOCTYPE html>\n" + page.html + "\n"
    }
}
