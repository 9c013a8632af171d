import Testing

@testable import DockHandover

/// Whatever is put into a page stands there as text.
@Suite struct MarkupTests {
    @Test(
        arguments: [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("\" onload='x' & <b>", "&quot; onload=&#39;x&#39; &amp; &lt;b&gt;"),
            ("a\u{0}b\u{1b}[2Jc\u{85}", "a\u{fffd}b\u{fffd}[2Jc\u{fffd}"),
            ("\u{202e}gpj.exe", "\u{fffd}gpj.exe"), ("\u{2028}", "\u{fffd}"), ("é日本", "é日本"),
        ])
    func textStaysText(text: String, html: String) {
        let markup: Markup = "<p title=\"\(text)\">\(text)</p>"
        #expect(markup.html == "<p title=\"\(html)\">\(html)</p>")
    }

    @Test func longTextIsCutShort() {
        let markup: Markup = "\(String(repeating: "<", count: 1_000_000))"
        #expect(markup.html == String(repeating: "&lt;", count: Markup.longest) + "…")
    }

    @Test func piecesAreTakenAsTheyAre() {
        let piece: Markup = "<b>\(7)</b>"
        let whole: Markup = "<i>\(piece)\(Markup.all([piece, piece]))</i>"
        #expect(whole.html == "<i><b>7</b><b>7</b><b>7</b></i>")
    }
}
