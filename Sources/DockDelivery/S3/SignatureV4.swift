import COpenSSL
import DockCore
import DockSystem

/// Signs requests with AWS Signature Version 4 in the `Authorization` header ("Authenticating Requests: Using the
/// Authorization Header (AWS Signature Version 4)", Amazon S3 API Reference). The path is encoded once, as S3 has it.
struct SignatureV4: Sendable {
    let credentials: Credentials
    let region: String

    /// What is signed of a request.
    struct Subject {
        var method: String
        /// Starts with `/`; every part percent-encoded.
        var path: String
        /// Names and values, not encoded yet.
        var query: [(name: String, value: String)] = []
        /// `host`, `x-amz-date` and everything else that must not be changed on the way.
        var headers: [(name: String, value: String)]
        /// Hexadecimal SHA-256 of the body.
        var payload: String
    }

    /// The value of the `Authorization` header. `time` is the same that `x-amz-date` says.
    func authorization(of subject: Subject, at time: Instant) throws(DockError) -> String {
        let headers = subject.headers.map { (name: $0.name.lowercased(), value: $0.value) }.sorted { $0.name < $1.name }
        let names = headers.map(\.name).joined(separator: ";")
        let canonical = [
            subject.method, subject.path, SignatureV4.canonicalQuery(subject.query),
            headers.map { "\($0.name):\($0.value)\n" }.joined(), names, subject.payload,
        ].joined(separator: "\n")
        let stamp = SignatureV4.timestamp(time)
        let scope = "\(stamp.prefix(8))/\(region)/s3/aws4_request"
        let digest = try SHA256Digest(hashing: Array(canonical.utf8))
        let text = "AWS4-HMAC-SHA256\n\(stamp)\n\(scope)\n\(digest)"
        let signature = try SignatureV4.hmac(signingKey(stamp.prefix(8)), text)
        return
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKey)/\(scope),SignedHeaders=\(names),Signature=\(Hex.encode(signature))"
    }

    private func signingKey(_ day: Substring) throws(DockError) -> [UInt8] {
        var key = Array("AWS4\(credentials.secretKey)".utf8)
        for step in [String(day), region, "s3", "aws4_request"] { key = try SignatureV4.hmac(key, step) }
        return key
    }

    /// `20130524T000000Z`.
    static func timestamp(_ time: Instant) -> String {
        time.description.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
    }

    /// `name=value` pairs, encoded, sorted by encoded name; a name without value keeps its `=`.
    static func canonicalQuery(_ query: [(name: String, value: String)]) -> String {
        query.map { (encode($0.name, keepingSlash: false), encode($0.value, keepingSlash: false)) }
            .sorted { $0.0 == $1.0 ? $0.1 < $1.1 : $0.0 < $1.0 }
            .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    /// Percent-encodes every byte of the UTF-8 text but the unreserved ones of RFC 3986, with upper-case digits.
    static func encode(_ text: String, keepingSlash: Bool) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: bytes.append(byte)
            case UInt8(ascii: "/") where keepingSlash: bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// HMAC-SHA-256 (RFC 2104).
    static func hmac(_ key: [UInt8], _ text: String) throws(DockError) -> [UInt8] {
        let data = Array(text.utf8)
        var result = [UInt8](repeating: 0, count: 32)
        var length = 0
        guard EVP_Q_mac(nil, "HMAC", nil, "SHA256", nil, key, key.count, data, data.count, &result, 32, &length) != nil,
            length == 32
        else {
            throw DockError(
                .library, "cannot sign a request", at: "OpenSSL", because: "HMAC-SHA-256 was refused",
                next: "check the installed libssl3")
        }
        return result
    }
}
