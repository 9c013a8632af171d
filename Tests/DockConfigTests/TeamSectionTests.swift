import DockCore
import Testing

@testable import DockConfig

/// Whose cameras they are, and for how long their footage is kept.
@Suite struct TeamSectionTests {
    private static func read(_ text: String) -> Result<Configuration, ConfigurationMistakes> {
        Fixture.read((Fixture.minimal + "\n" + text).utf8)
    }

    /// The line of the first line of what is appended.
    private static let first = Fixture.minimal.split(separator: "\n").count + 1

    private static let teams = """
        teams:
          - {name: handhaving, regime: wpg}
          - {name: parkeren, regime: avg, retention: 60h}
        cameras:
          - {serial: BWC1, team: handhaving, number: '7'}
          - {serial: BWC2, team: parkeren}
          - {serial: BWC3}
        """

    private static func cloud(_ days: String) -> String {
        """
          - name: cloud
            type: s3
            endpoint: https://s3.example.org
            bucket: evidence
            credentials: s3
            lock: {mode: compliance, days: \(days)}
        """
    }

    private static func lock(_ configuration: Configuration) -> ObjectLock.Policy? {
        guard case .s3(let settings)? = configuration.vaults.last?.kind else { return nil }
        return settings.lock
    }

    @Test func aCameraHasItsTeamAndItsNumber() throws {
        let configuration = try Self.read(Self.teams).get()
        #expect(
            configuration.teams == [
                TeamSettings(name: "handhaving", regime: .wpg, retention: 28 * 86_400),
                TeamSettings(name: "parkeren", regime: .avg, retention: 60 * 3600),
            ])
        #expect(configuration.team(ofCamera: "BWC1")?.name == "handhaving")
        #expect(configuration.team(ofCamera: "BWC2")?.retentionDays == 3)
        #expect(configuration.team(ofCamera: "BWC3") == nil && configuration.team(ofCamera: "BWC9") == nil)
        #expect(configuration.cameras.map(\.number) == ["7", nil, nil])
    }

    @Test func aBucketLocksAsLongAsTheTeamKeeps() throws {
        let policy = try #require(try Self.lock(Self.read(Self.cloud("team") + "\n" + Self.teams).get()))
        let days = ["BWC1", "BWC2", "BWC3", "BWC9"].map { policy.ofCamera($0).retention?.days }
        #expect(days == [28, 3, 28, 28], "of no team: as long as the most patient team")
        #expect(policy.retention?.mode == .compliance && policy.retention?.longest == 28)
        let fixed = try #require(try Self.lock(Self.read(Self.cloud("90") + "\n" + Self.teams).get()))
        #expect(["BWC1", "BWC2"].allSatisfy { fixed.ofCamera($0).retention?.days == 90 })
    }

    @Test func aLockOfTeamsNeedsTeams() {
        let lines = Self.read(Self.cloud("team")).lines
        #expect(
            lines.count == 1 && lines[0].hasPrefix("\(Self.first + 5):36: 'vaults.lock.days' needs a team"), "\(lines)")
        let other = Self.read(Self.cloud("tean") + "\n" + Self.teams).lines
        #expect(other.count == 1 && other[0].contains("or team: as long as the camera's team keeps"), "\(other)")
    }

    @Test(
        arguments: [
            ("teams: [{regime: wpg}]", "0:9: 'teams.name' is missing"),
            ("teams: [{name: a}]", "0:9: 'teams.regime' is missing; allowed: wpg, avg"),
            ("teams: [{name: a, regime: gdpr}]", "0:27: 'teams.regime' is 'gdpr'; allowed: wpg, avg"),
            ("teams: [{name: a, regime: avg, retention: 23h}]", "0:43: 'teams.retention' is '23h'"),
            ("teams: [{name: a, regime: avg, retention: 28}]", "0:43: 'teams.retention' is '28'"),
            ("teams:\n  - {name: a, regime: avg}\n  - {name: A, regime: wpg}", "2:12: a second team is named 'A'"),
            ("teams: [{name: a, regime: avg, keep: 3d}]", "0:32: unknown key 'keep' in 'teams'"),
            (
                "teams: [{name: parking, regime: avg}]\ncameras: [{serial: B, team: parkin}]",
                "1:29: 'cameras.team' names 'parkin', which is no team; did you mean 'parking'? allowed: parking"
            ),
            (
                "cameras: [{serial: B, team: a}]",
                "0:29: 'cameras.team' names 'a', which is no team; allowed: a team that"
            ),
            (
                "cameras: [{serial: B, number: c7}, {serial: C, number: C7}]",
                "0:56: this is also the number of the camera 'B'; allowed: a number of its own"
            ),
        ])
    func mistakesHaveTheirPlace(text: String, mistake: String) throws {
        let parts = mistake.split(separator: ":", maxSplits: 1)
        let line = try #require(Int(parts[0])) + Self.first
        let lines = Self.read(text).lines
        #expect(lines.count == 1 && lines[0].hasPrefix("\(line):\(parts[1])"), "\(lines)")
    }
}
