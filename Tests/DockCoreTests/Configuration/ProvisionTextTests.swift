import DockCore
import Testing

@Suite struct ProvisionTextTests {
    private func filled(_ text: String) -> String? { ProvisionText(text)?.filled { "<\($0.rawValue)>" } }

    @Test(
        arguments: [
            ("", ""), ("plain\n", "plain\n"), ("{camera}", "<camera>"), ("{camera}{wearer}", "<camera><wearer>"),
            ("ID={camera}\r\nTIME={date} {time}\r\n", "ID=<camera>\r\nTIME=<date> <time>\r\n"),
            ("{{camera}}", "{camera}"), ("{{{camera}}}", "{<camera>}"), ("{{}}", "{}"), ("}}{{", "}{"),
            ("{{\"at\": \"{utc}\", \"unix\": {unix}}}", "{\"at\": \"<utc>\", \"unix\": <unix>}"),
            ("é{dock}ß", "é<dock>ß"),
        ])
    func fieldsAreFilledInAndDoubledBracesAreBraces(text: String, says: String) {
        #expect(filled(text) == says)
    }

    @Test(
        arguments: [
            ("{weater}", "'{weater}' is no field"), ("{Camera}", "'{Camera}' is no field"),
            ("{}", "a '{' begins no field"), ("{ camera}", "a '{' begins no field"),
            ("a{", "a '{' is not closed"), ("{camera", "a '{' is not closed"), ("{{camera}", "a '}' closes nothing"),
            ("}", "a '}' closes nothing"), ("{camera}}", "a '}' closes nothing"),
            ("{cam{era}", "a '{' begins no field"), ("psk={S3cret!}", "a '{' begins no field"),
            ("{aaaaaaaaaaaaaaaaaaaaa}", "a '{' begins no field"), ("{\n}", "a '{' begins no field"),
        ])
    func otherBracesAreRefusedAndNothingElseIsRepeated(text: String, reason: String) {
        #expect(ProvisionText(text) == nil)
        guard case .failure(let error) = ProvisionText.parse(text) else {
            Issue.record("\(text) was taken")
            return
        }
        #expect(error.reason == reason)
    }

    @Test(arguments: ProvisionText.Field.allCases) func eachFieldStandsForWhatItIs(field: ProvisionText.Field) {
        #expect(ProvisionText("a{\(field.rawValue)}b")?.pieces == [.text("a"), .field(field), .text("b")])
    }

    @Test func whatIsFilledInIsNotReadAgain() {
        #expect(ProvisionText("{wearer}")?.filled { _ in "{camera}" } == "{camera}")
    }

    @Test func onlyTimesTellTheTime() {
        for text in ["{utc}", "{date}", "x{time}", "{camera} {unix}"] {
            #expect(ProvisionText(text)?.tellsTime == true)
        }
        for text in ["", "time", "{{time}}", "{camera}{wearer}{dock}"] {
            #expect(ProvisionText(text)?.tellsTime == false)
        }
    }

    @Test func aLongTextIsParsedInAMoment() {
        let braces = String(repeating: "{", count: 65_535)
        #expect(ProvisionText(braces) == nil)
        #expect(filled(String(repeating: "{{", count: 32_768))?.count == 32_768)
        #expect(ProvisionText(String(repeating: "{time}", count: 10_000))?.pieces.count == 10_000)
    }
}
