import DockCore
import Testing

@testable import DockConfig

/// How much the nightly run looks after.
@Suite struct NightlySectionTests {
    private static func read(_ text: String) -> Result<Configuration, ConfigurationMistakes> {
        Fixture.read((Fixture.minimal + "\n" + text).utf8)
    }

    @Test func itMayBeLeftOut() throws {
        #expect(try Self.read("").get().nightly == NightSettings(checkShare: 0.05, checkMost: 1000))
    }

    @Test(
        arguments: [
            ("5 %", 0.05), ("5%", 0.05), ("0 %", 0), ("0%", 0), ("100 %", 1), ("0.5 %", 0.005), ("33.25%", 0.3325),
            ("5", nil), ("0.05", nil), ("101 %", nil), ("-5 %", nil), ("5  %", nil), ("5 percent", nil), ("5,5 %", nil),
            ("100.1 %", nil), ("%", nil), ("5 %%", nil), (".5 %", nil), ("5e1 %", nil), ("five %", nil),
        ] as [(String, Double?)])
    func shares(text: String, share: Double?) throws {
        let result = Self.read("nightly: {check_share: '\(text)', check_most: 7}")
        if let share {
            #expect(try result.get().nightly == NightSettings(checkShare: share, checkMost: 7))
        } else {
            #expect(result.lines.count == 1 && result.lines[0].contains("'nightly.check_share'"))
            #expect(result.lines[0].contains("allowed: a share in percent such as '5 %'"))
        }
    }

    @Test(
        arguments: [
            ("always", .some(nil)), ("1d", 86_400), ("27d", 2_332_800), ("36500d", 3_153_600_000), ("23h", nil),
            ("never", nil), ("36501d", nil), ("28", nil),
        ] as [(String, Double??)])
    func times(text: String, seconds: Double??) throws {
        let result = Self.read("nightly: {check_within: '\(text)'}")
        if let seconds {
            #expect(try result.get().nightly == NightSettings(checkWithin: seconds))
        } else {
            #expect(result.lines.count == 1 && result.lines[0].contains("allowed: always, or a duration"))
        }
    }

    @Test func mistakesHaveTheirPlace() {
        let line = Fixture.minimal.split(separator: "\n").count + 2
        let lines = Self.read("nightly:\n  check_most: 0\n  check_shares: 5 %").lines
        #expect(lines.contains { $0.hasPrefix("\(line):15: ") && $0.contains("1 to 1000000") }, "\(lines)")
        #expect(
            lines.contains { $0.hasPrefix("\(line + 1):3: ") && $0.contains("did you mean 'check_share'") }, "\(lines)")
    }
}
