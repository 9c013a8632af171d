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
    }

    /// What a write to a key came to.
    enum Written<Value: Sendable>: Sendable {
        case done(Value)
        /// Something stands there already, or the upload was ended by somebody else.
        case taken
    }

    /// Asks for an object; nil if there is none.
    func head(_ key: String) throws(DockError) -> Head? {
        let response = try requester.send(HTTPRequest(method: "HEAD", path: path(key), answer: .headersOnly))
        let what = "cannot look at an object"
        switch response.status {
        case 200:
            guard let bytes = response.contentLength, bytes >= 0, let tag = response.tag else {
                throw malformed(what, key, "the answer has no usable size and tag")
            }
            return Head(
                bytes: bytes, tag: tag, version: version(response), sealing: response.headers[S3Bucket.sealingHeader])
        case 404:
            return nil
        default:
            // A HEAD is refused without a word; a GET of one byte is refused with a reason.
            let probe = HTTPRequest(method: "GET", path: path(key), headers: [("range", "bytes=0-0")])
            let explained = try requester.send(probe)
            throw S3Failure.error(explained.status >= 300 ? explained : response, what, at: place(key))
        }
    }

    /// Stores an object with one request; the service compares the body with its signed SHA-256 and its size.
    /// - Returns: the tag and version that the service gave it.
    func put(_ stretch: FileStretch, _ key: String, sealing: String) throws(DockError) -> Written<
        (tag: String, version: String?)
    > {
        let what = "cannot store an object"
        var request = HTTPRequest(method: "PUT", path: path(key), body: .stretch(stretch))
        request.headers = [(S3Bucket.sealingHeader, sealing), ("if-none-match", "*")]
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

    /// Begins an upload in parts and returns its name.
    func createUpload(_ key: String, sealing: String) throws(DockError) -> String {
        let what = "cannot begin an upload"
        let request = HTTPRequest(
            method: "POST", path: path(key), query: [("uploads", "")], headers: [(S3Bucket.sealingHeader, sealing)],
            body: .text(""))
        let response = try requester.send(request)
        guard response.status == 200 else { throw S3Failure.error(response, what, at: place(key)) }
        guard let upload = response.element("UploadId"), !upload.isEmpty else {
            throw malformed(what, key, "the answer names no upload")
        }
        return upload
    }

    /// Uploads part `number` (from 1) and returns its tag.
    func put(_ stretch: FileStretch, part number: Int, of upload: String, _ key: String) throws(DockError) -> Written<
        String
    > {
        let what = "cannot upload part \(number)"
        let response = try requester.send(
            HTTPRequest(
                method: "PUT", path: path(key), query: [("partNumber", "\(number)"), ("uploadId", upload)],
                body: .stretch(stretch)))
        if response.status == 404, response.element("Code") == "NoSuchUpload" { return .taken }
        guard response.status == 200 else { throw S3Failure.error(response, what, at: place(key)) }
        guard let tag = response.tag else { throw malformed(what, key, "the answer has no usable tag") }
        return .done(tag)
    }

    /// Makes the object out of the uploaded parts.
    /// - Returns: its tag if the service says it (a repeated request may be answered without).
    func complete(_ upload: String, parts tags: [String], _ key: String) throws(DockError) -> Written<String?> {
        let list = tags.enumerated().map {
            "<Part><PartNumber>\($0.offset + 1)</PartNumber><ETag>\($0.element)</ETag></Part>"
        }
        let response = try requester.send(
            HTTPRequest(
                method: "POST", path: path(key), query: [("uploadId", upload)], headers: [("if-none-match", "*")],
                body: .text("<CompleteMultipartUpload>\(list.joined())</CompleteMultipartUpload>")))
        // The status is sent before the work is done: an error may follow it in the body.
        let code = response.element("Code")
        if response.status == 412 || code == "PreconditionFailed" || code == "NoSuchUpload" { return .taken }
        guard response.status == 200, code == nil else {
            throw S3Failure.error(response, "cannot complete an upload", at: place(key))
        }
        guard let tag = response.element("ETag"), !EntityTag.bare(tag).isEmpty else { return .done(nil) }
        return .done(tag)
    }

    /// Gives up an upload: its parts are deleted. One that is not there any more is fine.
    func abort(_ upload: String, _ key: String) throws(DockError) {
        let response = try requester.send(HTTPRequest(method: "DELETE", path: path(key), query: [("uploadId", upload)]))
        guard [200, 204, 404].contains(response.status) else {
            throw S3Failure.error(response, "cannot give up an upload", at: place(key))
        }
    }

    /// Names of unfinished uploads of exactly this key; the first thousand.
    func uploads(of key: String) throws(DockError) -> [String] {
        let response = try requester.send(
            HTTPRequest(method: "GET", path: "/\(name)", query: [("uploads", ""), ("prefix", key)]))
        guard response.status == 200 else { throw S3Failure.error(response, "cannot list uploads", at: place(key)) }
        return response.body.split(separator: Array("<Upload>".utf8)).dropFirst().compactMap { bytes in
            let entry = HTTPResponse(body: Array(bytes))
            return entry.element("Key") == key ? entry.element("UploadId") : nil
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

    /// How a key reads in messages.
    func place(_ key: String) -> String { "s3://\(name)/\(key)" }

    private func path(_ key: String) -> String { "/\(name)/\(key)" }

    private func version(_ response: HTTPResponse) -> String? {
        response.headers["x-amz-version-id"].flatMap { EntityTag.isPlain($0) && $0 != "null" ? $0 : nil }
    }

    private func malformed(_ what: String, _ key: String, _ why: String) -> DockError {
        DockError(
            .malformed, what, at: place(key), because: why,
            next: "this is not how an S3 service answers: check the endpoint")
    }
}
