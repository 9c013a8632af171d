import DockCore
import Foundation
import Testing

@Suite struct FindingEffectTests {
    @Test func theDocumentSaysWhatTheCodeDoes() throws {
        let root = URL(fileURLWithPath: #filePath).appending(path: "../../../..").standardized
        let text = try String(contentsOf: root.appending(path: "docs/manifest.md"), encoding: .utf8)
        var table: [String: String] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            if cells.count >= 2, Finding.Code.Effect(rawValue: cells[1]) != nil {
                table[cells[0].trimmingCharacters(in: ["`"])] = cells[1]
            }
        }
        #expect(table.count == Finding.Code.allCases.count)
        for code in Finding.Code.allCases { #expect(table[code.rawValue] == code.effect.rawValue, "\(code)") }
    }

    @Test func onlyWhereTheEffectDependsDoesDoubtMatter() {
        for code in Finding.Code.allCases {
            #expect(Finding(code, inDoubt: true, "").holds == (code.effect != .reported))
            #expect(Finding(code, inDoubt: false, "").holds == (code.effect == .holds))
        }
    }
}
