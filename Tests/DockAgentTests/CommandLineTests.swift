import DockCore
import DockTestSupport
import Foundation
import Testing

/// What scripts rely on: exit statuses, lines of JSON, messages with their place.
@Suite struct CommandLineTests {
    @Test func everyLineOfJSONIsAnObjectAndTheLastTellsTheOutcome() throws {
        let dock = try TestDock()
        let camera = try dock.makeCamera("camera", ["--bytes", "300 kB", "--break", "unlisted"])
        let run = try dock.offload(camera, ["--json"])
        #expect(run.status == 0, "\(run.errors)")
        let notices = try run.text.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(notices.first?["notice"] as? String == "started")
        #expect(notices.contains { $0["notice"] as? String == "finding" && $0["code"] as? String == "fileUnlisted" })
        let last = try #require(notices.last)
        #expect(last["notice"] as? String == "ended")
        #expect((last["outcome"] as? [String: Any])?["emptied"] != nil)
        #expect(run.text.utf8.filter { $0 == 0x1b }.isEmpty, "no terminal codes where there is no terminal")
    }

    @Test func aSealedFileThatWasTouchedOpensToNothing() throws {
        let dock = try TestDock()
        let camera = try dock.makeCamera("camera", ["--bytes", "200 kB"])
        #expect(try dock.offload(camera).status == 0)
        let name = try #require(try TestDock.contents(of: dock.vault).keys.filter { $0.contains(".MP4") }.first)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: dock.vault + "/" + name))
        bytes[bytes.count - 100] ^= 1
        let touched = try dock.folder.write(bytes, to: "touched.age")
        let out = dock.folder.at("out.mp4")
        let run = try TestDock.run(["unseal", "--identity", dock.identity, "-o", out, touched])
        #expect(run.status == 1)
        #expect(!FileManager.default.fileExists(atPath: out))
        let whole = try TestDock.run(["unseal", "--identity", dock.identity, "-o", out, dock.vault + "/" + name])
        #expect(whole.status == 0, "\(whole.errors)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: out)).count == 200_000)
    }

    @Test func everyMistakeOfAConfigurationIsNamedAtOnceWithItsPlace() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            Array(
                "dock:\n  name: a b\nsealing:\n  recipients: [age1wrong]\nvaults:\n  - name: x\n    type: tape\n".utf8),
            to: "wrong.yaml")
        let run = try TestDock.run(["config", "check", file])
        #expect(run.status == 78)
        for place in ["wrong.yaml:2:9: ", "wrong.yaml:4:16: ", "wrong.yaml:7:11: "] {
            #expect((run.text + run.errors).contains(place), "\(run.text)\(run.errors)")
        }
    }

    @Test func statusSaysWhatIsPending() throws {
        let dock = try TestDock()
        let camera = try dock.makeCamera("camera", ["--bytes", "1000"])
        try FileManager.default.removeItem(atPath: dock.vault)
        #expect(try dock.offload(camera).status == 3)
        let run = try TestDock.run(["status", "--config", dock.configuration, "--json"])
        #expect(run.status == 0, "\(run.errors)")
        let status = try #require(try JSONSerialization.jsonObject(with: run.output) as? [String: Any])
        #expect((status["pending"] as? [String: Any])?["count"] as? Int == 10, "files, and what the dock says of them")
    }

    @Test func aLedgerThatWasChangedIsNotWhole() throws {
        let dock = try TestDock()
        let camera = try dock.makeCamera("camera", ["--bytes", "1000"])
        #expect(try dock.offload(camera).status == 0)
        let change =
            "DROP TRIGGER entry_stays; UPDATE entry SET body = replace(body, 'BWC0042', 'BWC0043') WHERE sequence = 3;"
        #expect(try Tool.run("sqlite3", [dock.state + "/ledger.sqlite", change]).status == 0)
        let run = try dock.verifyLedger()
        #expect(run.status == 1)
        #expect((run.text + run.errors).contains("3"))
    }
}
