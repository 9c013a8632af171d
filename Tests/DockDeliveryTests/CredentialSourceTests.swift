import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockDelivery

/// Credentials are exchanged without a restart, and come from systemd where they should.
@Suite struct CredentialSourceTests {
    private func write(_ text: String, to path: String, mode: Int = 0o600) throws {
        let new = path + ".new"
        try Data(text.utf8).write(to: URL(fileURLWithPath: new))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: new)
        guard rename(new, path) == 0 else { throw Errno.current }
    }

    private func lines(_ access: String, _ secret: String) -> String {
        "access_key_id = \(access)\nsecret_access_key = \(secret)\n"
    }

    @Test func anExchangedFileIsReadAnew() throws {
        let folder = try TemporaryFolder()
        let path = folder.at("credentials")
        try write(lines("one", "first"), to: path)
        let source = try CredentialSource(path)
        #expect(source.current().accessKey == "one")
        try write(lines("two", "second"), to: path)
        #expect(source.current().accessKey == "two")
        // What cannot be used does not take away what can.
        try write("access_key_id = three\n", to: path)
        #expect(source.current().accessKey == "two")
        try write(lines("four", "fourth"), to: path, mode: 0o644)
        #expect(source.current().accessKey == "two")
        try FileManager.default.removeItem(atPath: path)
        #expect(source.current().accessKey == "two")
        #expect(throws: DockError.self) { try source.reread() }
    }

    @Test func aVaultGoesOnWithNewKeys() throws {
        let bench = try VaultBench(.bucket)
        let path = bench.folder.disk.at("credentials")
        let vault = try bench.vault(.readback)
        func store(_ name: String) throws -> Answers {
            Answers(vault, [try SealedSample.make(in: bench.spool, name: name)])
        }
        _ = try store("1.MP4").receipt()
        try write(lines("nobody", "nothing"), to: path)
        #expect(try store("2.MP4").error().why.contains("InvalidAccessKeyId"))
        try write(lines(CephGateway.accessKey, CephGateway.secretKey), to: path)
        _ = try store("2.MP4").receipt()
    }

    @Test func refusedByTheServiceAFileThatCannotBeUsedIsTheReason() throws {
        let service = try HostileService()
        let bench = try HostileBench("access-denied", endpoint: "http://127.0.0.1:\(service.port)")
        try write("access_key_id = hidden\n", to: bench.folder.at("credentials"))
        let error = try bench.store().error()
        #expect(error.code == .configuration)
        #expect(error.place == bench.folder.at("credentials"))
        #expect(!error.description.contains("hidden"))
    }

    @Test func whatTheServiceRefusesIsSignedOnceMoreWithNewKeysOnly() throws {
        let service = try HostileService()
        let bench = try HostileBench("access-denied", endpoint: "http://127.0.0.1:\(service.port)")
        _ = try bench.store().error()
        // A HEAD and the GET that explains it: nothing is repeated with the same keys.
        #expect(try service.requests("access-denied") == 2)
    }

    @Test func systemdHandsCredentialsOver() throws {
        let folder = try TemporaryFolder()
        try write(lines("one", "first"), to: folder.at("s3"), mode: 0o440)
        #expect(throws: DockError.self) { try CredentialSource(folder.at("s3")) }
        let error = #expect(throws: DockError.self) { try CredentialSource("s3") }
        #expect(error?.next.contains("LoadCredential=s3") == true)
        setenv("CREDENTIALS_DIRECTORY", folder.path, 1)
        defer { unsetenv("CREDENTIALS_DIRECTORY") }
        #expect(try CredentialSource("s3").current().accessKey == "one")
        try write(lines("one", "first"), to: folder.at("s3"), mode: 0o444)
        #expect(throws: DockError.self) { try CredentialSource("s3") }
    }
}
