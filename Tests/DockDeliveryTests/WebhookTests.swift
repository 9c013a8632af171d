import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockDelivery

/// Messages to a service, against a real HTTP server.
@Suite struct WebhookTests {
    private static let now = Instant(seconds: 1_790_000_000)
    private static let secret = "0123456789abcdef0123456789abcdef"

    private func secretFile(_ folder: TemporaryFolder, _ text: String = secret + "\n", mode: Int = 0o600) throws
        -> String
    {
        let path = try folder.write(Array(text.utf8), to: "secret")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    @Test func aMessageCarriesItsNameAndASignatureThatOpensslMakesToo() throws {
        let service = try WebhookService()
        let folder = try TemporaryFolder()
        let url = "http://127.0.0.1:\(service.port)/hooks/in?token=x"
        let webhook = try Webhook(WebhookSettings(url: url, secret: try secretFile(folder)))
        let body = "{\"data\":\"é\"}"
        try webhook.send(id: "abc", body: body, at: Self.now)

        let requests = try service.requests()
        #expect(requests.count == 1)
        let request = try #require(requests.first)
        #expect(String(decoding: request.body, as: UTF8.self) == body)
        #expect(request.head["path"] == "/hooks/in?token=x" && request.head["content-type"] == "application/json")
        #expect(request.head["webhook-id"] == "abc" && request.head["idempotency-key"] == "abc")
        #expect(request.head["webhook-timestamp"] == "1790000000")
        let signed = try Tool.run(
            "openssl", ["dgst", "-sha256", "-hmac", Self.secret, "-binary"], input: Data("abc.1790000000.\(body)".utf8))
        #expect(request.head["webhook-signature"] == "v1," + signed.output.base64EncodedString())
    }

    @Test(arguments: [(500, true), (503, true), (404, false), (301, false), (200, nil), (299, nil)] as [(Int, Bool?)])
    func onlyAYesIsAYes(status: Int, isPassing: Bool?) throws {
        let service = try WebhookService()
        try service.answer(status)
        let folder = try TemporaryFolder()
        let settings = WebhookSettings(
            url: "http://127.0.0.1:\(service.port)/in?token=hush", secret: try secretFile(folder))
        let webhook = try Webhook(settings)
        guard let isPassing else { return try webhook.send(id: "a", body: "{}", at: Self.now) }
        let error = #expect(throws: DockError.self) { try webhook.send(id: "a", body: "{}", at: Self.now) }
        #expect(error?.isPassing == isPassing)
        #expect(error.map { !"\($0)".contains("hush") } == true)
        #expect(try service.requests().count == 1)
    }

    @Test func aServiceThatIsNotTrustedIsToldNothing() throws {
        let authority = try TestAuthority()
        let service = try WebhookService(certificate: try authority.issue("server").both)
        let folder = try TemporaryFolder()
        let url = "https://127.0.0.1:\(service.port)/"
        let secret = try secretFile(folder)
        let error = #expect(throws: DockError.self) {
            try Webhook(WebhookSettings(url: url, secret: secret)).send(id: "a", body: "{}", at: Self.now)
        }
        #expect(error?.code == .refused)
        #expect(try service.requests().isEmpty)
        try Webhook(WebhookSettings(url: url, secret: secret, caFile: authority.file))
            .send(id: "a", body: "{}", at: Self.now)
        #expect(try service.requests().count == 1)
    }

    @Test func aSecretThatIsNoneIsNotUsed() throws {
        let service = try WebhookService()
        let folder = try TemporaryFolder()
        let url = "http://127.0.0.1:\(service.port)/"
        for (text, mode) in [("short\n", 0o600), (Self.secret, 0o644), ("", 0o600)] {
            let webhook = try Webhook(
                WebhookSettings(url: url, secret: try secretFile(folder, text, mode: mode)))
            let error = #expect(throws: DockError.self) { try webhook.send(id: "a", body: "{}", at: Self.now) }
            #expect(error?.code == .configuration)
        }
        #expect(try service.requests().isEmpty)
    }
}
