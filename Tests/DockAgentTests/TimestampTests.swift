import DockCore
import DockTestSupport
import Foundation
import Testing

/// Checkpoints of nights that an authority stamps, checked by OpenSSL.
@Suite struct TimestampTests {
    private let dock: TestDock
    private let authority: TimestampService

    init() throws {
        authority = try TimestampService()
        dock = try TestDock(isInMemory: true)
        try configure()
    }

    private func configure(port: Int? = nil) throws {
        try dock.configure(
            vaults: "  - name: archive\n    type: directory\n    path: \(dock.vault)\n",
            extra: "agent: {runtime: /nowhere/bodydock}\n",
            timestamp:
                "{url: 'http://127.0.0.1:\(port ?? authority.port)/tsa', ca_file: \(authority.folder.at("ca.pem"))}")
    }

    private func stamps() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: dock.vault)
            .filter { $0.hasSuffix(".tsr") }.sorted().map { dock.vault + "/" + $0 }
    }

    /// The step of the night that tells of it.
    private func night() throws -> (run: Tool.Result, step: NightStep) {
        let run = try TestDock.run(["nightly", "--json", "--config", dock.configuration])
        let report = try JSONDecoder().decode(NightReport.self, from: run.output)
        return (run, try #require(report.steps.last))
    }

    /// As docs/ledger.md says, with the certificates of `name`.
    private func verify(_ stamp: String, of checkpoint: String, by name: String = "ca.pem") throws -> Tool.Result {
        for (path, copy) in [
            (stamp, "timestamp"), (checkpoint, "checkpoint"), (authority.folder.at(name), "authority.pem"),
        ] {
            try dock.folder.write(Array(try Data(contentsOf: URL(fileURLWithPath: path))), to: copy)
        }
        return try dock.recipe("check-timestamp")
    }

    @Test func anAuthorityStampsTheCheckpointOfTheNight() throws {
        let (run, step) = try night()
        #expect(run.status == 0 && step.kind == .timestamp && step.outcome == .done, "\(run.errors)\(step.note)")
        let (checkpoint, stamp) = (try #require(dock.checkpoints().first), try #require(stamps().first))
        #expect(stamp == checkpoint.replacingOccurrences(of: ".checkpoint", with: ".tsr"))
        let check = try verify(stamp, of: checkpoint)
        #expect(check.status == 0, "\(check.errors)")
        #expect(try verify(stamp, of: checkpoint, by: "other.pem").status != 0)
        let changed = try dock.folder.write(Data(contentsOf: URL(fileURLWithPath: checkpoint)) + [10], to: "changed")
        #expect(try verify(stamp, of: changed).status != 0)
        // The ledger has what the authority says.
        let said = try dock.ledger(
            "SELECT json_extract(body, '$.event.time') FROM entry WHERE kind = 'checkpoint.stamped'")
        let time = try #require(Instant(rfc3339: said), "\(said)")
        #expect(check.text.contains(time.description.dropFirst(11).prefix(8)), "\(said): \(check.text)")
        #expect(try dock.verifyLedger().status == 0)

        // The next night's comes beside it.
        #expect(try night().run.status == 0)
        #expect(try stamps().count == 2)
    }

    @Test func whatTheAuthorityDoesWrongStopsNothingAndIsReported() throws {
        #expect(try night().run.status == 0)
        for (mode, why) in [
            ("replay", "message imprint mismatch"), ("stranger", "certificate verify error"),
            ("refused", "time stamp routines"), ("garbage", "is no time-stamp"), ("503", "status 503"),
        ] {
            try authority.answer(mode)
            let (run, step) = try night()
            #expect(run.status == 1 && step.outcome == .failed, "\(mode)")
            #expect(step.note.contains(why) && step.note.contains("127.0.0.1"), "\(mode): \(step.note)")
        }
        try configure(port: 9)
        #expect(try night().step.note.contains("cannot get a time-stamp"))
        #expect(try stamps().count == 1)
        #expect(try dock.checkpoints().count == 7, "every night has its checkpoint")
        #expect(try dock.looseCheckpoints() == 0)
        try authority.answer("good")
        try configure()
        #expect(try night().run.status == 0)
        #expect(try stamps().count == 2)
        #expect(try dock.verifyLedger().status == 0)
    }
}
