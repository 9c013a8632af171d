import DockCore
import DockSystem
import Foundation

/// A service that is told of something by a signed POST (standardwebhooks.com, symmetric signatures): `webhook-id` names the message, and
/// stays the same however often it is sent; `webhook-signature` is `v1,` and the Base64 of the HMAC-SHA-256 over
/// `id.timestamp.body` with the secret.
public struct Webhook: Sendable {
    private let url: String
    private let secret: String
    private let conditions: HTTPConnection.Conditions

    /// Longest secret that is read.
    private static let longestSecret = 4096

    /// Checks that the files can be used. The secret is read anew for each message, so that it may be exchanged.
    public init(_ settings: WebhookSettings) throws(DockError) {
        let start = settings.url.range(of: "://")?.upperBound ?? settings.url.endIndex
        let end = settings.url[start...].firstIndex { $0 == "/" || $0 == "?" } ?? settings.url.endIndex
        let endpoint = try Endpoint(String(settings.url[..<end]))
        let rest = settings.url[end...]
        url = "\(endpoint.scheme)://\(endpoint.authority)\(rest.first == "/" ? "" : "/")\(rest)"
        secret = try Credential.path(settings.secret)
        conditions = HTTPConnection.Conditions(
            scheme: endpoint.scheme, trust: try TLSTrust(caFile: settings.caFile), stallTimeout: 30)
    }

    /// Sends a message, and waits for the answer. Returns once the service said that it has it (any status of 200 to 299).
    /// - Parameters:
    ///   - id: names the message, so that one which comes twice is known.
    ///   - body: JSON.
    ///   - now: by the dock's clock.
    public func send(id: String, body: String, at now: Instant) throws(DockError) {
        let text = try SecretFile.read(secret, most: Webhook.longestSecret).text
        let key = Array((text.split(whereSeparator: \.isNewline).first ?? "").utf8)
        guard key.count >= 16 else {
            throw DockError(
                .configuration, "cannot sign a message", at: secret, because: "the secret has less than 16 characters",
                next: "make one: openssl rand -hex 32")
        }
        let stamp = "\(now.milliseconds / 1000)"
        let signature = Data(try SignatureV4.hmac(key, "\(id).\(stamp).\(body)")).base64EncodedString()
        let headers = [
            "content-type: application/json", "user-agent: bodydock", "idempotency-key: \(id)", "webhook-id: \(id)",
            "webhook-timestamp: \(stamp)", "webhook-signature: v1,\(signature)",
        ]
        let request = HTTPRequest(method: "POST", path: "", body: .text(body))
        let response: HTTPResponse
        do throws(DockError) {
            response = try HTTPConnection().perform(request, url: url, headers: headers, under: conditions)
        } catch {
            throw DockError(
                error.code, "cannot tell a webhook", at: place, because: error.why,
                next: "check 'handover.webhook' in the configuration, and the service; it is tried again by itself",
                isPassing: error.isPassing)
        }
        guard (200..<300).contains(response.status) else {
            throw DockError(
                .refused, "cannot tell a webhook", at: place, because: "it answers with status \(response.status)",
                next: "see what the service says; it is tried again by itself", isPassing: response.status >= 500)
        }
    }

    /// Without its query, in which there may be a secret.
    private var place: String { String(url.prefix { $0 != "?" }) }
}
