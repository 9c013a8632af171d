import DockCore
import DockHandover

/// A page that is read rather than glanced at: the team leader's, and the history. It asks for itself anew every minute.
enum SheetPage {
    /// - Parameters:
    ///   - here: which page it is.
    ///   - title: what stands above it.
    static func page(_ here: Route, title: String, _ phrases: Phrases, _ content: Markup) -> Markup {
        """
        \(BoardPage.head(title, phrases, live: BoardPage.live(seconds: 60), scheme: "light dark"))<body class=sheet data-renew=60>
        <header><h1>\(title)</h1></header>
        <main>\(content)</main>
        <footer>\(BoardPage.links(here, phrases))</footer>
        <p id=offline role=alert hidden>\(phrases["offline"])</p>
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

    /// A table; nil if it has no rows.
    static func table(_ heading: [String], _ rows: [[Markup]]) -> Markup? {
        rows.isEmpty ? nil : .table(heading, rows)
    }
}
