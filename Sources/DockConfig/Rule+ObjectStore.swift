import DockCore
import Foundation

extension Rule where Value == String {
    /// Where an S3 service answers.
    static var endpoint: Rule {
        Rule(explaining: "https://host or https://host:port; http only for this machine (localhost, 127.x.x.x, [::1])")
        { text in
            let isEncrypted = text.hasPrefix("https://")
            guard isEncrypted || text.hasPrefix("http://") else { return .failure(Objection(why: nil)) }
            let place = text.drop { $0 != ":" }.dropFirst(3)
            guard let (host, port) = Authority.split(place.hasSuffix("/") ? place.dropLast() : place) else {
                return .failure(Objection(why: "there must be a host, and nothing behind it but a port"))
            }
            guard port.map(Authority.isPort) ?? true else {
                return .failure(Objection(why: "a port is a number from 1 to 65535"))
            }
            guard isEncrypted || Authority.isLoopback(host) else {
                return .failure(Objection(why: "without TLS anybody on the way can change what the vault answers"))
            }
            return .success(text.hasSuffix("/") ? String(text.dropLast()) : text)
        }
    }

    /// Where an authority for time-stamps is asked. What it answers is signed: it may travel in the open.
    static var timestampAuthority: Rule {
        Rule("http://host/path or https://host/path, with or without a port; at most 1000 characters, no '?' and '#'") {
            text in
            guard let scheme = ["http://", "https://"].first(where: { text.hasPrefix($0) }), text.utf8.count <= 1000,
                text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != 0x23 && $0 != 0x3f }),
                let (_, port) = Authority.split(text.dropFirst(scheme.count).prefix { $0 != "/" }),
                port.map(Authority.isPort) ?? true
            else { return nil }
            return text
        }
    }

    /// A bucket's name (Amazon S3 User Guide, "General purpose bucket naming rules").
    static var bucket: Rule {
        Rule("3 to 63 of a-z 0-9 . -, beginning and ending with a letter or digit") { text in
            let bytes = Array(text.utf8)
            guard (3...63).contains(bytes.count), bytes.allSatisfy({ isAlphanumeric($0) || $0 == 45 || $0 == 46 }),
                isAlphanumeric(bytes[0]), isAlphanumeric(bytes[bytes.count - 1]), !text.contains("..")
            else { return nil }
            return text
        }
    }

    /// A region, as it stands in signatures.
    static var region: Rule {
        Rule("1 to 64 of a-z A-Z 0-9 _ -") { text in
            (1...64).contains(text.utf8.count)
                && text.utf8.allSatisfy { isAlphanumeric($0 | 0x20) || isAlphanumeric($0) || $0 == 45 || $0 == 95 }
                ? text : nil
        }
    }

    /// A file with a secret in it.
    static var secretFile: Rule {
        let path = absolutePath
        return Rule(
            "an absolute path such as /etc/bodydock/secret, or the name of a credential of systemd: 1 to 64 of A-Z a-z 0-9 . _ -, "
                + "not beginning with '.'"
        ) { text in
            if text.hasPrefix("/"), case .success(let path) = path.read(text) { return path }
            return CameraIdentity.isName(text) ? text : nil
        }
    }

    /// Hashes of public keys, as libcurl takes them.
    static var pinnedKeys: Rule {
        Rule("sha256// and the Base64 of a public key's SHA-256; several with ';' between them, at most 8") { text in
            let keys = text.split(separator: ";", omittingEmptySubsequences: false)
            let front = "sha256//"
            guard keys.count <= 8,
                keys.allSatisfy({ key in
                    key.hasPrefix(front) && Data(base64Encoded: String(key.dropFirst(front.count)))?.count == 32
                })
            else { return nil }
            return text
        }
    }

    /// What every key in a bucket begins with.
    static var keyPrefix: Rule {
        Rule("parts of A-Z a-z 0-9 . _ - with '/' between them, at most 256 characters; no '/' at either end") { text in
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard text.utf8.count <= 256, parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }),
                text.utf8.allSatisfy({
                    isAlphanumeric($0 | 0x20) || isAlphanumeric($0) || [45, 46, 47, 95].contains($0)
                })
            else { return nil }
            return text
        }
    }
}

/// Lower-case letters and digits.
private func isAlphanumeric(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...122).contains(byte) }

/// Host and port of a URL (RFC 3986 section 3.2).
private enum Authority {
    /// Nil if there is no host, or something else than a port behind it.
    static func split(_ text: Substring) -> (host: Substring, port: Substring?)? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let host = text[...end]
            let rest = text[text.index(after: end)...]
            guard host.utf8.count > 3,
                host.dropFirst().dropLast().utf8.allSatisfy({ isHexDigit($0) || $0 == 58 || $0 == 46 }),
                rest.isEmpty || rest.hasPrefix(":")
            else { return nil }
            return (host, rest.isEmpty ? nil : rest.dropFirst())
        }
        let host = text.prefix { $0 != ":" }
        guard (1...253).contains(host.utf8.count), let first = host.utf8.first,
            isAlphanumeric(first | 0x20) || isAlphanumeric(first),
            host.utf8.allSatisfy({ isAlphanumeric($0 | 0x20) || isAlphanumeric($0) || $0 == 45 || $0 == 46 })
        else { return nil }
        return (host, host.endIndex == text.endIndex ? nil : text[text.index(after: host.endIndex)...])
    }

    static func isPort(_ text: Substring) -> Bool { UInt16(text).map { $0 > 0 && String($0) == text } ?? false }

    /// Whether a host is this machine, whatever a name server says.
    static func isLoopback(_ host: Substring) -> Bool {
        if host.lowercased() == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0).map(String.init) == String($0) }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...102).contains(byte | 0x20)
    }
}
