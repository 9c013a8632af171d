import Testing

@testable import DockConfig

@Suite struct KeySuggestionTests {
    @Test(
        arguments: [
            ("recipient", "recipients"), ("reciepients", "recipients"), ("keep-free", "keep_free"),
            ("KeepFree", "keep_free"),
            ("naem", "name"), ("nam", "name"), ("typ", "type"), ("bucket", nil), ("x", nil), ("", nil),
            ("nnaammee", nil),
            (String(repeating: "name", count: 100), nil),
        ] as [(String, String?)])
    func theWordThatWasMeantIsFound(typed: String, meant: String?) {
        #expect(KeySuggestion.nearest(to: typed, among: ["recipients", "keep_free", "name", "type"]) == meant)
    }
}
