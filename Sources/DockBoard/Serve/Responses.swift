import DockCore
import DockHandover
import Glibc
import HTTPTypes
import HummingbirdCore
import NIOCore

/// What every answer tells a browser: nothing but the board's own files, in nobody's frame, kept by nobody, told to nobody
/// (Content Security Policy Level 3; OWASP Secure Headers Project).
enum SecurityHeaders {
    static let all: HTTPFields = {
        let texts = [
            "Content-Security-Policy":
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
                + "form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
        ]
        var fields = HTTPFields()
        for (name, text) in texts { if let name = HTTPField.Name(name) { fields[name] = text } }
        return fields
    }()
}

extension Response {
    static func content(_ status: HTTPResponse.Status, _ text: String, _ type: String) -> Response {
        Response(
            status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    static func text(_ status: HTTPResponse.Status, _ text: String) -> Response {
        content(status, text + "\n", "text/plain; charset=utf-8")
    }

    static func json(_ line: String) -> Response { content(.ok, line + "\n", "application/json") }

    static func html(_ status: HTTPResponse.Status, _ page: Markup, _ language: HandoverSettings.Language) -> Response {
        var response = content(status, page.html, "text/html; charset=utf-8")
        response.headers[.contentLanguage] = language.rawValue
        return response
    }

    static func asset(_ bytes: [UInt8], _ type: String) -> Response {
        Response(status: .ok, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// A stream; without one there are too many.
    static func events(_ body: ResponseBody?) -> Response {
        guard let body else {
            var response = Response.text(.serviceUnavailable, "too many watch this dock")
            response.headers[.retryAfter] = "30"
            return response
        }
        return Response(status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8"], body: body)
    }

    /// To the page, once the browser knows its cookie: the token does not stay in its address.
    static func redirect(_ cookie: String, to route: Route, _ language: HandoverSettings.Language) -> Response {
        Response(
            status: .seeOther, headers: [.location: "\(route.rawValue)?lang=\(language.rawValue)", .setCookie: cookie])
    }

    static func unauthorized(_ route: Route, _ language: HandoverSettings.Language) -> Response {
        var response =
            route.isForPeople
            ? html(.unauthorized, BoardPage.signIn(route, .of(language)), language)
            : text(.unauthorized, "show the dock's token: Authorization: Bearer TOKEN")
        response.headers[.wwwAuthenticate] = "Bearer realm=\"bodydock\""
        return response
    }
}

/// The time as HTTP tells it (RFC 9110, 5.6.7).
enum HTTPDate {
    static var now: String {
        var (seconds, parts) = (time(nil), tm())
        gmtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 40)
        let length = strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
        return String(decoding: text.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
