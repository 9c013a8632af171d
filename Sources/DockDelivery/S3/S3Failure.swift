import DockCore

/// What an S3 service's refusal means ("Error responses", Amazon S3 API Reference).
enum S3Failure {
    /// Statuses that say that the same request may be granted later.
    static func isPassing(status: Int) -> Bool {
        [408, 409, 425, 429].contains(status) || (500...599).contains(status) && status != 501
    }

    /// Whether another access key might be granted what this one was refused.
    static func isAboutKeys(_ response: HTTPResponse) -> Bool {
        [401, 403].contains(response.status) || isExpiredKey(response.element("Code") ?? "")
    }

    /// Keys that are good for a time are refused as tokens, with 400.
    private static func isExpiredKey(_ code: String) -> Bool {
        ["ExpiredToken", "TokenRefreshRequired"].contains(code)
    }

    /// The error of an answer that is not the one that was hoped for.
    static func error(_ response: HTTPResponse, _ what: String, at place: String) -> DockError {
        let code = plain(response.element("Code")) ?? ""
        let text = plain(response.element("Message")) ?? ""
        let why =
            "the service answered \(response.status)" + (code.isEmpty ? "" : " \(code)")
            + (text.isEmpty ? "" : ": \(text)")
        let (kind, next, isPassing) = meaning(response.status, code)
        return DockError(kind, what, at: place, because: why, next: next, isPassing: isPassing)
    }

    private static func meaning(_ status: Int, _ code: String) -> (DockError.Code, String, Bool) {
        switch (status, code) {
        case (_, "InvalidAccessKeyId"):
            (.refused, "the service does not know the access key: check the credentials file", false)
        case (_, "SignatureDoesNotMatch"):
            (.refused, "the secret key or the region is wrong: check the credentials file and region", false)
        case (_, _) where isExpiredKey(code):
            (.refused, "the access key has expired: put a new one into the credentials file", false)
        case (_, "AuthorizationHeaderMalformed"):
            (.refused, "the service does not take this signature: check region, and the access key", false)
        case (_, "RequestTimeTooSkewed"): (.refused, "set the dock's clock: it is too far from the service's", false)
        case (_, "QuotaExceeded"), (507, _): (.noSpace, "make room in the bucket or raise its quota; run again", true)
        case (_, "XAmzContentSHA256Mismatch"), (_, "BadDigest"):
            (
                .mismatch,
                "the spool file does not have the bytes that were sealed: dock the camera again; check the dock's disk",
                false
            )
        case (_, "EntityTooLarge"): (.limit, "the service does not take objects this large", false)
        case (_, "RequestTimeout"), (_, "SlowDown"): (.unreachable, "the service is not well: run again later", true)
        case (403, _), (401, _):
            (
                .refused,
                "allow this access key to get, put and list objects (s3:GetObject, s3:PutObject, s3:ListBucket)", false
            )
        case (_, "NoSuchBucket"): (.notFound, "make the bucket, or correct its name in the configuration", false)
        case (404, _): (.notFound, "find out who removed it; the segment must be delivered again", false)
        case (300...399, _):
            (.refused, "redirects are not followed: set the endpoint and region of the bucket itself", false)
        case (412, _): (.conflict, "find out who put another object there; nothing was overwritten", false)
        default:
            isPassing(status: status)
                ? (.unreachable, "the service is not well: run again later", true)
                : (.refused, "check the endpoint, the bucket and what the service logs", false)
        }
    }

    /// Words of a server as part of a message: short, on one line, printable.
    private static func plain(_ text: String?) -> String? {
        text.map {
            String(
                $0.prefix(200).filter {
                    $0.isASCII && !$0.isNewline && ($0.asciiValue ?? 0) >= 0x20 && $0.asciiValue != 0x7f
                })
        }
    }
}
