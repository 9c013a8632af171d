import DockCore

/// A request to the service, before it is signed.
struct HTTPRequest {
    /// What is sent with it.
    enum Body {
        case none
        /// A short document.
        case document([UInt8])
        /// A stretch of a sealed file.
        case stretch(FileStretch)

        static func text(_ text: String) -> Body { .document(Array(text.utf8)) }
    }

    /// Where a successful answer's body goes.
    enum Answer {
        /// Into the response, up to ``HTTPResponse/longestDocument``.
        case document
        /// Nowhere: the request is a HEAD.
        case headersOnly
        /// Into a hasher.
        case readback(Readback)
        /// Where the caller wants it.
        case fetch(FetchedRange)
    }

    var method: String
    /// Starts with `/`; not encoded.
    var path: String
    var query: [(name: String, value: String)] = []
    /// Further headers; all are signed.
    var headers: [(name: String, value: String)] = []
    var body = Body.none
    /// What the signature says of the body, where that is not the truth: a probe of whether the service looks.
    var pretendedSHA256: SHA256Digest?
    var answer = Answer.document
    /// Asked before it is sent again: an answer that spares that, where the service did it and its answer got lost; else nil.
    var outcome: (() throws(DockError) -> HTTPResponse?)?
}

/// What the service answered.
struct HTTPResponse: Sendable {
    /// Longest body of an error or a listing that is read; more ends the transfer.
    static let longestDocument = 1 << 20
    /// Longest head that is read; more ends the transfer.
    static let longestHead = 64 << 10

    var status = 0
    /// By lower-case name; of repeated headers the first.
    var headers: [String: String] = [:]
    var body: [UInt8] = []

    /// The body's size as the head gives it.
    var contentLength: Int64? { headers["content-length"].flatMap { Int64($0) } }

    /// `ETag`, if it is one that can be repeated to the service without harm: short, printable, no markup.
    var tag: String? {
        guard let tag = headers["etag"] else { return nil }
        return EntityTag.isPlain(tag) ? tag : nil
    }

    /// The text of the first `<name>` in an XML body. Deliberately no XML parser: what is looked for is one word, and
    /// whatever is not found is an error.
    func element(_ name: String) -> String? {
        guard let open = body.firstRange(of: Array("<\(name)>".utf8)) else { return nil }
        let rest = body[open.upperBound...]
        guard let close = rest.firstRange(of: Array("</\(name)>".utf8)), close.lowerBound - open.upperBound <= 2048
        else { return nil }
        return HTTPResponse.unescape(String(decoding: rest[..<close.lowerBound], as: UTF8.self))
    }

    /// What stands in every `<name>` of an XML body, in order.
    func entries(_ name: String) -> [HTTPResponse] {
        body.split(separator: Array("<\(name)>".utf8), omittingEmptySubsequences: false).dropFirst().map { bytes in
            let end = bytes.firstRange(of: Array("</\(name)>".utf8))?.lowerBound ?? bytes.endIndex
            return HTTPResponse(body: Array(bytes[..<end]))
        }
    }

    private static func unescape(_ text: String) -> String {
        let names = ["&quot;": "\"", "&#34;": "\"", "&lt;": "<", "&gt;": ">", "&apos;": "'", "&amp;": "&"]
        var rest = text[...]
        var result = ""
        while let character = rest.first {
            let entity = character == "&" ? names.first { rest.hasPrefix($0.key) } : nil
            result += entity?.value ?? String(character)
            rest = rest.dropFirst(entity?.key.count ?? 1)
        }
        return result
    }
}

/// Sends requests; throws if there is no whole answer. An answer with an error status is an answer.
protocol Requester: Sendable {
    func send(_ request: HTTPRequest) throws(DockError) -> HTTPResponse
}
