import DockCore

/// Uploads in parts ("Uploading and copying objects using multipart upload", Amazon S3 User Guide).
extension S3Bucket {
    /// A part that the service says it has.
    struct ListedPart: Sendable {
        var bytes: Int64
        var tag: String
    }

    /// Pages of a listing that are read, at most, each of up to a thousand entries.
    private static let mostPages = 20

    /// Begins an upload in parts and returns its name.
    /// - Parameter extra: further headers.
    func createUpload(
        _ key: String, sealing: String, extra: [(name: String, value: String)] = []
    ) throws(DockError) -> String {
        let what = "cannot begin an upload"
        let request = HTTPRequest(
            method: "POST", path: path(key), query: [("uploads", "")],
            headers: extra + [(S3Bucket.sealingHeader, sealing)],
            body: .text(""))
        let response = try requester.send(request)
        guard response.status == 200 else { throw S3Failure.error(response, what, at: place(key)) }
        guard let upload = response.element("UploadId"), !upload.isEmpty else {
            throw malformed(what, key, "the answer names no upload")
        }
        return upload
    }

    /// Uploads part `number` (from 1) and returns its tag.
    /// - Parameter sums: send the part's MD5 too, as some services ask of uploads that are locked.
    func put(
        _ stretch: FileStretch, part number: Int, of upload: String, _ key: String, sums: Bool = false
    ) throws(DockError) -> Written<String> {
        let what = "cannot upload part \(number)"
        var request = HTTPRequest(
            method: "PUT", path: path(key), query: [("partNumber", "\(number)"), ("uploadId", upload)],
            body: .stretch(stretch))
        if sums { request.headers = [try S3Bucket.contentMD5(stretch.md5())] }
        let response = try requester.send(request)
        if response.status == 404, response.element("Code") == "NoSuchUpload" { return .taken }
        guard response.status == 200 else { throw S3Failure.error(response, what, at: place(key)) }
        guard let tag = response.tag else { throw malformed(what, key, "the answer has no usable tag") }
        return .done(tag)
    }

    /// Makes the object out of the uploaded parts.
    /// - Returns: its tag if the service says it (a repeated request may be answered without).
    /// - Parameter isConditional: ask the service to refuse if something stands under the key.
    func complete(
        _ upload: String, parts tags: [String], _ key: String, isConditional: Bool = true
    ) throws(DockError) -> Written<String?> {
        let list = tags.enumerated().map {
            "<Part><PartNumber>\($0.offset + 1)</PartNumber><ETag>\($0.element)</ETag></Part>"
        }
        let response = try requester.send(
            HTTPRequest(
                method: "POST", path: path(key), query: [("uploadId", upload)],
                headers: isConditional ? [("if-none-match", "*")] : [],
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

    /// Names of unfinished uploads of exactly this key.
    func uploads(of key: String) throws(DockError) -> [String] {
        var found: [String] = []
        var marker: [(name: String, value: String)] = []
        for _ in 0..<S3Bucket.mostPages {
            let response = try requester.send(
                HTTPRequest(method: "GET", path: "/\(name)", query: [("uploads", ""), ("prefix", key)] + marker))
            guard response.status == 200 else { throw S3Failure.error(response, "cannot list uploads", at: place(key)) }
            found += response.entries("Upload").compactMap { entry in
                entry.element("Key") == key ? entry.element("UploadId") : nil
            }
            // Keys are listed in order: behind this one others begin with it.
            guard response.element("IsTruncated") == "true", let next = response.element("NextKeyMarker"), next == key,
                let upload = response.element("NextUploadIdMarker")
            else { return found }
            marker = [("key-marker", next), ("upload-id-marker", upload)]
        }
        return found
    }

    /// The parts of an upload by number; nil if there is no such upload.
    func parts(of upload: String, _ key: String) throws(DockError) -> [Int: ListedPart]? {
        let what = "cannot list the parts of an upload"
        var parts: [Int: ListedPart] = [:]
        var marker = 0
        for _ in 0..<S3Bucket.mostPages {
            var request = HTTPRequest(method: "GET", path: path(key), query: [("uploadId", upload)])
            if marker > 0 { request.query.append(("part-number-marker", "\(marker)")) }
            let response = try requester.send(request)
            if response.status == 404 { return nil }
            guard response.status == 200 else { throw S3Failure.error(response, what, at: place(key)) }
            for entry in response.entries("Part") {
                guard let number = entry.element("PartNumber").flatMap({ Int($0) }), number > 0,
                    let bytes = entry.element("Size").flatMap({ Int64($0) }), let tag = entry.element("ETag"),
                    EntityTag.isPlain(tag)
                else { throw malformed(what, key, "the listing has a part without number, size or tag") }
                parts[number] = ListedPart(bytes: bytes, tag: tag)
            }
            guard response.element("IsTruncated") == "true" else { return parts }
            guard let next = response.element("NextPartNumberMarker").flatMap({ Int($0) }), next > marker else {
                throw malformed(what, key, "the listing does not say how it goes on")
            }
            marker = next
        }
        throw malformed(what, key, "the listing has more parts than an upload may have")
    }
}
