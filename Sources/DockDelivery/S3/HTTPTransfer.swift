import CCurl
import DockCore
import DockSystem
import Glibc

/// One request on its way: what libcurl's callbacks read from and write to. Lives as long as `curl_easy_perform` runs, and is
/// used by that thread alone.
final class HTTPTransfer {
    private let request: HTTPRequest
    private let document: [UInt8]
    private var position = 0
    private var headBytes = 0
    /// Seconds that it has waited for its turn to send.
    private var waited = 0.0
    /// When it should be over, not counting that.
    private var due: Double?
    private(set) var response = HTTPResponse()
    /// Whether the empty line came that ends the head.
    private(set) var isHeadComplete = false
    /// Why a callback ended the transfer; libcurl only says that one did.
    private(set) var failure: String?

    init(_ request: HTTPRequest) {
        self.request = request
        if case .document(let bytes) = request.body { document = bytes } else { document = [] }
    }

    /// Size of the request's body; nil if it has none.
    var bodySize: Int64? {
        switch request.body {
        case .none: nil
        case .document: Int64(document.count)
        case .stretch(let stretch): stretch.part.size
        }
    }

    /// Whether its body waits for turns to be sent, so that its duration says nothing about the service.
    var isPaced: Bool { if case .stretch(let stretch) = request.body { stretch.gate != nil } else { false } }

    static func of(_ pointer: UnsafeMutableRawPointer?) -> HTTPTransfer? {
        pointer.map { Unmanaged<HTTPTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// CURLOPT_READFUNCTION: more of the request's body.
    func produce(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        switch request.body {
        case .none: return 0
        case .document:
            let piece = document[position...].prefix(buffer.count)
            buffer.copyBytes(from: piece)
            position += piece.count
            return piece.count
        case .stretch(let stretch):
            let before = RateLimiter.now()
            let turn = stretch.turn(buffer.count, at: Int64(position))
            waited += RateLimiter.now() - before
            do {
                let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<turn])
                let count = try stretch.read(into: piece, at: Int64(position))
                position += count
                return count
            } catch {
                failure = "the spool file cannot be read: \(error)"
                return Int(CURL_READFUNC_ABORT)
            }
        }
    }

    /// Notes that it begins now, and may take so many seconds beside those in which it waits for its turn.
    func begin(longest: Double) { due = RateLimiter.now() + longest }

    /// Whether it has taken longer than that.
    var isOverdue: Bool { due.map { RateLimiter.now() - waited > $0 } ?? false }

    /// CURLOPT_SEEKFUNCTION: libcurl sends the body again, on another connection. Not where somebody has to look before.
    func seek(to offset: Int64) -> Int32 {
        guard request.outcome == nil, (0...(bodySize ?? 0)).contains(offset) else { return Int32(CURL_SEEKFUNC_FAIL) }
        position = Int(offset)
        return Int32(CURL_SEEKFUNC_OK)
    }

    /// CURLOPT_HEADERFUNCTION: one line of the answer's head, the status line and `100 Continue` heads included.
    func takeHeader(_ line: UnsafeRawBufferPointer) -> Int {
        headBytes += line.count
        guard headBytes <= HTTPResponse.longestHead else {
            failure = "the head of the answer is longer than \(HTTPResponse.longestHead) bytes"
            return 0
        }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            let words = text.split(separator: " ", maxSplits: 2)
            response = HTTPResponse()
            isHeadComplete = false
            response.status = words.count > 1 ? Int(words[1].prefix(3)) ?? 0 : 0
        } else if let colon = text.firstIndex(of: ":") {
            let name = text[..<colon].lowercased()
            let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            let end = value.lastIndex { !$0.isWhitespace }.map { value.index(after: $0) } ?? value.startIndex
            if response.headers[name] == nil { response.headers[name] = String(value[..<end]) }
        } else if text == "\r\n" || text == "\n" {
            isHeadComplete = true
        }
        return line.count
    }

    /// CURLOPT_WRITEFUNCTION: bytes of the answer's body.
    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        if case .readback(let readback) = request.answer, response.status == 200 {
            guard readback.take(bytes) else {
                failure = "the answer is longer than the object that was stored"
                return 0
            }
            return bytes.count
        }
        // An answer that is not the range (206) is a document: it says why.
        if case .fetch(let range) = request.answer, response.status == 206 {
            guard range.take(bytes) else {
                failure = range.failure?.description ?? "the answer is longer than what was asked for"
                return 0
            }
            return bytes.count
        }
        guard response.body.count + bytes.count <= HTTPResponse.longestDocument else {
            failure = "the answer is longer than \(HTTPResponse.longestDocument) bytes"
            return 0
        }
        response.body += bytes
        return bytes.count
    }
}
