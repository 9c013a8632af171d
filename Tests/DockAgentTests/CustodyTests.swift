import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

/// Custody records and coverage statements as they come out of the vault, looked at with stock tools alone.
@Suite struct CustodyTests {
    /// The records of a dock's vault, opened with stock age, by file name. Fails if one name is there twice.
    static func records(_ dock: TestDock, into name: String = "records") throws -> [String: Data] {
        let out = dock.folder.at(name)
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        let listing = try Tool.run("find", [dock.vault, "-name", "*.age", "-path", "*Z-*"])
        var records: [String: Data] = [:]
        for path in listing.text.split(separator: "\n").map(String.init) where TestDock.isCustody(path) {
            let file = String(path.split(separator: "/").last!.dropLast(17))
            let opened = try Tool.run("age", ["-d", "-i", dock.identity, "-o", "\(out)/\(file)", path])
            try #require(opened.status == 0, "\(opened.errors)")
            #expect(
                records.updateValue(try Data(contentsOf: URL(fileURLWithPath: "\(out)/\(file)")), forKey: file) == nil)
        }
        return records
    }

    /// What `ssh-keygen -Y verify` says of a document and its signature.
    static func verify(_ dock: TestDock, _ file: String, namespace: String, signature: String? = nil) throws
        -> Tool.Result
    {
        let key = try Tool.run("ssh-keygen", ["-y", "-f", dock.state + "/keys/dock.key"])
        let pem = key.status == 0 ? key.text : try openSSHKey(dock)
        _ = try dock.folder.write(Array("test namespaces=\"\(namespace)\" \(pem)".utf8), to: "signers")
        return try Tool.run(
            "sh",
            [
                "-c", "ssh-keygen -Y verify -f \"$1\" -I test -n \"$2\" -s \"$3\" < \"$4\"", "sh",
                dock.folder.at("signers"), namespace, signature ?? file + ".sig", file,
            ])
    }

    /// The public half of the dock's key, by OpenSSL and coreutils: the last 32 bytes of its DER form.
    private static func openSSHKey(_ dock: TestDock) throws -> String {
        let script = """
            { printf '\\000\\000\\000\\013ssh-ed25519\\000\\000\\000\\040'
              openssl pkey -in "$1" -pubout -outform DER | tail -c 32; } | base64 -w 0
            """
        return "ssh-ed25519 " + (try Tool.run("sh", ["-c", script, "sh", dock.state + "/keys/dock.key"])).text
    }

    static func object(_ data: Data?) throws -> [String: Any] {
        let data = try #require(data)
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test func stockToolsCheckTheRecordOfADocking() throws {
        let dock = try TestDock()
        let camera = try dock.makeCamera("camera", ["--recordings", "2", "--segments", "2", "--bytes", "50 kB"])
        let footage = try TestDock.contents(of: camera, except: ["SETTINGS"])
        let run = try dock.offload(camera)
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        let records = try CustodyTests.records(dock)
        #expect(
            Set(records.keys) == [
                "custody-1.json", "custody-1.json.sig", "SHA256SUMS-1", "coverage-1.json", "coverage-1.json.sig",
            ])
        #expect(try TestDock.contents(of: dock.state + "/spool").isEmpty)
        for kind in ["custody", "coverage"] {
            let file = dock.folder.at("records/\(kind)-1.json")
            let good = try CustodyTests.verify(dock, file, namespace: "\(kind)@bodydock")
            #expect(good.status == 0 && good.text.contains("Good"), "\(good.text)\(good.errors)")
            var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
            bytes[bytes.count / 2] ^= 1
            let changed = try dock.folder.write(bytes, to: "changed")
            let bad = try CustodyTests.verify(
                dock, changed, namespace: "\(kind)@bodydock", signature: file + ".sig")
            #expect(bad.status != 0)
        }
        let sums = try Tool.run(
            "sh",
            [
                "-c", "cd \"$1\" && sha256sum --check --strict \"$2\"", "sh", dock.vault,
                dock.folder.at("records/SHA256SUMS-1"),
            ])
        #expect(sums.status == 0, "\(sums.text)\(sums.errors)")
        #expect(sums.text.split(separator: "\n").count == footage.count, "every sealed file is listed")

        let record = try CustodyTests.object(records["custody-1.json"])
        #expect(record["schema"] as? String == "bodydock-custody-1")
        #expect((record["outcome"] as? [String: Any])?.keys.first == "emptied")
        let listed = try #require(record["recordings"] as? [[String: Any]]).flatMap {
            $0["files"] as? [[String: Any]] ?? []
        }
        #expect(
            listed.compactMap { $0["sha256"] as? String }.sorted() == multiset(footage), "the content of each file")
        #expect(listed.allSatisfy { ($0["receipts"] as? [Any])?.count == 1 })
        let coverage = try CustodyTests.object(records["coverage-1.json"])
        #expect(coverage["isComplete"] as? Bool == true)
        let first = try #require((coverage["recordings"] as? [[String: Any]])?.first)
        #expect((first["segments"] as? [String: Any])?["taken"] as? Int == 2)
        #expect((first["preRecord"] as? [String: Any])?["present"] as? Double ?? 0 > 0)
        let digest = try Tool.run("sha256sum", [dock.folder.at("records/coverage-1.json")]).text.prefix(64)
        #expect((record["coverage"] as? [String: Any])?["sha256"] as? String == String(digest))
        let verified = try dock.verifyLedger()
        #expect(verified.status == 0, "\(verified.text)\(verified.errors)")
    }

    /// The order of the entries is the proof: what was there is signed before the permit, and told after the end.
    @Test func coverageIsSignedBeforeThePermit() throws {
        let dock = try TestDock()
        #expect(try dock.offload(try dock.makeCamera("camera", ["--bytes", "50 kB"])).status == 0)
        let kinds = try Tool.run(
            "sqlite3",
            [
                dock.state + "/ledger.sqlite",
                "SELECT kind FROM entry WHERE kind IN ('coverage.signed','erase.permitted','docking.ended','custody.recorded') ORDER BY sequence",
            ]
        ).text.split(separator: "\n")
        #expect(kinds == ["coverage.signed", "erase.permitted", "docking.ended", "custody.recorded"])
    }

    @Test func aHeldCameraIsToldOfWithWhatIsMissing() throws {
        let dock = try TestDock()
        let camera = try dock.makeCamera("camera", ["--recordings", "2", "--bytes", "50 kB", "--break", "hash"])
        #expect(try dock.offload(camera).status == 2)
        let records = try CustodyTests.records(dock)
        let record = try CustodyTests.object(records["custody-1.json"])
        #expect((record["outcome"] as? [String: Any])?.keys.first == "held")
        let coverage = try CustodyTests.object(records["coverage-1.json"])
        #expect(coverage["isComplete"] as? Bool == false)
        let rows = try #require(coverage["recordings"] as? [[String: Any]])
        #expect(rows.filter { $0["isComplete"] as? Bool == false }.count == 1)
        let gaps = rows.flatMap { $0["gaps"] as? [[String: Any]] ?? [] }
        #expect(gaps.count == 1 && gaps[0]["path"] is String)
    }

    /// What could not be delivered at first is told again when the last vault has it.
    @Test func aDockingThatCompletesLaterIsToldAgain() throws {
        let dock = try TestDock()
        let camera = try dock.makeCamera("camera", ["--bytes", "50 kB"])
        let files = FileManager.default
        try files.moveItem(atPath: dock.vault, toPath: dock.vault + ".away")
        #expect(try dock.offload(camera).status == 3)
        try files.moveItem(atPath: dock.vault + ".away", toPath: dock.vault)
        let night = try TestDock.run(["nightly", "--config", dock.configuration])
        #expect(night.status == 0, "\(night.text)\(night.errors)")
        let records = try CustodyTests.records(dock)
        #expect(
            Set(records.keys.filter { $0.hasSuffix(".json") }) == [
                "custody-1.json", "custody-2.json", "coverage-1.json", "coverage-2.json",
            ])
        func receipts(_ name: String) throws -> Int {
            let record = try CustodyTests.object(records[name])
            let rows = try #require(record["recordings"] as? [[String: Any]])
            return rows.flatMap { $0["files"] as? [[String: Any]] ?? [] }.compactMap { $0["receipts"] as? [Any] }
                .map(\.count).reduce(0, +)
        }
        #expect(try receipts("custody-1.json") == 0)
        #expect(try receipts("custody-2.json") > 0)
        #expect(records["coverage-1.json"] == records["coverage-2.json"], "what was signed then is not said anew")
        // Nothing happened since: no third record.
        #expect(try TestDock.run(["nightly", "--config", dock.configuration]).status == 0)
        #expect(try CustodyTests.records(dock, into: "again").count == records.count)
        #expect(try dock.verifyLedger().status == 0)
    }
}
