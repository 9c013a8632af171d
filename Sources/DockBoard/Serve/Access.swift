import DockCore
import DockSystem
import Glibc
import HTTPTypes
import HummingbirdCore

/// Who may ask, and by which names.
struct Access: Sendable {
    /// Names of this machine beside `localhost` and addresses, for those who have the token.
    let names: Set<String>
    /// SHA-256 of the token that must be shown; nil if none must.
    private let token: SHA256Digest?
    /// What a browser keeps, once it has shown the token: nothing that the token follows from.
    private let pass: String?

    init(names: [String], token: String?) throws(DockError) {
        self.names = Set(names)
        guard let token else {
            (self.token, pass) = (nil, nil)
            return
        }
        self.token = try SHA256Digest(hashing: Array(token.utf8))
        pass = try SHA256Digest(hashing: Array("bodydock board pass \(token)".utf8)).description
    }

    /// Whether the request is meant for this machine. A page of somebody else, whose name was made to lead here (DNS rebinding),
    /// is read by its own scripts; an address or `localhost` leads nowhere else. Without a token nobody but this machine may ask.
    func isForUs(_ authority: String?) -> Bool {
        guard let authority, authority.utf8.count <= 300 else { return false }
        let host: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return false }
            guard Access.isPort(authority[authority.index(after: end)...]) else { return false }
            return isOurs(authority[authority.index(after: authority.startIndex)..<end], AF_INET6)
        }
        host = authority.prefix { $0 != ":" }
        guard Access.isPort(authority[host.endIndex...]) else { return false }
        let name = host.lowercased()
        return name == "localhost" || names.contains(name) || isOurs(host, AF_INET)
    }

    /// Whether this is an address under which the board may be asked for.
    private func isOurs(_ address: Substring, _ family: Int32) -> Bool {
        Access.isAddress(address, family)
            && (token != nil || SocketPlace(address: String(address), port: 0).isLoopback)
    }

    /// Whether the request shows the token, or a browser's pass.
    func isGranted(_ request: Request) -> Bool {
        guard let token else { return true }
        let name = Access.cookieName(request)
        if let pass, request.headers[values: .cookie].contains(where: { Access.cookie(in: $0, name) == pass }) {
            return true
        }
        guard let shown = request.headers[.authorization], shown.lowercased().hasPrefix("bearer ") else { return false }
        return Access.matches(shown.dropFirst(7), token)
    }

    /// The cookie by which a browser that has just shown the token is known from now on; nil if it has not.
    func cookie(for shown: Substring?, _ request: Request) -> String? {
        guard let token, let pass, let shown, Access.matches(shown, token) else { return nil }
        let secure = Access.isEncrypted(request) ? "; Secure" : ""
        return
            "\(Access.cookieName(request))=\(pass); Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000\(secure)"
    }

    /// A cookie that came over TLS stays with it.
    private static func cookieName(_ request: Request) -> String { isEncrypted(request) ? "__Host-board" : "board" }

    /// Whether a web server that shows the board with TLS says so.
    private static func isEncrypted(_ request: Request) -> Bool {
        HTTPField.Name("X-Forwarded-Proto").map { request.headers[$0] == "https" } ?? false
    }

    /// Digests are compared, so the time that it takes tells nothing of the token.
    private static func matches(_ shown: Substring, _ token: SHA256Digest) -> Bool {
        do throws(DockError) { return try SHA256Digest(hashing: Array(shown.utf8)) == token } catch { return false }
    }

    private static func cookie(in header: String, _ name: String) -> String? {
        for pair in header.split(separator: ";") {
            let pair = pair.drop { $0 == " " }
            if pair.hasPrefix(name + "=") { return String(pair.dropFirst(name.count + 1)) }
        }
        return nil
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.isEmpty || (text.first == ":" && UInt16(text.dropFirst()) != nil)
    }

    private static func isAddress(_ text: Substring, _ family: Int32) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 16)
        return inet_pton(family, String(text), &bytes) == 1
    }
}
