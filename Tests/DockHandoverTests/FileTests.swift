import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockHandover

@Suite struct ReportFolderTests {
    @Test func reportsAreKeptListedAndShownAgain() throws {
        let temporary = try TemporaryFolder()
        let folder = ReportFolder(state: temporary.at("state"))
        #expect(try folder.list().isEmpty)
        try folder.save(Sample.report(edition: 1))
        try folder.save(Sample.report("y", edition: 2))
        try folder.save(Sample.report("z", edition: 10))
        // What others put there is not ours.
        for name in ["2024-10-04.late.x.json", "2024-13-04.late.1.json", "notes.txt", "2024-10-04.late.3.json.partial"]
        {
            try "x".write(toFile: folder.folder + "/" + name, atomically: true, encoding: .utf8)
        }
        let entries = try folder.list(shift: "late", date: Sample.date)
        #expect(entries.map(\.edition) == [1, 2, 10])
        #expect(try folder.read(entries[1]) == Sample.report("y", edition: 2))
        #expect(try folder.list(shift: "early").isEmpty)
        #expect(try folder.list(date: Sample.date.adding(1)).isEmpty)
    }

    @Test func aDamagedReportIsNamed() throws {
        let temporary = try TemporaryFolder()
        let folder = ReportFolder(state: temporary.at("state"))
        try folder.save(Sample.report())
        let entry = try #require(try folder.list().first)
        try "{".write(toFile: folder.folder + "/" + entry.name, atomically: true, encoding: .utf8)
        let error = #expect(throws: DockError.self) { try folder.read(entry) }
        #expect(error?.code == .corrupt && error?.place.hasSuffix("2024-10-04.late.1.json") == true)
        // A link is not followed.
        try FileManager.default.removeItem(atPath: folder.folder + "/" + entry.name)
        try FileManager.default.createSymbolicLink(
            atPath: folder.folder + "/" + entry.name, withDestinationPath: "/etc/passwd")
        #expect(throws: DockError.self) { try folder.read(entry) }
    }
}

@Suite struct RosterFileTests {
    private static let heading = "date,shift,badge,camera\n"

    @Test func aChangedRosterIsReadAndAWrongOneIsNot() throws {
        let temporary = try TemporaryFolder()
        let path = temporary.at("roster.csv")
        let file = RosterFile(path)
        func standing() -> RosterFile.Standing { file.standing(Sample.plan, cameras: []) }
        #expect(standing().roster.entries.isEmpty && standing().problems.count == 1)

        try (Self.heading + "2024-10-04,late,4711,A\n").write(toFile: path, atomically: true, encoding: .utf8)
        #expect(standing().roster.entries.map(\.badge) == ["4711"] && standing().problems.isEmpty)
        try (Self.heading + "2024-10-04,late,4712,A\n").write(toFile: path, atomically: true, encoding: .utf8)
        #expect(standing().roster.entries.map(\.badge) == ["4712"])

        // Wrong, then gone: the last good one stays in force.
        try (Self.heading + "2024-10-04,late,Jansen,A\n").write(toFile: path, atomically: true, encoding: .utf8)
        #expect(standing().roster.entries.map(\.badge) == ["4712"])
        #expect(standing().problems.first?.hasPrefix("line 2: its badge") == true)
        try FileManager.default.removeItem(atPath: path)
        #expect(standing().roster.entries.map(\.badge) == ["4712"] && standing().problems.count == 1)

        // The same file under another plan is judged anew.
        try (Self.heading + "2024-10-04,late,4711,A\n").write(toFile: path, atomically: true, encoding: .utf8)
        #expect(standing().problems.isEmpty)
        #expect(!file.standing(ShiftPlan(), cameras: []).problems.isEmpty)
        #expect(!file.standing(Sample.plan, cameras: ["B"]).problems.isEmpty)
    }

    @Test func whatIsNoFileDoesNotKeepAnybodyWaiting() throws {
        let temporary = try TemporaryFolder()
        #expect(mkfifo(temporary.at("pipe"), 0o600) == 0)
        #expect(RosterFile(temporary.at("pipe")).standing(Sample.plan, cameras: []).problems.count == 1)
        #expect(RosterFile("/dev").standing(Sample.plan, cameras: []).problems.count == 1)
    }
}
