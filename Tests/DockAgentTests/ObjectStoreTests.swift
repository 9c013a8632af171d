import DockCore
import DockTestSupport
import Foundation
import Testing

/// The whole way into a real S3 service.
@Suite struct ObjectStoreTests {
    private func yaml(_ dock: TestDock, _ bench: S3Bench, secret: String = CephGateway.secretKey) throws -> String {
        let file = try dock.folder.write(
            Array("access_key_id = \(CephGateway.accessKey)\nsecret_access_key = \(secret)\n".utf8), to: "credentials")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        return """
              - name: cloud
                type: s3
                endpoint: \(try CephGateway.shared().endpoint)
                bucket: \(bench.bucket)
                prefix: evidence
                credentials: \(file)

            """
    }

    /// The keys of the bucket, but those of checkpoints.
    private func footage(_ bench: S3Bench) throws -> [String] {
        try bench.keys().filter { !$0.hasSuffix(".checkpoint") && !TestDock.isCustody($0) }
    }

    /// SHA-256 of what each object of the bucket holds, opened.
    private func opened(_ dock: TestDock, _ bench: S3Bench) throws -> [String: SHA256Digest] {
        let copy = try TemporaryFolder()
        for key in try bench.keys() { try copy.write(try bench.bytes(key), to: key) }
        return try dock.opened(copy.path)
    }

    @Test func aCameraGoesIntoABucketAndAFolderAndIsEmptied() throws {
        let bench = try CephGateway.shared().makeBucket()
        let dock = try TestDock()
        let folder = "  - name: archive\n    type: directory\n    path: \(dock.vault)\n"
        try dock.configure(vaults: folder + yaml(dock, bench))
        let camera = try dock.makeCamera("camera", ["--bytes", "1500 kB"])
        let footage = try TestDock.contents(of: camera, except: ["SETTINGS"])
        let run = try dock.offload(camera)
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(multiset(try opened(dock, bench)) == multiset(footage))
        #expect(multiset(try dock.opened()) == multiset(footage))
        #expect(
            try bench.keys().allSatisfy {
                $0.hasPrefix("evidence/BWC0042/") || $0.hasPrefix("evidence/test/checkpoints/")
            })
        #expect(try TestDock.contents(of: camera, except: ["SETTINGS"]).isEmpty)
        #expect(try dock.verifyLedger().status == 0)
    }

    @Test func proxiesThatTheEnvironmentNamesAreNotUsed() throws {
        let bench = try CephGateway.shared().makeBucket()
        let dock = try TestDock()
        try dock.configure(vaults: yaml(dock, bench))
        let camera = try dock.makeCamera("camera", ["--bytes", "50 kB"])
        let proxy = try Relay(to: CephGateway.shared().endpoint)
        var environment = ["no_proxy": "", "NO_PROXY": ""]
        for scheme in ["http", "https", "all"] {
            environment[scheme + "_proxy"] = proxy.endpoint
            environment[scheme.uppercased() + "_PROXY"] = proxy.endpoint
        }
        let run = try Tool.run(
            TestDock.program, ["offload", "--config", dock.configuration, camera], environment: environment)
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(try !bench.keys().isEmpty)
        #expect(try proxy.count() == 0)
    }

    @Test func aRefusingBucketKeepsTheCameraAndTheSpoolWaits() throws {
        let bench = try CephGateway.shared().makeBucket()
        let dock = try TestDock()
        try dock.configure(vaults: yaml(dock, bench, secret: "wrong"))
        let camera = try dock.makeCamera("camera", ["--bytes", "50 kB"])
        let before = try TestDock.contents(of: camera)
        let refused = try dock.offload(camera)
        #expect(refused.status == 3, "\(refused.text)\(refused.errors)")
        #expect(!refused.text.contains("wrong\n") && !refused.errors.contains("labsecret"))
        #expect(try TestDock.contents(of: camera) == before)
        #expect(try bench.keys().isEmpty)

        try dock.configure(vaults: yaml(dock, bench))
        let again = try dock.offload(camera)
        #expect(again.status == 0, "\(again.text)\(again.errors)")
        #expect(multiset(try opened(dock, bench)) == multiset(before.filter { !$0.key.hasPrefix("SETTINGS") }))
    }

    @Test func aVaultThatHasTheFootageAndRefusesToAnswerIsNotSentItTwice() throws {
        let bench = try CephGateway.shared().makeBucket()
        let dock = try TestDock()
        try dock.configure(vaults: yaml(dock, bench))
        let camera = try dock.makeCamera("camera", ["--bytes", "50 kB"])
        #expect(try dock.offload(camera, ["--keep"]).status == 0)
        let keys = try footage(bench)

        try dock.configure(vaults: yaml(dock, bench, secret: "expired"))
        let refused = try dock.offload(camera)
        #expect(refused.status == 3, "\(refused.text)\(refused.errors)")
        #expect(try dock.spooled().isEmpty, "nothing is sealed a second time")

        try dock.configure(vaults: yaml(dock, bench))
        let again = try dock.offload(camera)
        #expect(again.status == 0, "\(again.text)\(again.errors)")
        #expect(try footage(bench) == keys)
    }

    /// While the vault refuses, the hold counts already, and the night tells the vault.
    @Test func aHoldReachesTheBucketAndLeavesItAgain() throws {
        let bench = try CephGateway.shared().makeBucket(locks: true)
        let dock = try TestDock()
        let extra = "agent: {runtime: /nowhere/bodydock}"
        try dock.configure(vaults: yaml(dock, bench), extra: extra)
        let camera = try dock.makeCamera("camera", ["--bytes", "5 kB", "--recordings", "1", "--segments", "1"])
        try #require(try dock.offload(camera).status == 0)
        let row = try dock.ledger(
            """
            SELECT json_extract(r.body, '$.event.receipt.key') || '|' || json_extract(r.body, '$.event.receipt.version')
              || '|' || json_extract(s.body, '$.event.recording') FROM entry r JOIN entry s ON s.sealing = r.sealing
            WHERE r.kind = 'receipt' AND s.kind = 'segment.sealed' AND json_extract(s.body, '$.event.role') = 'listed'
            """
        ).split(separator: "|").map(String.init)
        let who = ["--reason", "case 7", "--by", "OM", "--config", dock.configuration]

        try dock.configure(vaults: yaml(dock, bench, secret: "wrong"), extra: extra)
        let refused = try TestDock.run(["hold", "add", "--camera", "BWC0042", "--recording", row[2]] + who)
        #expect(refused.status == 3, "\(refused.text)\(refused.errors)")
        let hold = String(refused.text.prefix { $0 != " " })
        #expect(try TestDock.run(["hold", "list", "--config", dock.configuration]).text.contains(hold))

        try dock.configure(vaults: yaml(dock, bench), extra: extra)
        let night = try dock.nightly()
        // The recording's segment, and the manifest that tells of it.
        #expect(night.status == 0 && night.text.contains("2 legal holds were set"), "\(night.text)\(night.errors)")
        #expect(try !bench.canRemove(row[0], version: row[1]))
        let lifted = try TestDock.run(["hold", "remove", hold] + who)
        #expect(lifted.status == 0 && lifted.text.contains("legal holds lifted: 2"), "\(lifted.text)\(lifted.errors)")
        #expect(try dock.verifyLedger().status == 0)
        #expect(try bench.canRemove(row[0], version: row[1]))
    }

    @Test func theNightNoticesWhatIsGoneFromABucketAndWhatRefusesToAnswer() throws {
        let bench = try CephGateway.shared().makeBucket()
        let dock = try TestDock()
        let extra = "nightly: {check_share: 100 %}\nagent: {runtime: /nowhere/bodydock}"
        try dock.configure(vaults: yaml(dock, bench), extra: extra)
        try #require(try dock.offload(try dock.makeCamera("camera", ["--bytes", "50 kB"])).status == 0)
        let (keys, objects) = (try footage(bench), try bench.keys().count)
        let good = try dock.nightly()
        #expect(
            good.status == 0 && good.text.contains("check: done: \(objects) objects"), "\(good.text)\(good.errors)")

        try dock.configure(vaults: yaml(dock, bench, secret: "wrong"), extra: extra)
        let refused = try dock.nightly()
        #expect(refused.status == 1 && refused.errors.contains("cloud: not asked to the end"), "\(refused.errors)")

        try bench.remove(keys[0])
        try dock.configure(vaults: yaml(dock, bench), extra: extra)
        let gone = try dock.nightly()
        #expect(gone.status == 1 && gone.errors.contains("cloud: \(keys[0])"), "\(gone.errors)")
        #expect(try footage(bench) == Array(keys.dropFirst()), "nothing is repaired")
        let faults = try dock.ledger(
            "SELECT sum(json_array_length(body, '$.event.faults')) FROM entry WHERE kind = 'night.checked'")
        #expect(faults == "1")
    }

    @Test func aVaultThatIsAwayStopsOnlyItself() throws {
        let dock = try TestDock()
        let file = try dock.folder.write(Array("access_key_id = a\nsecret_access_key = b\n".utf8), to: "credentials")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        try dock.configure(
            vaults: """
                  - name: archive
                    type: directory
                    path: \(dock.vault)
                  - name: cloud
                    type: s3
                    endpoint: http://127.0.0.1:9
                    bucket: nowhere
                    credentials: \(file)
                """, extra: "release:\n  require: [archive]\n")
        let camera = try dock.makeCamera("camera", ["--bytes", "50 kB"])
        let footage = try TestDock.contents(of: camera, except: ["SETTINGS"])
        let run = try dock.offload(camera)
        #expect(run.status == 0, "the policy asks for the archive only: \(run.text)\(run.errors)")
        #expect(multiset(try dock.opened()) == multiset(footage))
        #expect(
            try dock.spooled().count == footage.count, "the spool keeps it for the cloud")
    }
}
