import DockCore

/// Where an S3 service listens: `https://host[:port]`, without path, user or query. Plain `http` is taken for loopback hosts
/// only: metadata and signatures must not cross a network in the open.
struct Endpoint: Sendable, Equatable {
    /// `https` or `http`.
    let scheme: String
    /// `host[:port]`, as the `Host` header has it: the scheme's own port is left out.
    let authority: String

    /// Reads the configured text.
    init(_ text: String) throws(DockError) {
        func unusable(_ why: String) -> DockError {
            DockError(
                .configuration, "cannot use an S3 endpoint", at: text, because: why,
                next: "write it as https://host[:port]")
        }
        guard let scheme = ["https", "http"].first(where: { text.lowercased().hasPrefix($0 + "://") }) else {
            throw unusable("it begins neither with https:// nor with http://")
        }
        var rest = text.dropFirst(scheme.count + 3)
        if rest.last == "/" { rest = rest.dropLast() }
        let allowed = rest.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || Array("-._:[]".utf8).contains(byte)
        }
        guard allowed, !rest.isEmpty, rest.utf8.count <= 300 else {
            throw unusable("it has more than a host and a port")
        }
        let (host, port) = Endpoint.split(rest)
        guard let host, !host.isEmpty else { throw unusable("its host is not one") }
        if let port { guard let number = UInt16(port), number > 0 else { throw unusable("'\(port)' is not a port") } }
        guard scheme == "https" || Endpoint.isLoopback(host) else {
            throw unusable("plain http is for loopback hosts only")
        }
        let isDefault = port == nil || port == (scheme == "https" ? "443" : "80")
        self.scheme = scheme
        authority = host.lowercased() + (isDefault ? "" : ":" + (port ?? ""))
    }

    private static func split(_ text: Substring) -> (host: Substring?, port: Substring?) {
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return (nil, nil) }
            let rest = text[text.index(after: end)...]
            if rest.isEmpty { return (text, nil) }
            return (rest.first == ":" ? text[...end] : nil, rest.dropFirst())
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, !text.contains("["), !text.contains("]") else { return (nil, nil) }
        return (parts[0], parts.count == 2 ? parts[1] : nil)
    }

    private static func isLoopback(_ host: Substring) -> Bool {
        if host.lowercased() == "localhost" || host == "[::1]" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil }
    }
}
