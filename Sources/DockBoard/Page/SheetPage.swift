import DockCore

/// A page that is read rather than glanced at: the team leader's, and the history. It asks for itself anew every minute.
enum SheetPage {
    /// - Parameters:
    ///   - here: which page it is.
    ///   - title: what stands above it.
    static func page(_ here: Route, title: String, _ phrases: Phrases, _ content: Markup) -> Markup {
        """
        \(BoardPage.head(title, phrases, live: "<meta http-equiv=refresh content=60>"))<body class=sheet>
        <header><h1>\(title)</h1></header>
        <main>\(content)</main>
        <footer>\(BoardPage.links(here, phrases))</footer>
        </body></html>

        """
    }

    /// What is shown where there is no answer.
    static func failure(_ here: Route, title: String, _ phrases: Phrases, why: String) -> Markup {
        page(here, title: title, phrases, "<p class=\"note attention\">\(phrases["noanswer"])</p><p lang=en>\(why)</p>")
    }

    /// A part of the page under a heading; what is to be said instead if there is nothing.
    static func section(_ title: String, _ content: Markup?, otherwise: String) -> Markup {
        "<section><h2>\(title)</h2>\(content ?? "<p class=none>\(otherwise)</p>")</section>"
    }

    /// A table; nil if it has no rows. The first cell of each row names it. On a narrow screen each cell stands under its heading.
    static func table(_ heading: [String], _ rows: [[Markup]]) -> Markup? {
        guard !rows.isEmpty else { return nil }
        let titles = heading.map { "<th scope=col>\($0)</th>" as Markup }
        let lines = rows.map { row -> Markup in
            let cells = zip(heading, row).enumerated().map { index, cell -> Markup in
                index == 0
                    ? "<th scope=row>\(cell.1)</th>" : "<td data-label=\"\(cell.0)\">\(cell.1)</td>"
            }
            return "<tr>\(.all(cells))</tr>"
        }
        return "<table><thead><tr>\(.all(titles))</tr></thead><tbody>\(.all(lines))</tbody></table>"
    }
}

extension Markup {
    /// A text, as a piece.
    static func text(_ text: String) -> Markup { "\(text)" }

    /// Pieces as a list; nil for none.
    static func list(_ items: [Markup]) -> Markup? {
        items.isEmpty ? nil : "<ul>\(.all(items.map { "<li>\($0)</li>" }))</ul>"
    }
}
