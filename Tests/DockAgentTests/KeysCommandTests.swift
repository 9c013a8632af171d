import DockCore
import DockTestSupport
import Foundation
import Testing

/// The dock's keys through the program, checked by OpenSSH and age.
@Suite struct KeysCommandTests {
    private let dock: TestDock

    init() throws { dock = try TestDock(isInMemory: true) }

    private func bodydock(_ arguments: [String]) throws -> Tool.Result {
        try TestDock.run(arguments + ["--config", dock.configuration])
    }

    /// Lines of `bodydock keys list`.
    private func list() throws -> [String] {
        let list = try bodydock(["keys", "list"])
        try #require(list.status == 0, "\(list.errors)")
        return list.text.split(separator: "\n").map(String.init)
    }

    /// `ssh-ed25519 AAAA…` of the lines that are no comments, in order.
    private func keys() throws -> [String] {
        try list().filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: " ").suffix(2).joined(separator: " ") }
    }

    private func entry(_ kind: String) throws -> [String: Any] {
        let run = try Tool.run(
            "sqlite3",
            [
                dock.state + "/ledger.sqlite",
                "SELECT json_extract(body, '$.event') FROM entry WHERE kind = '\(kind)' ORDER BY sequence DESC LIMIT 1",
            ])
        return try #require(try JSONSerialization.jsonObject(with: run.output) as? [String: Any], "\(run.errors)")
    }

    private func verify(_ content: String, _ signature: String, in namespace: String, at time: String? = nil) throws
        -> Int32
    {
        let signers = try dock.folder.write(Array((list().joined(separator: "\n") + "\n").utf8), to: "allowed_signers")
        let file = try dock.folder.write(Array(signature.utf8), to: "statement.sig")
        let when = time.map { ["-O", "verify-time=\($0)"] } ?? []
        return try Tool.run(
            "ssh-keygen", ["-Y", "verify"] + when + ["-f", signers, "-I", "test", "-n", namespace, "-s", file],
            input: Data(content.utf8)
        ).status
    }

    @Test func theOldKeySignsForTheNewOne() throws {
        let old = try keys()
        #expect(old.count == 1)
        let rotate = try bodydock(["keys", "rotate", "--overlap", "2"])
        #expect(rotate.status == 0, "\(rotate.errors)")
        let new = try keys()
        #expect(new.count == 2 && new[0] == old[0] && rotate.text.contains(new[1]))
        let handover = try #require(try entry("key.adopted")["handover"] as? [String: Any])
        let statement = try #require(handover["statement"] as? String)
        #expect(statement.contains("from: \(old[0])\nto: \(new[1])\n"))
        let signature = try #require(handover["signature"] as? String)
        #expect(try verify(statement, signature, in: "handover@bodydock") == 0)
        #expect(try verify(statement, signature, in: "custody@bodydock") != 0)
        // After the overlap, and before the dock had it, the old key does not count.
        #expect(try verify(statement, signature, in: "handover@bodydock", at: "20990101") != 0)
        #expect(try verify(statement, signature, in: "handover@bodydock", at: "20200101") != 0)

        let checkpoint = try dock.folder.write(bodydock(["ledger", "checkpoint"]).output, to: "new.checkpoint")
        #expect(try bodydock(["ledger", "verify", "--against", checkpoint]).status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: dock.state + "/keys") == ["dock.key"])
        // Who has only the old line does not believe the new key by itself.
        let signers = try dock.folder.write(Array("test \(old[0])\n".utf8), to: "old_signers")
        #expect(try bodydock(["ledger", "verify", "--against", checkpoint, "--signers", signers]).status == 1)
    }

    /// The ledger knows the new key, and its file has not taken its place yet.
    @Test func aRotationThatWasCutOffIsFinished() throws {
        _ = try keys()
        let path = dock.state + "/keys/dock.key"
        let old = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(try bodydock(["keys", "rotate"]).status == 0)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".next")
        try old.write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let camera = try dock.makeCamera("camera", ["--bytes", "1000"])
        #expect(try dock.offload(camera).status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: dock.state + "/keys") == ["dock.key"])
        #expect(try keys().count == 2, "no third key came into force")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) != old)
    }

    @Test func aRevokedKeyIsNeitherListedNorUsed() throws {
        let old = try #require(keys().first)
        let path = dock.state + "/keys/dock.key"
        let stolen = try Data(contentsOf: URL(fileURLWithPath: path))
        let checkpoint = try dock.folder.write(bodydock(["ledger", "checkpoint"]).output, to: "old.checkpoint")
        let revoke = try bodydock(["keys", "revoke", old, "--reason", "the disk was stolen"])
        #expect(revoke.status == 0, "\(revoke.errors)")
        let new = try keys()
        #expect(new.count == 1 && new[0] != old)
        #expect(try list().contains { $0.hasPrefix("# revoked ") && $0.hasSuffix(": the disk was stolen") })
        #expect(try entry("key.adopted")["handover"] == nil)
        let verify = try bodydock(["ledger", "verify", "--against", checkpoint])
        #expect(verify.status == 1 && verify.text.contains("no key that may sign"), "\(verify.text)")
        // Put back, it signs nothing.
        try stolen.write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let camera = try dock.makeCamera("camera", ["--bytes", "1000"])
        let run = try dock.offload(camera)
        #expect(run.status != 0 && run.errors.contains("was revoked"), "\(run.errors)")
        #expect(try bodydock(["ledger", "checkpoint"]).status == 1)
        #expect(try bodydock(["keys", "revoke", "SHA256:nobody", "--reason", "x"]).status == 1)
    }

    @Test func aKeyThatTheConfigurationNamesIsReplacedByAnotherFile() throws {
        let (first, second) = (dock.folder.at("keys/dock.key"), dock.folder.at("second.key"))
        let vaults = "  - name: archive\n    type: directory\n    path: \(dock.vault)\n"
        try dock.configure(vaults: vaults, key: first)
        _ = try keys()
        #expect(try bodydock(["keys", "rotate"]).errors.contains("--to"))
        let rotate = try bodydock(["keys", "rotate", "--to", second])
        #expect(rotate.status == 0 && rotate.errors.contains("let 'dock.key' of the configuration name"))
        try dock.configure(vaults: vaults, key: second)
        #expect(try bodydock(["ledger", "checkpoint"]).status == 0)
        #expect(try keys().count == 2)
        #expect(!FileManager.default.fileExists(atPath: dock.state + "/keys"))
    }

    @Test func theLedgerKnowsForWhomFootageWasSealedSinceWhen() throws {
        let camera = try dock.makeCamera("camera", ["--bytes", "1000"])
        #expect(try dock.offload(camera).status == 0)
        #expect(try entry("recipients.changed")["recipients"] as? [String] == [dock.recipient])
        let warned = try TestDock.run(["config", "check", dock.configuration])
        #expect(warned.status == 0 && warned.errors.contains("one recipient only"), "\(warned.errors)")
        let pair = try TestDock.run(["keys", "new", dock.folder.at("more"), "--age"])
        let recovery = String(pair.text.dropLast())
        let text = try String(contentsOfFile: dock.configuration, encoding: .utf8)
        try dock.folder.write(
            Array(text.replacingOccurrences(of: "[\(dock.recipient)]", with: "[\(dock.recipient), \(recovery)]").utf8),
            to: "bodydock.yaml")
        #expect(try !TestDock.run(["config", "check", dock.configuration]).errors.contains("recipient"))
        let second = try dock.makeCamera("camera-2", ["--bytes", "1000", "--serial", "SECOND"])
        #expect(try dock.offload(second).status == 0)
        #expect(try entry("recipients.changed")["recipients"] as? [String] == [dock.recipient, recovery])
        #expect(try list().filter { $0.hasPrefix("# recipients since ") }.count == 2)
        #expect(try dock.verifyLedger().status == 0)
    }

    /// As docs/keys.md says: the passphrase is asked for by age, on a terminal.
    @Test func anIdentityBehindAPassphraseOpensWithTheStockTool() throws {
        let camera = try dock.makeCamera("camera", ["--bytes", "1000"])
        #expect(try dock.offload(camera).status == 0)
        let name = try #require(try TestDock.contents(of: dock.vault).keys.first { $0.contains(".MP4") })
        let (sealed, out, protected) = (dock.vault + "/" + name, dock.folder.at("out"), dock.folder.at("protected.age"))
        func onTerminal(_ command: String, typing lines: String) throws -> Tool.Result {
            try Tool.run("timeout", ["60", "script", "-qec", command, "/dev/null"], input: Data(lines.utf8))
        }
        let lock = try onTerminal("age -p -o '\(protected)' '\(dock.identity)'", typing: "geheim\ngeheim\n")
        #expect(lock.status == 0, "\(lock.text)")
        let open = try onTerminal("age -d -i '\(protected)' -o '\(out)' '\(sealed)'", typing: "geheim\n")
        #expect(open.status == 0, "\(open.text)")
        let known = try TestDock.run(["unseal", "--identity", dock.identity, sealed])
        #expect(try Data(contentsOf: URL(fileURLWithPath: out)) == known.output)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: protected)
        let hint = try TestDock.run(["unseal", "--identity", protected, sealed])
        #expect(hint.status == 1 && hint.errors.contains("age -d -i"), "\(hint.errors)")
    }
}
