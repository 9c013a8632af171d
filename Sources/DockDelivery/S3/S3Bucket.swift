import DockCore

/// The requests that a vault makes of one bucket ("Amazon S3 API Reference"), path-style. Every method blocks, and throws
/// what the service's answer means.
struct S3Bucket: Sendable {
    let name: String
    let requester: any Requester

    /// The header that carries ``SealedSegment/id``: by it an object is known as ours.
    static let sealingHeader = "x-amz-meta-bodydock-sealing"

    /// What a HEAD says of an object.
    struct Head {
        var bytes: Int64
        var tag: String
        var version: String?
        var sealing: String?
        /// When it was stored, by the service's clock.
        var modified: Instant?
    }

    /// What a write to a key came to.
    enum Written<Value: Sendable>: Sendable {
        case done(Value)
        /// Something stands there already, or the upload was ended by somebody else.
        case taken
    }

    /// Asks for an object; nil if there is none.
    /// - Parameter wanted: the version to ask for; nil for the latest.
    func head(_ key: String, version wanted: String? = nil) throws(DockError) -> Head? {
        let query = wanted.map { [(name: "versionId", value: $0)] } ?? []
        let response = try requester.send(
            HTTPRequest(method: "HEAD", path: path(key), query: query, answer: .headersOnly))
        let what = "cannot look at an object"
        switch response.status {
        case 200:
            guard let bytes = response.contentLength, bytes >= 0, let tag = response.tag else {
                throw malformed(what, key, "the answer has no usable size and tag")
            }
            return Head(
                bytes: bytes, tag: tag, version: version(response), sealing: response.headers[S3Bucket.sealingHeader],
                modified: response.headers["last-modified"].flatMap(HTTPResponse.moment))
        case 404:
            return nil
        default:
            // A HEAD is refused without a word; a GET of one byte is refused with a reason.
            let probe = HTTPRequest(
                method: "GET", path: path(key), query: query, headers: [("range", "bytes=0-0")])
            let explained = try requester.send(probe)
            throw S3Failure.error(explained.status >= 300 ? explained : response, what, at: place(key))
        }
    }

    /// Stores an object with one request; the service compares the body with its signed SHA-256 and its size.
    /// - Returns: the tag and version that the service gave it.
    /// - Parameter extra: further headers.
    func put(
        _ stretch: FileStretch, _ key: String, sealing: String, extra: [(name: String, value: String)] = []
    ) throws(DockError) -> Written<
        (tag: String, version: String?)
    > {
        let what = "cannot store an object"
        var request = HTTPRequest(method: "PUT", path: path(key), body: .stretch(stretch))
        request.headers = extra + [(S3Bucket.sealingHeader, sealing), ("if-none-match", "*")]
        // Buckets with versions may ignore the condition: the object would be sent, kept and locked twice.
        request.outcome = { () throws(DockError) in try head(key) == nil ? nil : HTTPResponse(status: 412) }
        var response = try requester.send(request)
        if response.status == 501 {
            // Not every service knows conditional writes. The key was looked at just before, so little is lost.
            request.headers.removeLast()
            response = try requester.send(request)
        }
        switch response.status {
        case 200:
            guard let tag = response.tag else { throw malformed(what, key, "the answer has no usable tag") }
            return .done((tag, version(response)))
        case 412: return .taken
        default: throw S3Failure.error(response, what, at: place(key))
        }
    }

    /// Reads an object whole and hashes it on the way.
    /// - Returns: its SHA-256 and tag; nil for the SHA-256 if a part is not what it must be; nil if there is no object.
    func readBack(_ key: String, parts: [SealedSegment.Part]) throws(DockError) -> (whole: SHA256Digest?, tag: String?)?
    {
        let readback = try Readback(parts)
        let response = try requester.send(HTTPRequest(method: "GET", path: path(key), answer: .readback(readback)))
        if response.status == 404 { return nil }
        guard response.status == 200 else {
            throw S3Failure.error(response, "cannot read an object back", at: place(key))
        }
        return (try readback.verdict(), response.tag)
    }

    /// Brings a range of an object back (GetObject with a Range).
    func fetch(_ key: String, version: String?, _ range: FetchedRange) throws(DockError) {
        let what = "cannot fetch an object"
        var request = HTTPRequest(method: "GET", path: path(key), answer: .fetch(range))
        request.headers = [range.header]
        if let version { request.query = [("versionId", version)] }
        let response: HTTPResponse
        do throws(DockError) { response = try requester.send(request) } catch { throw range.failure ?? error }
        switch response.status {
        case 206:
            guard range.isAnswered(by: response) else {
                throw DockError(
                    .mismatch, what, at: place(key), because: "it has not the \(range.total) bytes that were stored",
                    next: "check the service; another vault may have it")
            }
            guard range.isComplete else { throw malformed(what, key, "the range came back short") }
        case 416:
            throw DockError(
                .mismatch, what, at: place(key), because: "it is shorter than what was stored",
                next: "check the service; another vault may have it")
        case 404:
            throw DockError(
                .notFound, what, at: place(key), because: "nothing stands under that name",
                next: "find out who removed it; another vault may have it")
        case 200: throw malformed(what, key, "it sends the whole where a range was asked for")
        default: throw S3Failure.error(response, what, at: place(key))
        }
    }

    /// How a key reads in messages.
    func place(_ key: String) -> String { "s3://\(name)/\(key)" }

    /// The path of a key in a request, not encoded.
    func path(_ key: String) -> String { "/\(name)/\(key)" }

    /// The version that an answer names, if it names one.
    func version(_ response: HTTPResponse) -> String? {
        response.headers["x-amz-version-id"].flatMap { EntityTag.isPlain($0) && $0 != "null" ? $0 : nil }
    }

    /// The error of an answer that lacks what it must have.
    func malformed(_ what: String, _ key: String, _ why: String) -> DockError {
        DockError(
            .malformed, what, at: place(key), because: why,
            next: "this is not how an S3 service answers: check the endpoint")
    }
}
