import DockCore
import Glibc

/// The `board` of the configuration.
enum BoardSection {
    /// Reads it. Beyond this machine the board is shown by a web server with TLS, and to those who have the token, or not at all.
    static func read(_ reader: inout MappingReader) -> BoardSettings {
        let listen = reader.optional("listen", .loopbackPlace) ?? BoardSettings().listen
        let names = reader.list("names", of: .hostName)
        let token = reader.optional("token", .secretFile)
        let language = reader.optional("language", .language) ?? nil
        if !names.isEmpty, !reader.has("token") {
            reader.note(
                "other machines ask by \(reader.full("names")), but \(reader.full("token")) is missing; allowed: both, or none",
                at: reader.place(of: "names"))
        }
        return BoardSettings(listen: listen, names: names, token: token, language: language)
    }
}

extension Rule where Value == SocketPlace {
    /// An address of this machine alone to listen at. A name would depend on what a name server says.
    static var loopbackPlace: Rule {
        Rule(explaining: "an address of this machine alone and a port, such as 127.0.0.1:8484 or [::1]:8484") { text in
            guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0,
                String(port) == text[text.index(after: colon)...]
            else { return .failure(Objection(why: "a port from 1 to 65535 must stand behind the address")) }
            var host = String(text[..<colon])
            let isBracketed = host.hasPrefix("[") && host.hasSuffix("]") && host.count > 2
            if isBracketed { host = String(host.dropFirst().dropLast()) }
            var bytes = [UInt8](repeating: 0, count: 16)
            guard inet_pton(isBracketed ? AF_INET6 : AF_INET, host, &bytes) == 1 else {
                return .failure(Objection(why: "\(quoted(host)) is no address"))
            }
            let place = SocketPlace(address: host, port: Int(port))
            guard place.isLoopback else {
                return .failure(
                    Objection(
                        why: "other machines reach \(place); let a web server with TLS show it to them: docs/board.md"))
            }
            return .success(place)
        }
    }
}

extension Rule where Value == String {
    /// A name of a machine (RFC 1123, 2.1), in lower case.
    static var hostName: Rule {
        Rule("a host name such as dock.example.org, in lower case") { text in
            let labels = text.split(separator: ".", omittingEmptySubsequences: false)
            let isName = labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == 45 }
            }
            return isName && text.utf8.count <= 253 ? text : nil
        }
    }
}

extension Rule where Value == HandoverSettings.Language? {
    /// A language; nil for what each browser asks for.
    static var language: Rule {
        Rule("browser, nl, en") { text in
            text == "browser" ? .some(nil) : HandoverSettings.Language(rawValue: text).map { .some($0) }
        }
    }
}
