import DockTestSupport
import Foundation
import Testing

/// systemd understands the units as they are installed.
@Suite struct UnitTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("packaging/systemd")

    private static let units = [
        "bodydock.service", "bodydock-board.service", "bodydock-nightly.service", "bodydock-nightly.timer",
    ]

    @Test(arguments: units)
    func nothingIsWrongWith(unit: String) throws {
        let temporary = try TemporaryFolder()
        let programs = URL(fileURLWithPath: TestDock.program).deletingLastPathComponent().path
        for name in UnitTests.units {
            let text = try String(contentsOf: UnitTests.folder.appendingPathComponent(name), encoding: .utf8)
            try temporary.write(Array(text.replacing("@bindir@", with: programs).utf8), to: name)
        }
        let result = try Tool.run("systemd-analyze", ["verify", "--man=no", temporary.at(unit)])
        let lines = (result.errors + result.text).split(separator: "\n").filter { $0.contains("bodydock") }
        #expect(result.status == 0 && lines.isEmpty, "\(result.errors)")
    }

    @Test func theNightIsAtHalfPastOneOnTheWall() throws {
        let text = try String(
            contentsOf: UnitTests.folder.appendingPathComponent("bodydock-nightly.timer"), encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("OnCalendar=") })
        // Each change of the clocks in Europe/Amsterdam, from the evening before.
        for (base, expected) in [
            ("2026-03-28 20:00:00", "2026-03-29 01:30:00 CET"), ("2026-10-24 20:00:00", "2026-10-25 01:30:00 CEST"),
        ] {
            let result = try Tool.run(
                "systemd-analyze", ["calendar", "--base-time=\(base)", String(line.dropFirst("OnCalendar=".count))],
                environment: ["TZ": "Europe/Amsterdam"])
            #expect(result.text.contains(expected), "\(result.text)\(result.errors)")
        }
    }
}
