/// HTML that is put together from texts: whatever a camera, a roster or a person wrote stands there as text. There is no way to put a string
/// in as markup but ``Markup/element(_:_:_:)``, whose names are written in this program.
public struct Markup: Sendable {
    /// As it is written.
    public let html: String

    /// Text. Control characters, and those that would change the direction of what follows, show as a replacement character.
    public static func text(_ text: String) -> Markup {
        var html = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "\"": html += "&quot;"
            case "'": html += "&#39;"
            case "\n", "\t": html += " "
            case _ where scalar.properties.generalCategory == .control || directions.contains(scalar.value):
                html += "\u{fffd}"
            default: html.unicodeScalars.append(scalar)
            }
        }
        return Markup(html: html)
    }

    private static let directions: [UInt32] =
        Array(0x202a...0x202e) + Array(0x2066...0x2069) + [0x200e, 0x200f, 0x061c]

    /// An element with attributes, whose values are text.
    public static func element(_ name: StaticString, _ attributes: [(StaticString, String)] = [], _ content: [Markup])
        -> Markup
    {
        let list = attributes.map { " \($0.0)=\"\(Markup.text($0.1).html)\"" }.joined()
        return Markup(html: "<\(name)\(list)>" + content.map(\.html).joined() + "</\(name)>")
    }

    /// An element with a text.
    public static func element(_ name: StaticString, _ text: String) -> Markup { element(name, [], [.text(text)]) }

    /// A table with a heading; each cell is text.
    public static func table(_ heading: [String], _ rows: [[String]]) -> Markup {
        .element(
            "table", [],
            [
                .element(
                    "thead", [], [.element("tr", [], heading.map { .element("th", [("scope", "col")], [.text($0)]) })]),
                .element("tbody", [], rows.map { row in .element("tr", [], row.map { .element("td", $0) }) }),
            ])
    }

    /// A list of texts.
    public static func list(_ items: [String]) -> Markup { .element("ul", [], items.map { .element("li", $0) }) }

    /// A style sheet of this program.
    public static func style(_ sheet: StaticString) -> Markup { Markup(html: "<style>\(sheet)</style>") }

    /// A whole page, which loads nothing and runs nothing.
    public static func page(_ title: String, language: String, style: StaticString, _ body: [Markup]) -> String {
        let head = Markup(
            html: "<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        )
        let page = element(
            "html", [("lang", language)],
            [element("head", [], [head, element("title", title), .style(style)]), element("body", [], body)])
        return "<!DOCTYPE html>\n" + page.html + "\n"
    }
}
