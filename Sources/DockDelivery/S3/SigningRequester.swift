import DockCore
import DockSystem

/// Signs each request at the moment it is sent, and sends it over a pooled connection. One that is refused is signed once more
/// if the credentials have been exchanged since.
struct SigningRequester: Requester {
    let endpoint: Endpoint
    let credentials: CredentialSource
    let region: String
    let conditions: HTTPConnection.Conditions
    let clock: @Sendable () -> Instant
    let pool: HTTPConnectionPool

    func send(_ request: HTTPRequest) throws(DockError) -> HTTPResponse {
        let used = credentials.current()
        let response = try send(request, signedWith: used)
        guard S3Failure.isAboutKeys(response) else { return response }
        let fresh = try credentials.reread()
        return fresh == used ? response : try send(request, signedWith: fresh)
    }

    private func send(_ request: HTTPRequest, signedWith credentials: Credentials) throws(DockError) -> HTTPResponse {
        if case .readback(let readback) = request.answer { try readback.begin() }
        if case .fetch(let range) = request.answer { range.begin() }
        let now = clock()
        let truth: SHA256Digest =
            switch request.body {
            case .none: try SHA256Digest(hashing: [])
            case .document(let bytes): try SHA256Digest(hashing: bytes)
            case .stretch(let stretch): stretch.part.sha256
            }
        let payload = request.pretendedSHA256 ?? truth
        let path = SignatureV4.encode(request.path, keepingSlash: true)
        var headers = request.headers
        headers += [
            ("host", endpoint.authority), ("x-amz-content-sha256", payload.description),
            ("x-amz-date", SignatureV4.timestamp(now)),
        ]
        let subject = SignatureV4.Subject(
            method: request.method, path: path, query: request.query, headers: headers, payload: payload.description)
        let signature = SignatureV4(credentials: credentials, region: region)
        headers.append(("authorization", try signature.authorization(of: subject, at: now)))
        let query = SignatureV4.canonicalQuery(request.query)
        let url = "\(endpoint.scheme)://\(endpoint.authority)\(path)\(query.isEmpty ? "" : "?" + query)"
        let lines = headers.map { "\($0.name): \($0.value)" }
        return try pool.withConnection { connection throws(DockError) in
            try connection.perform(request, url: url, headers: lines, under: conditions)
        }
    }
}
