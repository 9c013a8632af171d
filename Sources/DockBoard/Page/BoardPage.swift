import DockCore
import DockHandover

/// The page around the parts.
enum BoardPage {
    /// The whole page, as it stands without any script: then it asks for itself anew every five seconds.
    static func page(_ parts: BoardParts, title: String, _ phrases: Phrases) -> Markup {
        let language = phrases.language.rawValue
        let main = Markup.all((parts.frame.dropFirst() + [parts.list]).map(\.markup))
        return """
            \(head(title, phrases, live: live(seconds: 5)))<body data-events="/events?lang=\(language)">
            \(.all(parts.frame.prefix(1).map(\.markup)))
            <main>\(main)</main>
            <footer>\(links(.page, phrases))</footer>
            <p id=news class=unseen role=status></p><p id=offline role=alert hidden>\(phrases["offline"])</p>
            </body></html>

            """
    }

    /// What is shown to those who have no token.
    static func signIn(_ here: Route, _ phrases: Phrases) -> Markup {
        let title = phrases["signin"]
        return """
            \(head(title, phrases, live: ""))<body><main class=signin><h1>\(title)</h1><p>\(phrases["signin.what"])</p></main>
            <footer>\(languages(here, phrases))</footer></body></html>

            """
    }

    /// Live by its script, or asking for itself without.
    static func live(seconds: Int) -> Markup {
        "<noscript><meta http-equiv=refresh content=\(seconds)></noscript><script src=\"/board.js\" defer></script>"
    }

    /// What stands before the body.
    static func head(_ title: String, _ phrases: Phrases, live: Markup, scheme: Markup = "dark") -> Markup {
        """
        <!doctype html>
        <html lang=\(phrases.language.rawValue)><head><meta charset=utf-8><title>\(title)</title>
        <meta name=viewport content="width=device-width, initial-scale=1"><meta name=color-scheme content="\(scheme)">
        <link rel=icon href="/icon.svg" type="image/svg+xml"><link rel=stylesheet href="/board.css">\(live)</head>

        """
    }

    /// Links to the other pages, and to the same in each language.
    static func links(_ here: Route, _ phrases: Phrases) -> Markup {
        let pages: [(Route, String)] = [(.page, "page.board"), (.leader, "page.leader"), (.history, "page.history")]
        let links = pages.map { page, key -> Markup in
            let current: Markup = page == here ? " aria-current=page" : ""
            return "<a href=\"\(page.rawValue)?lang=\(phrases.language.rawValue)\"\(current)>\(phrases[key])</a>"
        }
        return "<nav aria-label=\"\(phrases["pages"])\">\(.all(links))</nav>\(languages(here, phrases))"
    }

    private static func languages(_ here: Route, _ phrases: Phrases) -> Markup {
        let names: [(HandoverSettings.Language, String)] = [(.nl, "Nederlands"), (.en, "English")]
        let links: [Markup] = names.map { language, name in
            let current: Markup = language == phrases.language ? " aria-current=true" : ""
            let code = language.rawValue
            return "<a href=\"\(here.rawValue)?lang=\(code)\" lang=\(code) hreflang=\(code)\(current)>\(name)</a>"
        }
        return "<nav aria-label=\"\(phrases["language"])\">\(.all(links))</nav>"
    }
}
