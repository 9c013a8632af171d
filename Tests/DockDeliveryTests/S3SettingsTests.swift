import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockDelivery

@Suite struct S3SettingsTests {
    @Test(arguments: [
        ("https://s3.example.org", "https", "s3.example.org"),
        ("https://S3.Example.org:443/", "https", "s3.example.org"),
        ("https://10.0.0.7:9000", "https", "10.0.0.7:9000"), ("http://127.0.0.1:7480", "http", "127.0.0.1:7480"),
        ("http://localhost", "http", "localhost"), ("http://[::1]:80", "http", "[::1]"),
        ("HTTPS://[2001:db8::1]:1", "https", "[2001:db8::1]:1"),
    ])
    func endpointsThatCanBeUsed(_ text: String, _ scheme: String, _ authority: String) throws {
        let endpoint = try Endpoint(text)
        #expect(endpoint.scheme == scheme)
        #expect(endpoint.authority == authority)
    }

    @Test(arguments: [
        "http://s3.example.org", "http://10.0.0.7", "http://127.0.0.1.example.org", "http://localhost.example.org",
        "ftp://localhost",
        "s3.example.org", "https://", "https://user@host", "https://host/path", "https://host?x", "https://host:0",
        "https://host:99999",
        "https://host:1:2", "https://[::1", "https://[::1]x", "https://ho st", "https://host\r\nx:y",
        "http://127.0.0.1@evil.example",
    ])
    func endpointsThatCannot(_ text: String) {
        let error = #expect(throws: DockError.self) { try Endpoint(text) }
        #expect(error?.code == .configuration)
    }

    private func credentials(_ text: String, mode: Int = 0o600) throws -> Credentials {
        let folder = try TemporaryFolder()
        let path = try folder.write(text.utf8, to: "credentials")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return try Credentials.read(path).credentials
    }

    @Test func credentialsAreReadFromTheirTwoLines() throws {
        let found = try credentials("# the dock's own key\n access_key_id = AK \n\nsecret_access_key=s/e+c=ret\r\n")
        #expect(found.accessKey == "AK")
        #expect(found.secretKey == "s/e+c=ret")
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o644])
    func credentialsThatOthersCanReadAreRefused(_ mode: Int) throws {
        let error = #expect(throws: DockError.self) {
            try credentials("access_key_id = AK\nsecret_access_key = hidden\n", mode: mode)
        }
        #expect(error?.next.contains("chmod 600") == true)
        #expect(error?.description.contains("hidden") == false)
    }

    @Test(arguments: [
        "", "access_key_id = AK\n", "secret_access_key = hidden\n",
        "access_key_id = AK\nsecret_access_key = hidden\nother = 1\n",
        "access_key_id = AK\naccess_key_id = AK\nsecret_access_key = hidden\n",
        "access_key_id =\nsecret_access_key = hidden\n",
        "hidden\n", "hidden" + String(repeating: " ", count: 9000),
    ])
    func anythingElseInTheFileIsAnErrorThatDoesNotRepeatIt(_ text: String) throws {
        let error = #expect(throws: DockError.self) { try credentials(text) }
        #expect(error?.description.contains("hidden") == false)
    }

    @Test func credentialsDoNotShowThemselves() throws {
        let found = Credentials(accessKey: "AK", secretKey: "hidden")
        var dumped = ""
        dump(found, to: &dumped)
        #expect(!"\(found) \(String(reflecting: found)) \(dumped)".contains("hidden"))
    }

    @Test func aVaultIsNotOpenedWithSettingsThatCannotWork() throws {
        let folder = try TemporaryFolder()
        let settings = S3Settings(
            endpoint: "https://s3.example.org", region: "r", bucket: "b", credentials: folder.at("missing"))
        let error = #expect(throws: DockError.self) {
            try Vaults.open(VaultSettings(name: "v", confirm: .head, kind: .s3(settings))) { Instant(seconds: 0) }
        }
        #expect(error?.place == folder.at("missing"))
    }

    @Test func pausesGrowAndEnd() {
        let backoff = Backoff(pauses: [1, 2])
        #expect(backoff.pause(before: 1, jitter: 0) == nil)
        #expect(backoff.pause(before: 2, jitter: 0) == 1)
        #expect(backoff.pause(before: 3, jitter: 1) == 2.5)
        #expect(backoff.pause(before: 4, jitter: 0) == nil)
    }
}
