import DockTestSupport
import Foundation
import Testing

@testable import DockCore
@testable import DockHandover

@Suite struct ReportFormTests {
    @Test func everyPhraseStandsInEveryLanguageWithTheSameBlanks() {
        for language in HandoverSettings.Language.allCases {
            let texts = Phrase.texts[language] ?? [:]
            for phrase in Phrase.allCases {
                let text = texts[phrase]
                #expect(text?.isEmpty == false, "\(phrase) is missing in \(language)")
                let blanks = { (text: String?) in (text ?? "").components(separatedBy: "{}").count }
                #expect(blanks(text) == blanks(Phrase.texts[.en]?[phrase]), "\(phrase) in \(language)")
            }
        }
        #expect(Phrase.readyOf.text(.nl, "5", "{}", "07:00") == "5 van {} klaar om 07:00")
    }

    @Test func theForecastIsSaidInBothLanguages() throws {
        let miss = ReadinessForecast.Miss(
            camera: "BWC3", title: "3", cause: .upload, seconds: 2400, readyAt: nil, reasons: [])
        #expect(Wording(language: .en, local: .utc).miss(miss) == "camera 3 will miss it: 40 min of upload left")
        #expect(Wording(language: .nl, local: .utc).miss(miss) == "camera 3 haalt het niet: nog 40 min te verzenden")
        let report = try Sample.report().shown(as: .text, .nl, Sample.local)
        #expect(report.contains("Dienstrapport: late, 04-10-2024, 15:00–23:30"))
        #expect(report.contains("Niet teruggebracht: Camera C"))
    }

    /// What a person reads of causes is there in every language, and says something else in each.
    @Test(arguments: Cause.Code.allCases) func everyCauseIsSaidInEveryLanguage(code: Cause.Code) {
        #expect(Cause.Code(rawValue: code.rawValue) == code)
        let words = HandoverSettings.Language.allCases.map { Wording.sentence(code, $0) }
        #expect(words.allSatisfy { !$0.isEmpty } && Set(words).count == words.count, "\(code.rawValue)")
        #expect(Wording.dutch[code] != nil)
    }

    @Test func aCauseNamesWhatItIsAbout() throws {
        var cause = Cause(
            Finding(
                .hashWrong, recording: "R1", path: try CameraPath(Array("DCIM/4711.mp4".utf8)), missing: .seconds(3.2),
                holds: true, "its SHA-256 differs"))
        let dutch = Wording(language: .nl, local: .utc)
        #expect(
            dutch.cause(cause)
                == "opname R1, DCIM/4711.mp4: een bestand is niet wat de lijst van de camera zegt (4 s ontbreekt)")
        #expect(
            cause.withoutPeople == Cause(.finding(.hashWrong))
                && cause.sentence == "a file is not what the camera lists")
        cause = Cause(.state(.undelivered), vault: "archive", count: 3)
        #expect(dutch.cause(cause) == "opslag archive: nog niet alles is afgeleverd (3 bestanden)")
        #expect(cause.withoutPeople == cause)
        #expect(
            Cause(.heldByPerson("for 4711")).note == "for 4711"
                && Cause(.heldByPerson("4711")).withoutPeople.note == nil)
        // Without values, the sentence that was written down stands.
        #expect(dutch.reasons(["why"], nil) == ["why"] && dutch.reasons(["why"], [cause]) == [dutch.cause(cause)])
        #expect(Wording(language: .en, local: .utc).reasons(["why"], [cause]) == ["why"])
    }

    static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onload='x", "</title><b>", "&lt;", "]]>",
        "<!--",
        "\u{202e}evil\u{2066}", "\u{0}\u{1b}[31m", "javascript:alert(1)", "{}{}", "a\u{7f}b",
    ]

    /// What a page has of elements, whoever fills it with whatever, is what it has with harmless text.
    @Test(arguments: hostile) func whatACameraWritesIsTextAndNeverMarkup(evil: String) throws {
        func shape(_ html: String) -> [Substring] {
            html.split(separator: "<").dropFirst().map { $0.prefix { !" >".contains($0) } }
        }
        for language in HandoverSettings.Language.allCases {
            let harmless = try Sample.report("x").shown(as: .html, language, Sample.local)
            let page = try Sample.report(evil).shown(as: .html, language, Sample.local)
            #expect(shape(page) == shape(harmless))
            #expect(!page.contains("\u{202e}") && !page.contains("\u{1b}") && !page.contains("\u{0}"))
            #expect(page.contains("default-src 'none'"))
        }
    }

    /// Against a real parser: the page is well-formed, and nothing in it runs or loads.
    @Test func aRealParserFindsOnlyOurElements() throws {
        let page = try Sample.report("<script>x</script>\"'").shown(as: .html, .nl, Sample.local)
        let script = """
            import sys, html.parser
            class P(html.parser.HTMLParser):
                def __init__(s): super().__init__(); s.seen=set(); s.text=''; s.stack=[]
                def handle_starttag(s, t, a):
                    s.seen.add(t)
                    if t not in ('meta', 'br'): s.stack.append(t)
                    for k, v in a: assert not k.startswith('on') and k not in ('src','href'), k
                def handle_endtag(s, t): assert s.stack.pop() == t
                def handle_data(s, d): s.text += d
            p = P(); p.feed(sys.stdin.read()); p.close()
            assert not p.stack
            print(' '.join(sorted(p.seen))); print('<script>x</script>' in p.text)
            """
        let folder = try TemporaryFolder()
        try page.write(toFile: folder.at("page.html"), atomically: true, encoding: .utf8)
        let result = try Tool.run("sh", ["-c", "python3 -c \"$1\" < \"$2\"", "sh", script, folder.at("page.html")])
        #expect(result.status == 0, "\(result.errors)")
        let lines = result.text.split(separator: "\n")
        #expect(
            lines.first
                == "b body br div footer h1 h2 h3 head header html li main meta p section small style table tbody td th thead title tr ul"
        )
        #expect(lines.last == "True")
    }

    @Test func theTableIsReadByOthers() throws {
        let evil = "=cmd|'/c calc'!A1,\"x\""
        let table = try Sample.report(evil).shown(as: .csv, .en, Sample.local)
        let folder = try TemporaryFolder()
        try table.write(toFile: folder.at("report.csv"), atomically: true, encoding: .utf8)
        let script = """
            import csv, sys
            rows = list(csv.DictReader(open(sys.argv[1], newline='')))
            print(len(rows), all(None not in r and None not in r.values() for r in rows))
            print(rows[0]['camera']); print(rows[0]['clock_offset']); print(rows[2]['camera'], rows[2]['outcome'])
            """
        let result = try Tool.run("python3", ["-c", script, folder.at("report.csv")])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.text == "3 True\n'\(evil)\n-12.5\nC notReturned\n")
    }

    @Test func theDocumentIsKeptAsItIs() throws {
        let report = Sample.report("é\"/\u{1}")
        let document = try report.document
        #expect(try ShiftReport(document: document, at: "") == report)
        var newer = String(decoding: document, as: UTF8.self)
        newer = newer.replacing("\"schema\" : 1", with: "\"schema\" : 2")
        #expect(throws: DockError.self) { try ShiftReport(document: Array(newer.utf8), at: "") }
        #expect(throws: DockError.self) { try ShiftReport(document: Array("{}".utf8), at: "") }
    }
}
