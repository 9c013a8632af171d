import DockConfig
import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockAgent

/// Holds and retention, as people use them.
@Suite struct RetentionTests {
    private var files: FileManager { FileManager.default }

    @Test func withoutBeingToldToNothingIsDestroyed() throws {
        let bench = try RetentionBench(apply: false)
        let before = try bench.inVault
        let run = try bench.run("retention apply")
        #expect(run.status == 1 && run.errors.contains("without it nothing is ever deleted"), "\(run.errors)")
        let night = try bench.dock.nightly()
        #expect(night.status == 0, "\(night.errors)")
        #expect(night.text.contains("2 recordings were kept for long enough; retention.apply is off"), "\(night.text)")
        #expect(try bench.inVault == before)
        #expect(try bench.dock.ledger("SELECT count(*) FROM entry WHERE kind LIKE 'destruction%'") == "0")
    }

    @Test func aClockThatJumpedDestroysNothingUntilAPersonHasLookedAtIt() throws {
        let bench = try RetentionBench()
        let all = try bench.inVault
        let configuration = try ConfigurationFile.read(bench.dock.configuration) { _ in nil }
        let jumped = RetentionRun(
            try DockResources(configuration: configuration, profiles: []) {
                WallClock.now().adding(seconds: 3650 * 86_400)
            })
        let outcome = try jumped.apply()
        #expect(outcome.destroyed == 0 && outcome.stopped == all.count && !outcome.isGood)
        #expect(outcome.reasons.allSatisfy { $0.contains("its clock jumped then") }, "\(outcome.reasons)")
        #expect(try bench.inVault == all)
        // The night after, when the ledger has entries of the day to which the clock jumped.
        #expect(try jumped.apply().destroyed == 0)
        #expect(try jumped.apply(isClockRight: true).destroyed == all.count)
        #expect(try bench.inVault.isEmpty)
    }

    @Test func whatIsOverGoesAndWhatIsHeldStaysUntilItsHoldEnds() throws {
        let bench = try RetentionBench()
        let (first, second) = (bench.recordings[0], bench.recordings[1])
        let all = try bench.inVault
        let list = try bench.run("retention list")
        #expect(list.text.contains("BWC0042 \(first.name)") && list.text.contains("parkeren (avg)"), "\(list.text)")
        #expect(list.text.components(separatedBy: "(over)").count == 3, "\(list.text)")

        let (hold, added) = try bench.hold(first.name)
        #expect(
            added.status == 0 && added.text.contains("held by the ledger alone: a folder"),
            "\(added.text)\(added.errors)")
        #expect(try bench.run("retention list").text.contains("HELD by \(hold)"))
        let applied = try bench.run("retention apply")
        #expect(applied.status == 0, "\(applied.text)\(applied.errors)")
        #expect(
            applied.text.contains("2 objects were destroyed") && applied.text.contains("2 objects are kept by holds"))
        #expect(try bench.inVault == all.subtracting(second.objects))
        #expect(try bench.recorded() == second.objects.sorted())

        // The night neither misses what was destroyed nor touches what is held.
        let night = try bench.dock.nightly()
        #expect(night.status == 0 && night.text.contains("kept by holds although their time is over"), "\(night.text)")
        #expect(try bench.inVault == all.subtracting(second.objects))

        let ended = try bench.run("hold remove", hold, "--reason", "case closed", "--by", "OM")
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(try bench.dock.nightly().text.contains("2 objects were destroyed"))
        #expect(try bench.inVault == all.subtracting(first.objects + second.objects))
        #expect(try bench.run("retention apply").text == "0 objects were destroyed\n")
        #expect(try bench.recorded() == (second.objects.sorted() + first.objects.sorted()))
        #expect(try bench.dock.verifyLedger().status == 0)
        let holds = try bench.run("hold list", "--all")
        #expect(holds.text.contains("case 7 (OM); ended: case closed (OM)"), "\(holds.text)")
        #expect(try bench.run("hold list").text == "no recording is held\n")
    }

    @Test func theRecordIsSignedByTheDock() throws {
        let bench = try RetentionBench()
        #expect(try bench.run("retention apply").status == 0)
        let allowed = try bench.dock.folder.write(
            Array(TestDock.run(["keys", "list", "--config", bench.dock.configuration]).output), to: "allowed")
        let folder = bench.dock.state + "/destructions/"
        let name = try #require(try files.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".json") })
        var content = try Data(contentsOf: URL(fileURLWithPath: folder + name))
        func verify(_ content: Data) throws -> Int32 {
            try Tool.run(
                "ssh-keygen",
                [
                    "-Y", "verify", "-f", allowed, "-I", "test", "-n", "destruction@bodydock", "-s",
                    folder + name + ".sig",
                ], input: content
            ).status
        }
        #expect(try verify(content) == 0)
        let digest = try bench.dock.ledger(
            "SELECT json_extract(body, '$.event.sha256') FROM entry WHERE kind = 'destruction.recorded'")
        #expect(digest == (try SHA256Digest(hashing: Array(content))).description)
        content[content.count / 2] ^= 1
        #expect(try verify(content) != 0)
    }

    @Test func whatSomebodyElseRemovedOrReplacedIsSaidAndNotDone() throws {
        let bench = try RetentionBench()
        let (first, second) = (bench.recordings[0].objects, bench.recordings[1].objects)
        try files.removeItem(atPath: bench.dock.vault + "/" + first[0])
        try files.removeItem(atPath: bench.dock.vault + "/" + second[0])
        try Data("somebody else's".utf8).write(to: URL(fileURLWithPath: bench.dock.vault + "/" + second[0]))
        for _ in 0..<2 {
            let run = try bench.run("retention apply")
            #expect(run.status == 1, "\(run.text)")
            #expect(run.errors.contains("\(first[0]): it is not there, and nobody here removed it"), "\(run.errors)")
            #expect(run.errors.contains("\(second[0]): it has 15 bytes instead of"), "\(run.errors)")
        }
        #expect(try bench.inVault.isDisjoint(with: [first[0], first[1], second[1]]))
        #expect(try String(contentsOfFile: bench.dock.vault + "/" + second[0], encoding: .utf8) == "somebody else's")
        #expect(try bench.recorded() == [first[1], second[1]].sorted())
        let night = try bench.dock.nightly()
        #expect(night.status == 1 && night.errors.contains("retention: failed: 2 objects stay"), "\(night.errors)")
    }

    /// A sealed file that still lies in the spool waits for a vault that was added since.
    @Test func whatStillWaitsForAVaultStays() throws {
        let bench = try RetentionBench()
        let name = bench.recordings[0].objects[0]
        let row = try bench.dock.ledger(
            "SELECT docking || '/' || sealing FROM entry WHERE kind = 'segment.sealed' AND body LIKE '%\(name)%'")
        try files.createDirectory(
            atPath: bench.dock.state + "/spool/" + row.prefix { $0 != "/" }, withIntermediateDirectories: true)
        try files.copyItem(atPath: bench.dock.vault + "/" + name, toPath: "\(bench.dock.state)/spool/\(row).age")
        try bench.dock.configure(
            vaults: """
                  - {name: archive, type: directory, path: \(bench.dock.vault)}
                  - {name: second, type: directory, path: \(bench.dock.folder.at("away"))}
                """, extra: RetentionBench.extra(apply: true))
        let run = try bench.run("retention apply")
        #expect(
            run.status == 1 && run.errors.contains("\(name): it still waits in the spool for second"), "\(run.errors)")
        #expect(try bench.inVault.contains(name))
    }

    @Test func aHoldIsGivenByAnObjectTooAndMustBeOfSomethingThatIsKept() throws {
        let bench = try RetentionBench()
        let object = bench.recordings[0].objects[0]
        let held = try bench.run("hold add", "--object", object, "--reason", "r", "--by", "b")
        #expect(held.status == 0 && held.text.contains("BWC0042 \(bench.recordings[0].name)"), "\(held.errors)")
        let json = try bench.run("hold list", "--json")
        let line = try #require(try JSONSerialization.jsonObject(with: json.output) as? [String: Any])
        #expect((line["hold"] as? [String: Any])?["by"] as? String == "b")
        for arguments in [
            ["hold", "add", "--camera", "BWC0042", "--recording", "R9"], ["hold", "add", "--object", "R9"],
            ["hold", "remove", "H9"],
        ] {
            let run = try TestDock.run(
                arguments + ["--config", bench.dock.configuration, "--reason", "r", "--by", "b"])
            #expect(run.status == 1 && run.errors.contains("next: "), "\(arguments): \(run.errors)")
        }
        for arguments in [["--camera", "B"], ["--camera", "B", "--recording", "R", "--object", "o"], []] {
            let run = try TestDock.run(
                ["hold", "add", "--config", bench.dock.configuration, "--reason", "r", "--by", "b"] + arguments)
            #expect(run.status == 64, "\(arguments)")
        }
        let silent = try bench.run("hold add", "--object", object, "--reason", "", "--by", "b")
        #expect(silent.status == 64)
        #expect(try bench.dock.verifyLedger().status == 0)
    }

    /// Kills `apply` at every call that changes a disk: nothing goes without its permit, what is held stays, and the next run ends
    /// what was begun and puts it on record once.
    @Test(arguments: ["unlinkat", "fdatasync", "rename"]) func killedAtEveryCallOf(step: String) throws {
        let bench = try RetentionBench()
        let (first, second) = (bench.recordings[0], bench.recordings[1])
        #expect(try bench.hold(first.name).result.status == 0)
        let all = try bench.inVault
        let backup = bench.dock.folder.at("backup")
        try files.createDirectory(atPath: backup, withIntermediateDirectories: false)
        for name in ["state", "vault"] {
            try #require(try Tool.run("cp", ["-a", bench.dock.folder.at(name), backup]).status == 0)
        }
        var number = 1
        while true {
            let killed = try Tool.run(
                "strace",
                [
                    "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(step)", "-e",
                    "inject=\(step):signal=KILL:when=\(number)", TestDock.program, "retention", "apply", "--config",
                    bench.dock.configuration,
                ])
            let moment: Comment = "killed at \(step) number \(number)"
            for name in try all.subtracting(bench.inVault) {
                let permits = try bench.dock.ledger(
                    "SELECT count(*) FROM entry WHERE kind = 'destruction.permitted' AND body LIKE '%\(name)%'")
                #expect(permits == "1", moment)
            }
            let again = try bench.run("retention apply")
            #expect(again.status == 0, "\(moment): \(again.errors)")
            #expect(try bench.inVault == all.subtracting(second.objects), moment)
            #expect(try bench.recorded() == second.objects.sorted(), moment)
            #expect(try bench.dock.verifyLedger().status == 0, moment)
            if killed.status == 0 { break }
            number += number < 8 ? 1 : number / 3
            for name in ["state", "vault"] {
                try files.removeItem(atPath: bench.dock.folder.at(name))
                try #require(try Tool.run("cp", ["-a", "\(backup)/\(name)", bench.dock.folder.at(name)]).status == 0)
            }
        }
        #expect(number > 1, "it never came to \(step)")
    }
}
