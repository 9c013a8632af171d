import DockCore
import Testing

@testable import DockConfig

/// What becomes of footage that was kept for long enough.
@Suite struct RetentionSectionTests {
    private static let teams = "teams: [{name: a, regime: avg}]\n"

    private static func read(_ text: String) -> Result<Configuration, ConfigurationMistakes> {
        Fixture.read((Fixture.minimal + "\n" + text).utf8)
    }

    @Test func nothingIsDeletedUnlessThatIsSaid() throws {
        #expect(try Self.read("").get().retention == RetentionSettings(apply: false, grace: 86_400))
        #expect(try Self.read(Self.teams).get().retention.apply == false)
        let all = Self.teams + "retention: {apply: true, grace: 0s, request_windows: [24d, 7d]}"
        #expect(
            try Self.read(all).get().retention
                == RetentionSettings(apply: true, grace: 0, requestWindows: [7 * 86_400, 24 * 86_400]))
        #expect(try Self.read("retention: {request_windows: []}").get().retention.requestWindows == [])
    }

    @Test(
        arguments: [
            ("retention: {apply: true}", "0:20: nobody says how long footage is kept; allowed: true only with teams"),
            ("retention: {apply: yes}", "0:20: 'retention.apply' is 'yes'; allowed: true, false"),
            ("retention: {grace: 366d}", "0:20: 'retention.grace' is '366d'; allowed: a duration"),
            ("retention: {request_windows: [3h]}", "0:31: 'retention.request_windows' is '3h'; allowed: a duration"),
            ("retention: {windows: [21d]}", "0:13: unknown key 'windows' in 'retention'"),
        ])
    func mistakesHaveTheirPlace(text: String, mistake: String) throws {
        let parts = mistake.split(separator: ":", maxSplits: 1)
        let line = try #require(Int(parts[0])) + Fixture.minimal.split(separator: "\n").count + 1
        let lines = Self.read(text).lines
        #expect(lines.count == 1 && lines[0].hasPrefix("\(line):\(parts[1])"), "\(lines)")
    }
}
