import DockCore

/// Why a sealed file is not opened. Each rule of the age specification that a file can break has a case of its own.
enum UnsealFault: Error, Equatable {
    // The header as text.
    case armored
    case notAge
    case unsupportedVersion
    case headerTruncated
    case headerTooLong
    case noStanza
    case stanzaStart(line: Int)
    case stanzaArguments(line: Int)
    case bodyLineTooLong(line: Int)
    case bodyEncoding(line: Int)
    case bodyUnfinished(line: Int)
    case macLine(line: Int)
    // The header's stanzas.
    case passphraseAmongOthers
    case shareCount(stanza: Int)
    case shareEncoding(stanza: Int)
    case bodySize(stanza: Int)
    case lowOrderShare(stanza: Int)
    case noIdentityMatches(kinds: [String])
    case headerMAC
    // The payload.
    case nonceTruncated
    case payloadMissing
    case chunkDamaged(Int)
    case lastChunkDamaged(Int)
    case lastChunkMissing(after: Int)
    case lastChunkEmpty
    case trailingData(after: Int)

    /// The fault as an error about the sealed file `place`.
    func error(at place: String) -> DockError {
        DockError(code, "cannot open the sealed file", at: place, because: why, next: next)
    }

    private var code: DockError.Code {
        switch self {
        case .headerMAC, .chunkDamaged, .lastChunkDamaged, .lastChunkMissing, .trailingData: .unauthenticated
        case .noIdentityMatches: .refused
        case .headerTooLong: .limit
        default: .malformed
        }
    }

    private var why: String {
        switch self {
        case .armored: "it is in age's text form (armor), which is not read here"
        case .notAge: "it is no age file: it does not start with \"\(AgeHeader.version)\""
        case .unsupportedVersion: "it is in another version of the age format than v1"
        case .headerTruncated: "it ends within its header"
        case .headerTooLong: "its header is longer than \(AgeHeader.limit) bytes"
        case .noStanza: "its header names no recipient"
        case .stanzaStart(let line): "header line \(line) starts neither a recipient (\"-> \") nor the MAC (\"--- \")"
        case .stanzaArguments(let line):
            "header line \(line): arguments must be visible ASCII with one space between them"
        case .bodyLineTooLong(let line): "header line \(line) is longer than 64 characters"
        case .bodyEncoding(let line): "header line \(line) is not canonical base64 without padding"
        case .bodyUnfinished(let line):
            "header line \(line): the stanza before it lacks its last line, shorter than 64 characters"
        case .macLine(let line): "header line \(line): the MAC is not 43 characters of canonical base64"
        case .passphraseAmongOthers: "a passphrase (scrypt) stanza stands beside others"
        case .shareCount(let stanza): "stanza \(stanza): an X25519 stanza must have exactly one argument"
        case .shareEncoding(let stanza): "stanza \(stanza): its share is not 32 bytes in canonical base64"
        case .bodySize(let stanza): "stanza \(stanza): its body is not 32 bytes"
        case .lowOrderShare(let stanza): "stanza \(stanza): its share is a point of low order"
        case .noIdentityMatches(let kinds):
            "none of the identities opens it; it is sealed for: \(kinds.joined(separator: ", "))"
        case .headerMAC: "its header was changed after sealing: the MAC does not match"
        case .nonceTruncated: "it ends within the nonce behind its header"
        case .payloadMissing: "it ends before its first chunk"
        case .chunkDamaged(let chunk): "chunk \(chunk) is damaged, out of order, or from another file"
        case .lastChunkDamaged(let chunk): "chunk \(chunk), the last, is damaged, cut short, or followed by other data"
        case .lastChunkMissing(let chunk): "it ends with chunk \(chunk), which is not its last: the rest was cut off"
        case .lastChunkEmpty: "its last chunk is empty although others come before it"
        case .trailingData(let chunk): "other data follows chunk \(chunk), its last"
        }
    }

    private var next: String {
        switch self {
        case .armored: "turn it into the binary form first: age -d, and age -r without -a"
        case .notAge, .unsupportedVersion: "check that this is the sealed file"
        case .noIdentityMatches: "give the identity of somebody it was sealed for"
        default:
            "fetch the file again from where it is kept and compare its SHA-256; nothing of it that is not authentic was written"
        }
    }
}
