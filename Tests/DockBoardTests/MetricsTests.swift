import DockTestSupport
import Foundation
import Testing

@testable import DockBoard
@testable import DockCore

/// What Prometheus is told, read by the rules of its text format.
@Suite struct MetricsTests {
    private static func text(_ feed: BoardFeed) -> String {
        Metrics(feed.moment, streams: 3, requests: [200: 7, 404: 1]).text
    }

    /// The samples by name and labels; fails for anything that is not in the format, or not in order.
    private static func samples(_ text: String) throws -> [String: Double] {
        var samples: [String: Double] = [:]
        var family = ""
        var seen: Set<String> = []
        try #require(text.hasSuffix("\n"))
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if let help = line.wholeMatch(of: /# HELP ([a-z_]+) [^\\]+/) {
                family = String(help.1)
                try #require(seen.insert(family).inserted, "\(family) comes twice")
            } else if let type = line.wholeMatch(of: /# TYPE ([a-z_]+) (gauge|counter)/) {
                try #require(type.1 == family && (type.2 == "counter") == family.hasSuffix("_total"), "\(line)")
            } else {
                let pattern =
                    /([a-z_]+)(\{[a-z]+="(?:[^"\\\n]|\\[\\"n])*"(?:,[a-z]+="(?:[^"\\\n]|\\[\\"n])*")*\})? (-?[0-9.e+-]+)/
                let sample = try #require(line.wholeMatch(of: pattern), "\(line)")
                try #require(sample.1 == family, "\(line) stands among \(family)")
                let key = String(sample.1) + String(sample.2 ?? "")
                try #require(
                    samples.updateValue(try #require(Double(sample.3)), forKey: key) == nil, "\(key) comes twice")
            }
        }
        return samples
    }

    @Test func everythingIsToldInTheFormat() throws {
        let vaults = [SampleDock.vault("archive", .working), SampleDock.vault("cloud", .stopped)]
        var status = SampleDock.everyState
        status.vaults = vaults
        let samples = try Self.samples(Self.text(SampleDock.feed(status)))
        #expect(samples["bodydock_up"] == 1 && samples["bodydock_board_streams"] == 3)
        #expect(samples["bodydock_board_requests_total{code=\"404\"}"] == 1)
        #expect(samples["bodydock_agent_info{dock=\"stadhuis-1\",version=\"1.2.3\"}"] == 1)
        #expect(samples["bodydock_spool_free_bytes"] == 9_000_000_000)
        #expect(samples["bodydock_bay_done_bytes{bay=\"4\"}"] == 42_000_000)
        #expect(samples["bodydock_bay_battery_ratio{bay=\"4\",source=\"statusFile\"}"] == 0.8)
        #expect(samples["bodydock_bay_state_start_time_seconds{bay=\"1\"}"] == 1_799_999_910)
        #expect(samples["bodydock_vault_alarm{vault=\"cloud\"}"] == 1)
        for (index, state) in BayStatus.State.allCases.enumerated() {
            for other in BayStatus.State.allCases {
                let key = "bodydock_bay_state{bay=\"\(index + 1)\",state=\"\(other.rawValue)\"}"
                #expect(samples[key] == (state == other ? 1 : 0))
            }
        }
    }

    @Test func alarmsAndCamerasAreCounted() throws {
        let noon = SampleDock.noon
        var status = SampleDock.status([])
        var known = Alarm(.init(.overdueCamera, "A"), what: "camera A, worn by 4711", next: "", raised: noon)
        (known.acknowledged, known.by) = (noon, "4712")
        status.alarms = [known, Alarm(.init(.overdueCamera, "B"), what: "4713", next: "", raised: noon)]
        let cameras = CameraPool(members: [.init("A", wearer: "4711"), .init("B")]).readiness([], at: noon, .utc)
        status.cameras = cameras
        let shift = Shift(
            name: "late", date: CivilDate(days: 1), start: noon.adding(seconds: 60), end: noon.adding(seconds: 120))
        status.next = ReadinessForecast(cameras, for: shift, roster: Roster(), at: noon)
        let text = Self.text(SampleDock.feed(status))
        #expect(!text.contains("471"))
        let samples = try Self.samples(text)
        #expect(samples["bodydock_alarms{kind=\"overdueCamera\"}"] == 2)
        #expect(samples["bodydock_alarms_unnoted{kind=\"overdueCamera\"}"] == 1)
        #expect(samples["bodydock_alarms{kind=\"spoolFull\"}"] == 0)
        #expect(samples["bodydock_cameras{state=\"away\"}"] == 2 && samples["bodydock_cameras{state=\"ready\"}"] == 0)
        #expect(samples["bodydock_next_shift_cameras{ready=\"no\"}"] == 2)
        #expect(samples["bodydock_next_shift_start_time_seconds{shift=\"late\"}"] == 1_800_000_060)
    }

    @Test func whatIsNotKnownIsNotTold() throws {
        #expect(try Self.samples(Self.text(SampleDock.feed(nil))).keys.allSatisfy { !$0.contains("bay") })
        let feed = SampleDock.feed(SampleDock.everyState)
        feed.lose()
        let samples = try Self.samples(Self.text(feed))
        #expect(samples["bodydock_up"] == 0 && samples.keys.allSatisfy { !$0.contains("_bay_") })
    }

    @Test func labelsBearAnyName() throws {
        let name = "a\"b\\c\nd{},= é"
        let samples = try Self.samples(Self.text(SampleDock.feed(SampleDock.status([SampleDock.bay(name, .held)]))))
        #expect(samples["bodydock_bay_state{bay=\"a\\\"b\\\\c\\nd{},= é\",state=\"held\"}"] == 1)
    }

    @Test(arguments: ["alerts.yaml", "grafana.json"]) func rulesAndPanelsAskForWhatIsTold(file: String) throws {
        let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(
            contentsOf: checkout.appendingPathComponent("config/prometheus/\(file)"), encoding: .utf8)
        let asked = Set(text.matches(of: /\bbodydock_[a-z_]+/).map { String($0.output) })
        var status = SampleDock.everyState
        status.vaults = [SampleDock.vault("cloud", .stopped)]
        let shift = Shift(
            name: "late", date: CivilDate(days: 1), start: SampleDock.noon, end: SampleDock.noon.adding(seconds: 1))
        status.next = ReadinessForecast([], for: shift, roster: Roster(), at: SampleDock.noon)
        let told = Set(
            Self.text(SampleDock.feed(status)).matches(of: /# TYPE ([a-z_]+)/).map { String($0.output.1) })
        #expect(asked.count > 3 && asked.subtracting(told).isEmpty, "\(asked.subtracting(told))")
    }

    /// Prometheus' own tool, where it is installed.
    @Test func promtoolFindsNothingWrong() throws {
        guard try Tool.run("sh", ["-c", "command -v promtool"]).status == 0 else { return }
        let text = Self.text(SampleDock.feed(SampleDock.everyState))
        let result = try Tool.run("promtool", ["check", "metrics"], input: Data(text.utf8))
        #expect(result.status == 0 && result.errors.isEmpty && result.text.isEmpty, "\(result.errors)\(result.text)")
    }
}
