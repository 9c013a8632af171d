import DockCore

/// The text that an age file starts with: for every recipient a stanza that wraps the file key, and a MAC over them
/// (C2SP age.md, "Header").
struct AgeHeader {
    /// A header's first line, without its line feed.
    static let version = "age-encryption.org/v1"
    /// The longest header that is read, in bytes: more than 600 recipients.
    static let limit = 64 * 1024
    static let columns = 64

    /// The file key, wrapped for one recipient.
    struct Stanza: Equatable {
        /// The kind of recipient, and what that kind needs; visible ASCII, never empty.
        var arguments: [String]
        /// The wrapped key.
        var body: [UInt8]
    }

    var stanzas: [Stanza]
    /// HMAC-SHA-256 over ``authenticated``.
    var mac: [UInt8]
    /// The bytes that the MAC covers: all through `---`.
    var authenticated: [UInt8]

    /// All of the header's bytes.
    var text: [UInt8] { authenticated + Array(" \(Base64.encode(mac))\n".utf8) }

    /// The bytes of a header that its MAC covers.
    static func authenticated(_ stanzas: [Stanza]) -> [UInt8] {
        var text = version + "\n"
        for stanza in stanzas {
            text += "-> " + stanza.arguments.joined(separator: " ") + "\n"
            var line = Base64.encode(stanza.body)[...]
            while line.utf8.count >= columns {
                text += line.prefix(columns) + "\n"
                line = line.dropFirst(columns)
            }
            text += line + "\n"
        }
        return Array((text + "---").utf8)
    }
}
