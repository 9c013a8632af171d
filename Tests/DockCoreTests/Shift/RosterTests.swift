import Testing

@testable import DockCore

@Suite struct RosterTests {
    private static let cameras: Set<String> = ["BWC1", "BWC2"]

    private func parse(_ text: String) -> Result<Roster, Roster.Mistakes> {
        Roster.parse(Array(text.utf8), plan: ShiftPlanTests.plan, cameras: Self.cameras)
    }

    private func lines(_ text: String) -> [Int] {
        if case .failure(let mistakes) = parse(text) { mistakes.named.map(\.line) } else { [] }
    }

    @Test(arguments: [
        "date,shift,badge,camera\n2026-10-23,early,4711,BWC1\n2026-10-23,early,4712,BWC2\n",
        "\u{feff}Camera;Badge;Shift;Date\r\nBWC1;4711;early;2026-10-23\r\n;\r\n".replacing(";\r\n", with: "\r\n")
            + "BWC2;4712;early;2026-10-23",
        "date,shift,badge,camera\n\"2026-10-23\", early ,\"4711\",BWC1\n\n   \n2026-10-23,early,4712,BWC2",
    ])
    func aTableIsReadAsSpreadsheetsWriteIt(text: String) throws {
        let roster = try parse(text).get()
        #expect(roster.entries.map(\.badge) == ["4711", "4712"])
        #expect(roster.entries.map(\.camera) == ["BWC1", "BWC2"])
    }

    @Test func eachMistakeIsNamedByItsLine() {
        let text = """
            date,shift,badge,camera
            2026-10-23,early,4711,BWC1
            2026-10-32,early,4712,BWC2
            2026-10-23,noon,4712,BWC2
            2026-10-24,early,4712,BWC2
            2026-10-23,early,Jansen,BWC2
            2026-10-23,early,4712,BWC9
            2026-10-23,early,4712
            2026-10-23,early,4712,BWC1
            2026-10-23,late,4711,BWC1
            2026-10-23,early,4711,BWC2
            2026-10-23,early,"4711,BWC2
            """
        #expect(lines(text) == [3, 4, 5, 6, 7, 8, 9, 11, 12])
    }

    @Test func noMistakeRepeatsWhatMayBeAPersonsName() {
        guard case .failure(let mistakes) = parse("date,shift,badge,camera\n2026-10-23,early,Jansen,BWC1") else {
            Issue.record("a name passed for a badge")
            return
        }
        #expect(!mistakes.lines.joined().contains("Jansen"))
    }

    @Test(arguments: ["", "date,shift,badge\n", "date,date,badge,camera\n", "2026-10-23,early,4711,BWC1\n"])
    func aTableWithoutItsHeadingIsRefused(text: String) { #expect(lines(text) == [1]) }

    @Test func hostileBytesAreMistakesAndNothingElse() {
        var random = SplitMix(seed: 5)
        for _ in 0..<300 {
            let bytes = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
            let result = Roster.parse(
                Array("date,shift,badge,camera\n".utf8) + bytes, plan: ShiftPlanTests.plan, cameras: [])
            if case .success(let roster) = result { #expect(roster.entries.isEmpty) }
        }
        let many = "date,shift,badge,camera\n" + String(repeating: "x\n", count: 5000)
        guard case .failure(let mistakes) = parse(many) else {
            Issue.record("no mistake")
            return
        }
        #expect(mistakes.count == 5000)
        #expect(mistakes.lines.count == Roster.namedMistakes + 1)
    }
}
