import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

/// A dock that took in a camera whose footage is three days old; its team keeps footage for one. Two recordings with two segments
/// each; the manifest was read just now, so its time is not over.
struct RetentionBench {
    let dock: TestDock
    /// Names of the objects of each recording, the older one first.
    let recordings: [(name: String, objects: [String])]

    static let teams =
        "teams: [{name: parkeren, regime: avg, retention: 1d}]\ncameras: [{serial: BWC0042, team: parkeren}]"

    static func extra(apply: Bool) -> String {
        """
        \(teams)
        retention: {apply: \(apply), grace: 0s}
        nightly: {check_share: 100 %}
        agent: {runtime: /nowhere/bodydock}
        """
    }

    init(apply: Bool = true) throws {
        dock = try TestDock(extra: Self.extra(apply: apply), isInMemory: true)
        let now = WallClock.now()
        let camera = try dock.makeCamera(
            "camera",
            [
                "--bytes", "2 kB", "--start", Instant(seconds: now.milliseconds / 1000 - 3 * 86_400).description,
                "--clock", Instant(seconds: now.milliseconds / 1000).description,
            ])
        let taken = try dock.offload(camera)
        try #require(taken.status == 0, "\(taken.text)\(taken.errors)")
        let rows = try dock.ledger(
            """
            SELECT json_extract(body, '$.event.recording') || '|' || json_extract(body, '$.event.sealed.object')
            FROM entry WHERE kind = 'segment.sealed' AND json_extract(body, '$.event.role') = 'listed' ORDER BY 1
            """
        ).split(separator: "\n").map { $0.split(separator: "|").map(String.init) }
        let byName = Dictionary(grouping: rows) { $0[0] }.mapValues { $0.map { $0[1] } }
        recordings = byName.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        try #require(recordings.count == 2 && recordings.allSatisfy { $0.objects.count == 2 })
    }

    func run(_ arguments: String...) throws -> Tool.Result {
        let words = arguments[0].split(separator: " ").map(String.init)
        return try TestDock.run(words + ["--config", dock.configuration] + arguments.dropFirst())
    }

    func hold(_ recording: String) throws -> (id: String, result: Tool.Result) {
        let result = try run(
            "hold add", "--camera", "BWC0042", "--recording", recording, "--reason", "case 7", "--by", "OM")
        return (String(result.text.prefix { $0 != " " }), result)
    }

    var inVault: Set<String> { get throws { try Set(TestDock.contents(of: dock.vault).keys) } }

    /// The sealings that the records tell of.
    func recorded() throws -> [String] {
        let folder = dock.state + "/destructions"
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }.sorted()
            .flatMap { name in
                let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
                let record = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
                let objects = try #require(record["objects"] as? [[String: Any]])
                return objects.compactMap { $0["key"] as? String }
            }
    }
}
