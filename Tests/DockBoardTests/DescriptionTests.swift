import Foundation
import Testing

@testable import DockBoard
@testable import DockCore

/// `docs/openapi.yaml` says what the board does.
@Suite struct DescriptionTests {
    private static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func lines() throws -> [Substring] {
        try String(contentsOf: checkout.appendingPathComponent("docs/openapi.yaml"), encoding: .utf8).split(
            separator: "\n")
    }

    /// Paths, and which of them need no token.
    private static func paths() throws -> [String: Bool] {
        var paths: [String: Bool] = [:]
        var last = ""
        for line in try lines().drop(while: { $0 != "paths:" }).prefix(while: { $0 != "components:" }) {
            if let path = line.wholeMatch(of: #/ {2}(/.*):/#)?.1 {
                last = String(path)
                paths[last] = false
            }
            if line == "      security: [{}]" { paths[last] = true }
        }
        return paths
    }

    @Test func everyRouteIsDescribedAndNothingElse() throws {
        let routes = Dictionary(uniqueKeysWithValues: Route.allCases.map { ($0.rawValue, $0.isOpen) })
        #expect(try Self.paths() == routes)
    }

    @Test(arguments: [
        ("enum: [working", VaultStatus.State.allCases.map(\.rawValue)),
        ("enum: [away, overdue, docked", CameraReadiness.State.allCases.map(\.rawValue)),
        ("phase: {", CameraReadiness.Phase.allCases.map(\.rawValue)),
        ("cause: {", ReadinessForecast.Miss.Cause.allCases.map(\.rawValue)),
        ("kind: {type: string, enum: [overdueCamera", Alarm.Kind.allCases.map(\.rawValue)),
        ("kind: {type: string, enum: [notReturned", ShiftReport.OpenPoint.Kind.allCases.map(\.rawValue)),
        ("enum: [empty", BayStatus.State.allCases.map(\.rawValue)),
    ]) func everyStateIsDescribed(start: String, states: [String]) throws {
        let line = try #require(try Self.lines().first { $0.contains(start) })
        let list = try #require(line.firstMatch(of: /enum: \[(.*?)\]/)?.1)
        #expect(list.components(separatedBy: ", ") == states)
    }

    /// Every member that is sent is described, under the name it has.
    @Test func everyMemberIsDescribed() throws {
        var status = SampleDock.status(
            [SampleDock.bay("1", .reading, camera: "BWC1", percent: 1, left: 1, battery: 1)],
            vaults: [SampleDock.vault("cloud", .stopped)])
        status.bays[0].docking = "D1"
        let noon = SampleDock.noon
        var alarm = Alarm(.init(.heldCamera, "BWC1"), what: "a", next: "b", raised: noon)
        (alarm.acknowledged, alarm.by) = (noon, "4711")
        status.alarms = [alarm]
        let shift = Shift(name: "late", date: CivilDate(days: 1), start: noon, end: noon.adding(seconds: 60))
        status.cameras = CameraPool(members: [.init("BWC2", number: "2", team: "a", wearer: "4711")])
            .readiness(status.bays, at: noon, .utc)
        status.cameras[0].due = shift
        status.next = ReadinessForecast(status.cameras, for: shift, roster: Roster(), at: noon)
        let feed = SampleDock.feed(status)
        let object = try #require(JSONSerialization.jsonObject(with: Data(feed.report.line.utf8)) as? [String: Any])
        let described = Set(try Self.lines().compactMap { $0.firstMatch(of: /^ +(\w+):/).map { String($0.1) } })
        func check(_ value: Any) {
            if let object = value as? [String: Any] {
                for (name, value) in object {
                    #expect(described.contains(name), "\(name) is not described")
                    check(value)
                }
            }
            for item in value as? [Any] ?? [] { check(item) }
        }
        check(object)
        #expect(object["connected"] as? Bool == true)
    }
}
