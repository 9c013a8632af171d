import DockCore
import DockSystem

/// A text with signatures below it (c2sp.org/signed-note).
public struct SignedNote: Sendable, Equatable {
    /// A line below the text.
    struct Signature: Sendable, Equatable {
        let name: String
        /// First four bytes: which key of that name; the rest is the signature.
        let bytes: [UInt8]
    }

    /// What is known of a signature by some key.
    public enum Standing: Sendable, Equatable {
        /// The key signed this text.
        case signed
        /// There is none by this key.
        case missing
        /// It names this key, and is not by it, or not for this text.
        case wrong
    }

    /// What is signed, with a line feed at its end.
    public let text: String
    let signatures: [Signature]

    /// Bytes of a note that is read, and lines below the text.
    private static let limit = (bytes: 64 << 10, signatures: 64)
    private static let dash = "\u{2014} "

    /// Signs a text.
    /// - Parameters:
    ///   - text: without control characters but line feeds, of which one ends it, and without an empty line.
    ///   - signers: keys by the names under which they sign.
    init(_ text: String, signers: [(name: String, key: SigningKey)]) throws(DockError) {
        self.text = text
        signatures = try signers.map { signer throws(DockError) in
            let key = NoteKey(name: signer.name, key: signer.key.publicKey)
            return Signature(name: signer.name, bytes: try key.id + signer.key.sign(Array(text.utf8)))
        }
    }

    /// Reads a note.
    /// - Parameter place: where it comes from, for errors.
    public init(_ note: String, at place: String) throws(DockError) {
        guard let (text, signatures) = SignedNote.split(note) else {
            throw DockError(
                .malformed, "cannot read a signed note", at: place,
                because: "it is no text with lines '\(SignedNote.dash)NAME SIGNATURE' below an empty line",
                next: "give a checkpoint as it is, with every line feed")
        }
        (self.text, self.signatures) = (text, signatures)
    }

    /// The whole note.
    public var note: String {
        text + "\n"
            + signatures.map { "\(SignedNote.dash)\($0.name) \(Base64.encode($0.bytes, padded: true))\n" }.joined()
    }

    /// Names that signed it, as it says.
    public var names: [String] { signatures.map(\.name) }

    /// Whether it is signed by this key. A signature that names the key and is wrong counts more than any other.
    public func standing(_ key: NoteKey) throws(DockError) -> Standing {
        var standing = Standing.missing
        let id = try key.id
        for signature in signatures where signature.name == key.name && signature.bytes.starts(with: id) {
            let raw = Array(signature.bytes.dropFirst(id.count))
            guard try SigningKey.verify(raw, of: Array(text.utf8), by: key.key.bytes) else { return .wrong }
            standing = .signed
        }
        return standing
    }

    private static func split(_ note: String) -> (String, [Signature])? {
        let bytes = Array(note.utf8)
        guard bytes.count <= limit.bytes, bytes.last == UInt8(ascii: "\n"),
            bytes.allSatisfy({ $0 >= 0x20 || $0 == UInt8(ascii: "\n") }),
            let gap = bytes.indices.dropFirst().last(where: { bytes[$0] == 10 && bytes[$0 - 1] == 10 })
        else { return nil }
        let lines = String(decoding: bytes[(gap + 1)...], as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).dropLast()
        guard !lines.isEmpty, lines.count <= limit.signatures else { return nil }
        var signatures: [Signature] = []
        for line in lines {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard line.hasPrefix(dash), words.count == 3, !words[1].isEmpty, !words[1].contains("+"),
                let bytes = Base64.decode(padded: words[2].utf8), bytes.count > 4
            else { return nil }
            signatures.append(Signature(name: String(words[1]), bytes: bytes))
        }
        return (String(decoding: bytes[..<gap], as: UTF8.self), signatures)
    }
}

/// A key, and the name under which it signs notes (c2sp.org/signed-note, Ed25519).
public struct NoteKey: Sendable, Hashable {
    /// The name; for checkpoints the origin.
    public let name: String
    /// The key.
    public let key: SSHPublicKey

    /// Takes both.
    public init(name: String, key: SSHPublicKey) {
        self.name = name
        self.key = key
    }

    /// Four bytes that tell the keys of a name apart.
    var id: [UInt8] {
        get throws(DockError) {
            Array(try SHA256Digest(hashing: Array(name.utf8) + [0x0a, 0x01] + key.bytes).bytes.prefix(4))
        }
    }

    /// `NAME+ID+KEY`, as programs for such notes take it.
    public var verifierKey: String {
        get throws(DockError) { "\(name)+\(Hex.encode(try id))+\(Base64.encode([0x01] + key.bytes, padded: true))" }
    }
}
