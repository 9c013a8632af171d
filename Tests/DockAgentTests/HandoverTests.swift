import DockCore
import DockDelivery
import DockHandover
import DockLedger
import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockAgent

/// Reports of shifts and alarms, with a real ledger, spool, vault and webhook.
@Suite struct HandoverTests {
    private func secret(_ folder: TemporaryFolder) throws -> String {
        let path = try folder.write(Array("0123456789abcdef".utf8), to: "secret")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return path
    }

    @Test func aShiftIsReportedWhenItIsOverAndAgainWhenItsPointsClose() throws {
        let bench = try HandoverBench()
        bench.set(-60 * 24)
        try bench.came("A", "D0")
        try bench.isSafe("A", "D0")
        bench.set(-490)
        try bench.took("A", "D0")
        bench.set(-10)
        try bench.came("A", "D1")
        bench.set(29)
        let before = bench.settle()
        #expect(try bench.reports().isEmpty)
        #expect(before.next == HandoverBench.shift.end.adding(seconds: HandoverBench.grace))
        bench.set(30)
        #expect(bench.settle().hasRecords)
        let first = try #require(try bench.reports().first)
        let count = try bench.folder.list().count
        #expect(first.edition == 1 && first.open.map(\.kind) == [.notSafe] && first.handovers.map(\.docking) == ["D1"])

        // Neither time nor a restart makes another one as long as nothing closes.
        bench.set(60)
        bench.settle()
        try bench.restart()
        bench.settle()
        #expect(try bench.reports().count == 1)
        // Nor are there reports of the time before the first one.
        #expect(try bench.folder.list().count == count)
        try bench.isSafe("A", "D1")
        bench.settle()
        bench.settle()
        #expect(try bench.reports().map(\.edition) == [1, 2])
        #expect(try bench.reports().last?.isFinal == true)
        let told = try bench.resources.ledger.shiftReports(limit: 10).filter {
            $0.shift == "early" && $0.date == HandoverBench.shift.date
        }
        #expect(told.map(\.edition) == [2, 1] && told.map(\.open) == [0, 1])
        let document = try #require(try bench.reports().last).document
        #expect(told.first?.sha256 == (try SHA256Digest(hashing: document)))
        #expect(try bench.dock.verifyLedger().status == 0)
    }

    @Test func aReportReachesTheVaultAndOpensWithTheKey() throws {
        let bench = try HandoverBench()
        bench.set(30)
        bench.settle()
        let report = try #require(try bench.reports().first)
        let drained = try SpoolDrain(resources: bench.resources, stop: StopFlag()).run()
        #expect(drained.left == 0)
        let opened = try bench.dock.opened()
        let object = try #require(opened.keys.first { $0.contains("shift-\(HandoverBench.shift.date)-early-1") })
        #expect(object.hasPrefix("shift-reports/"))
        #expect(opened[object] == (try SHA256Digest(hashing: report.document)))
    }

    /// A crash between the steps of a report: what was begun is done again under the same number and name.
    @Test func whatACrashCutsOffIsDoneAgain() throws {
        let folder = try TemporaryFolder()
        let settings = WebhookSettings(url: "http://127.0.0.1:9/", secret: try secret(folder))
        let bench = try HandoverBench(webhook: settings)
        bench.set(30)
        let spool = bench.dock.state + "/spool"
        try FileManager.default.moveItem(atPath: spool, toPath: spool + ".away")
        try Data().write(to: URL(fileURLWithPath: spool))
        let outcome = bench.settle()
        #expect(outcome.next == bench.clock.now.adding(seconds: 600))
        #expect(try bench.resources.ledger.shiftReports(limit: 9).isEmpty)
        try FileManager.default.removeItem(atPath: spool)
        try FileManager.default.moveItem(atPath: spool + ".away", toPath: spool)
        bench.set(31)
        try bench.restart()
        bench.settle()
        #expect(try bench.reports().map(\.edition) == [1])
        #expect(try bench.resources.ledger.shiftReports(limit: 9).filter { $0.shift == "early" }.count == 1)
        let names = Set(try bench.resources.ledger.shiftReports(limit: 9).map { "\($0.date)\($0.shift)\($0.edition)" })
        #expect(try bench.keeper.outbox.count() == names.count)
    }

    @Test func messagesWaitForTheServiceAndComeWithTheSameName() throws {
        let service = try WebhookService()
        let folder = try TemporaryFolder()
        let settings = WebhookSettings(url: "http://127.0.0.1:\(service.port)/", secret: try secret(folder))
        let bench = try HandoverBench(webhook: settings)
        bench.set(30)
        bench.settle()
        let waiting = try bench.keeper.outbox.count()
        #expect(waiting > 0)
        func post() throws -> Outbox.Outcome {
            let webhook = try Webhook(settings)
            return try bench.keeper.outbox.deliver { message throws(DockError) in
                try webhook.send(id: message.id, body: message.body, at: bench.clock.now)
            }
        }
        try service.answer(503)
        #expect(try post().failure?.isPassing == true)
        try bench.restart()
        #expect(try post().left == waiting)
        try service.answer(200)
        let sent = try post()
        #expect(sent.sent == waiting && sent.failure == nil)
        #expect(try bench.keeper.outbox.count() == 0)
        let requests = try service.requests()
        #expect(requests.count == waiting + 2)
        #expect(Set(requests.prefix(3).compactMap { $0.head["webhook-id"] }).count == 1)
        let object = try JSONSerialization.jsonObject(with: try #require(requests.last).body) as? [String: Any]
        #expect(object?["dock"] as? String == "test" && object?["data"] != nil)
    }

    @Test func alarmsAreRaisedOnceAcknowledgedAndClearedAcrossRestarts() throws {
        let bench = try HandoverBench()
        bench.set(-60 * 24)
        try bench.came("A", "D0")
        try bench.isSafe("A", "D0")
        bench.set(-490)
        try bench.took("A", "D0")
        func open() -> [Alarm] { bench.keeper.standing.alarms.filter { $0.key.kind == .overdueCamera } }
        bench.set(29)
        bench.settle()
        #expect(open().isEmpty)
        bench.set(30)
        bench.settle()
        bench.settle()
        #expect(open().map(\.key.subject) == ["A"])
        try bench.restart()
        bench.settle()
        #expect(open().count == 1)
        bench.keeper.change(bench.resources) { alarms in
            [alarms.acknowledge(.init(.overdueCamera, "A"), by: "4712", at: bench.clock.now)].compactMap { $0 }
        }
        try bench.restart()
        #expect(open().first?.by == "4712")
        bench.set(90)
        try bench.came("A", "D1")
        try bench.isSafe("A", "D1")
        bench.settle()
        #expect(open().isEmpty)
        let changes = try bench.resources.ledger.alarmChanges(limit: 100).filter { $0.alarm.key.kind == .overdueCamera }
        #expect(changes.map(\.change) == [.raised, .acknowledged, .cleared])
    }

    /// The whole way of a person: a camera is taken in, and its shift is shown, in every form.
    @Test func theCommandShowsHowAShiftStandsAndWhatIsKept() throws {
        let dock = try TestDock(extra: "shifts: [{name: all, from: '00:00', to: '00:00'}]\nhandover: {language: nl}")
        let camera = try dock.makeCamera("camera", ["--recordings", "2", "--segments", "1", "--bytes", "2 kB"])
        try #require(try dock.offload(camera).status == 0)
        func handover(_ options: String...) throws -> Tool.Result {
            try TestDock.run(["handover", "--config", dock.configuration] + options)
        }
        let now = try handover("--now", "--format", "json")
        #expect(now.status == 0, "\(now.errors)")
        let report = try ShiftReport(document: Array(now.output), at: "")
        let docking = try #require(report.handovers.first)
        #expect(docking.recordings.count == 2 && docking.safety.isComplete && docking.outcome == .emptied)
        #expect(
            docking.recordings.allSatisfy { $0.start != nil && $0.seconds != nil && $0.preRecord.state == .present })
        #expect(try handover("--now").text.hasPrefix("Dienstrapport: all"))
        #expect(try handover("--now", "--language", "en", "--format", "html").text.contains("<h1>Shift report: all"))

        let none = try handover()
        #expect(none.status == 1 && none.errors.contains("next:"))
        var kept = report
        kept.edition = 1
        try ReportFolder(state: dock.state).save(kept)
        #expect(try handover("--list").text == "\(kept.shift.date) all 1\n")
        #expect(try handover("--format", "json").output == Data(try kept.document))
        #expect(try handover("--date", kept.shift.date.description, "--shift", "all", "--format", "csv").status == 0)
        #expect(try handover("--shift", "none").status == 1)
        #expect(try handover("--date", "2026-02-30").status == 64)
    }
}
