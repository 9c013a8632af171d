import DockCore
import DockTestSupport
import Foundation
import Testing

/// The running agent and vaults that do not work.
@Suite struct AgentVaultTests {
    private var files: FileManager { FileManager.default }

    /// Makes the configuration name a bucket of the hostile service.
    private func configure(_ dock: TestDock, bucket: String) throws {
        let file = try dock.folder.write(Array("access_key_id = a\nsecret_access_key = b\n".utf8), to: "credentials")
        try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        try dock.configure(
            vaults: """
                  - name: cloud
                    type: s3
                    endpoint: http://127.0.0.1:\(HostileService.shared().port)
                    bucket: \(bucket)
                    prefix: \(dock.folder.path.split(separator: "/").last ?? "dock")
                    credentials: \(file)
                """, extra: "agent:\n  runtime: \(dock.folder.at("run"))\n")
    }

    @Test func aVaultThatWasAwayGetsWhatWaitsForItByItself() throws {
        let dock = try TestDock()
        try dock.configure(
            vaults: "  - name: archive\n    type: directory\n    path: \(dock.vault)\n",
            extra: "agent:\n  runtime: \(dock.folder.at("run"))\n")
        let camera = try dock.makeCamera("camera", ["--bytes", "50 kB"])
        try files.moveItem(atPath: dock.vault, toPath: dock.vault + ".away")
        try #require(try dock.offload(camera).status == 3)
        let waiting = try dock.spooled()
        let agent = try RunningAgent(dock)
        try agent.wait("the vault is away") { try agent.status()?.vaults.first?.state == .away }
        let shown = try #require(try agent.status()?.vaults.first)
        #expect(shown.vault == "archive" && shown.since != nil && shown.nextTry != nil && !shown.isAlarm)
        #expect(shown.why?.contains(dock.vault) == true)
        #expect(try dock.spooled() == waiting)
        try files.moveItem(atPath: dock.vault + ".away", toPath: dock.vault)
        try agent.wait("the spool is empty") { try TestDock.contents(of: dock.state + "/spool").isEmpty }
        #expect(multiset(try TestDock.contents(of: dock.vault)) == multiset(waiting))
        try agent.wait("the vault works") { try agent.status()?.vaults.first?.state == .working }
    }

    @Test func aBucketThatRefusesIsOneAlarmThatANewConfigurationEnds() throws {
        let dock = try TestDock()
        try configure(dock, bucket: "access-denied")
        let camera = try dock.makeCamera("camera", ["--bytes", "50 kB"])
        try #require(try dock.offload(camera).status == 3)
        let agent = try RunningAgent(dock)
        try agent.wait("the vault is stopped") { try agent.status()?.vaults.first?.state == .stopped }
        let requests = try HostileService.shared().requests("access-denied")
        for _ in 0..<3 { try #require(try TestDock.run(["retry", "--config", dock.configuration]).status == 0) }
        try agent.wait("it was tried by hand") {
            try HostileService.shared().requests("access-denied") != requests
                && agent.status()?.vaults.first?.state == .stopped
        }
        #expect(try agent.count("error: vault cloud refuses") == 1)
        #expect(try TestDock.run(["status", "--config", dock.configuration]).text.contains("vault cloud  STOPPED"))
        try configure(dock, bucket: "honest")
        agent.reload()
        try agent.wait("the spool is empty") { try TestDock.contents(of: dock.state + "/spool").isEmpty }
        try agent.wait("the vault works") { try agent.status()?.vaults.first?.state == .working }
        try agent.wait("people are told") { try agent.count("notice: it is over: vault cloud refuses") == 1 }
    }

    /// Nothing waits for it, so it is tried with a scratch object, at the start and by hand.
    @Test func aVaultIsTriedAlthoughNothingWaitsForIt() throws {
        let dock = try TestDock()
        try configure(dock, bucket: "access-denied")
        let agent = try RunningAgent(dock)
        try agent.wait("the vault is stopped") { try agent.status()?.vaults.first?.state == .stopped }
        try configure(dock, bucket: "honest")
        agent.reload()
        try agent.wait("the vault works") { try agent.status()?.vaults.first?.state == .working }
        #expect(try agent.count("error: vault cloud refuses") == 1)
    }
}
