import DockCore
import DockTestSupport
import Foundation
import Testing

/// Checkpoints and proofs, from the dock to a stranger who has stock tools and the dock's public key.
@Suite struct CheckpointTests {
    private let dock: TestDock

    /// A dock after one docking.
    init() throws {
        dock = try TestDock(isInMemory: true)
        try take("camera")
        try signers(of: dock).write(toFile: file("allowed_signers"), atomically: true, encoding: .utf8)
    }

    private func take(_ name: String) throws {
        let camera = try dock.makeCamera(name, ["--bytes", "1000", "--recordings", "1", "--serial", name])
        let run = try dock.offload(camera)
        try #require(run.status == 0, "\(run.text)\(run.errors)")
    }

    private func signers(of dock: TestDock) throws -> String {
        let list = try TestDock.run(["keys", "list", "--config", dock.configuration])
        try #require(list.status == 0, "\(list.errors)")
        return list.text
    }

    private func file(_ name: String) -> String { dock.folder.at(name) }

    private func ledger(_ arguments: [String]) throws -> Tool.Result {
        let isOffline = arguments[0] == "check-proof"
        return try TestDock.run(["ledger"] + arguments + (isOffline ? [] : ["--config", dock.configuration]))
    }

    /// What a command printed, in a file.
    private func keep(_ result: Tool.Result, as name: String) throws -> String {
        try #require(result.status == 0, "\(result.text)\(result.errors)")
        return try dock.folder.write(result.output, to: name)
    }

    private func sql(_ text: String) throws {
        let run = try Tool.run("sqlite3", [dock.state + "/ledger.sqlite", text])
        try #require(run.status == 0, "\(run.errors)")
    }

    /// Puts an earlier copy of the ledger back, and nothing else.
    private func putBack(_ copy: String) throws {
        let path = dock.state + "/ledger.sqlite"
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.copyItem(atPath: copy, toPath: path)
    }

    private func copyLedger() throws -> String {
        let copy = file("ledger.copy")
        try sql(".backup '\(copy)'")
        try #require(try Tool.run("sqlite3", [copy, "PRAGMA journal_mode = WAL"]).status == 0)
        return copy
    }

    @Test func aStrangerChecksWhatTheVaultHas() throws {
        let checkpoints = try dock.checkpoints()
        #expect(checkpoints.count == 1)
        #expect(checkpoints[0].contains("/test/checkpoints/20"))
        try FileManager.default.copyItem(atPath: checkpoints[0], toPath: file("checkpoint"))
        let check = try dock.recipe("check-checkpoint")
        #expect(check.status == 0, "\(check.errors)")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: file("checkpoint")))
        bytes[20] ^= 1
        try dock.folder.write(bytes, to: "checkpoint")
        #expect(try dock.recipe("check-checkpoint").status != 0)

        let verify = try ledger(["verify", "--against"] + checkpoints)
        #expect(verify.status == 0, "\(verify.text)\(verify.errors)")
        #expect(verify.text.contains("whole, and what 1 checkpoints say"))
    }

    @Test func aProofHoldsForProgramAndStockToolsAndForNoOtherEntry() throws {
        try take("camera-2")
        let checkpoints = try dock.checkpoints()
        #expect(checkpoints.count == 2)
        for (entry, checkpoint) in [(0, checkpoints[0]), (3, checkpoints[1]), (9, checkpoints[1])] {
            let proof = try keep(ledger(["prove", "\(entry)", "--checkpoint", checkpoint]), as: "proof")
            let good = try ledger(["check-proof", proof, "--signers", file("allowed_signers")])
            #expect(good.status == 0, "\(good.errors)")
            #expect(good.text.contains("\"sequence\":\(entry),"))
            let byHand = try dock.recipe("check-proof")
            #expect(byHand.status == 0 && byHand.text + "\n" == good.text, "\(byHand.errors)")
            #expect(
                try Data(contentsOf: URL(fileURLWithPath: file("checkpoint")))
                    == Data(contentsOf: URL(fileURLWithPath: checkpoint)))
            #expect(try dock.recipe("check-checkpoint").status == 0)

            // One changed character anywhere: in the entry, its number, the path, the checkpoint.
            let text = Array(try String(contentsOfFile: proof, encoding: .utf8))
            for place in stride(from: 24, to: text.count - 3, by: text.count / 12) where text[place] != "\n" {
                var changed = text
                changed[place] = changed[place] == "A" ? "B" : "A"
                let file = try dock.folder.write(Array(String(changed).utf8), to: "changed")
                let run = try ledger(["check-proof", file, "--signers", self.file("allowed_signers")])
                #expect(run.status == 1, "\(place): \(String(changed))")
            }
        }
        let fresh = try ledger(["prove", "5"])
        #expect(fresh.status == 0 && fresh.text.hasPrefix("c2sp.org/tlog-proof@v1\nextra "), "\(fresh.errors)")
        #expect(try ledger(["prove", "100000"]).status == 1)
    }

    @Test func aLaterLedgerProvesThatItContinuesAnEarlierOne() throws {
        try take("camera-2")
        let checkpoints = try dock.checkpoints()
        let proof = try keep(ledger(["prove", "--since", checkpoints[0], "--checkpoint", checkpoints[1]]), as: "proof")
        let arguments = ["check-proof", proof, "--signers", file("allowed_signers"), "--since"]
        let good = try ledger(arguments + [checkpoints[0]])
        #expect(good.status == 0, "\(good.errors)")
        #expect(try ledger(arguments + [checkpoints[1]]).status == 1)
    }

    @Test func anOldLedgerThatWasPutBackIsNamedAndNotSignedFor() throws {
        let copy = try copyLedger()
        try take("camera-2")
        let checkpoints = try dock.checkpoints()
        try putBack(copy)
        #expect(try ledger(["verify"]).status == 0, "it is whole in itself")
        let verify = try ledger(["verify", "--against"] + checkpoints)
        #expect(verify.status == 1)
        #expect(verify.text.contains("entries before; now it has"), "\(verify.text)")
        let sign = try ledger(["checkpoint"])
        #expect(sign.status == 1 && sign.errors.contains("its end is missing"), "\(sign.errors)")
        // A camera is taken in all the same; the docking says that no checkpoint is signed.
        let camera = try dock.makeCamera("camera-3", ["--bytes", "1000", "--serial", "camera-3"])
        let run = try dock.offload(camera)
        #expect(run.status == 0)
        #expect(run.errors.contains("cannot sign a checkpoint"), "\(run.errors)")
        let night = try TestDock.run(["nightly", "--config", dock.configuration])
        #expect(night.status == 1 && night.errors.contains("ledger: failed"), "\(night.text)\(night.errors)")
        #expect(try dock.checkpoints() == checkpoints)
    }

    @Test func aShortenedLedgerAndAChangedEntryAreNamed() throws {
        let checkpoints = try dock.checkpoints()
        try sql("DROP TRIGGER entry_remains; DELETE FROM entry WHERE sequence > 4;")
        let short = try ledger(["verify", "--against"] + checkpoints)
        #expect(short.status == 1)
        #expect(short.text.contains("entry 5: the ledger had "), "\(short.text)")
        let sign = try ledger(["checkpoint"])
        #expect(sign.status == 1)
    }

    @Test func aRewrittenLedgerNamesTheEntriesBetweenCheckpoints() throws {
        let first = try keep(ledger(["checkpoint"]), as: "first")
        let copy = try copyLedger()
        try take("camera-2")
        let second = try keep(ledger(["checkpoint"]), as: "second")
        // Another history from the first checkpoint on, whole in itself.
        try putBack(copy)
        try FileManager.default.removeItem(atPath: dock.state + "/checkpoints/latest")
        for name in ["camera-3", "camera-4"] { try take(name) }
        #expect(try ledger(["verify"]).status == 0)
        let verify = try ledger(["verify", "--against", second, first])
        let entries = try String(contentsOfFile: first, encoding: .utf8).split(separator: "\n")[1]
        #expect(verify.status == 1)
        #expect(verify.text.contains("the first entry that differs is one of \(entries) to "), "\(verify.text)")
        #expect(try ledger(["verify", "--against", first]).status == 0)
    }

    @Test func checkpointsOfOthersAreRefusedByName() throws {
        let other = try TestDock(isInMemory: true)
        // Another dock; the same dock's ledger, signed by another key; a text that nobody signed.
        let foreign = try keep(
            TestDock.run(["ledger", "checkpoint", "--config", other.configuration]), as: "foreign.checkpoint")
        let run = try ledger(["verify", "--against", foreign])
        #expect(run.status == 1)
        #expect(run.text.contains("no key that may sign for the ledger has signed it"), "\(run.text)")
        try other.configure(vaults: "  - name: archive\n    type: directory\n    path: \(other.vault)\n", name: "other")
        let named = try keep(
            TestDock.run(["ledger", "checkpoint", "--config", other.configuration]), as: "named.checkpoint")
        let wrong = try ledger(["verify", "--against", named])
        #expect(wrong.text.contains("a checkpoint of the ledger 'bodydock/other', not of 'bodydock/test'"))
        let own = try String(contentsOfFile: try #require(dock.checkpoints().first), encoding: .utf8)
        let lines = own.split(separator: "\n", omittingEmptySubsequences: false)
        let forged = ([lines[0], "3"] + lines.dropFirst(2)).joined(separator: "\n")
        let changed = try ledger(["verify", "--against", dock.folder.write(Array(forged.utf8), to: "forged")])
        #expect(changed.status == 1 && changed.text.contains("its signature is not of this text"), "\(changed.text)")
        // Who believes the other key finds out what it signed for.
        try signers(of: other).write(toFile: file("others"), atomically: true, encoding: .utf8)
        let believed = try ledger(["verify", "--signers", file("others"), "--against", foreign])
        #expect(believed.status == 1 && believed.text.contains("had the root"), "\(believed.text)")
    }

    @Test func aCheckpointThatNoVaultTookWaitsInTheSpool() throws {
        let away = dock.vault + ".away"
        try FileManager.default.moveItem(atPath: dock.vault, toPath: away)
        let night = try TestDock.run(["nightly", "--config", dock.configuration])
        #expect(night.text.contains("it waits in the spool"), "\(night.text)\(night.errors)")
        try FileManager.default.moveItem(atPath: away, toPath: dock.vault)
        #expect(try dock.checkpoints().count == 1)
        let next = try TestDock.run(["nightly", "--config", dock.configuration])
        #expect(next.status == 0, "\(next.text)\(next.errors)")
        let checkpoints = try dock.checkpoints()
        #expect(checkpoints.count == 3)
        let verify = try ledger(["verify", "--against"] + checkpoints)
        #expect(verify.status == 0, "\(verify.text)")
    }
}
