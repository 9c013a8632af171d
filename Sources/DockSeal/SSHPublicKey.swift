import DockCore
import DockSystem

/// An Ed25519 public key as OpenSSH knows it (RFC 8709 section 4).
public struct SSHPublicKey: Sendable, Hashable, CustomStringConvertible {
    /// The name of its kind.
    public static let kind = "ssh-ed25519"

    /// Its 32 bytes.
    public let bytes: [UInt8]

    /// - Parameter bytes: 32 of them.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// From the form that stands in files and signatures; nil if it is of another kind, or no key at all.
    init?(blob: [UInt8]) {
        var reader = SSHWire.Reader(blob)
        guard reader.string() == Array(SSHPublicKey.kind.utf8), let bytes = reader.string(), reader.isAtEnd,
            bytes.count == RawKey.size
        else { return nil }
        self.bytes = bytes
    }

    /// From `ssh-ed25519 AAAA…`, with or without a comment behind it; nil if it is anything else.
    public init?(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count >= 2, words[0] == SSHPublicKey.kind, let blob = Base64.decode(padded: words[1].utf8) else {
            return nil
        }
        self.init(blob: blob)
    }

    var blob: [UInt8] { SSHWire.string(Array(SSHPublicKey.kind.utf8)) + SSHWire.string(bytes) }

    /// `ssh-ed25519 AAAA…`, without a comment.
    public var description: String { "\(SSHPublicKey.kind) \(Base64.encode(blob, padded: true))" }

    /// `SHA256:…`, as `ssh-keygen -l` shows it.
    public var fingerprint: String {
        get throws(DockError) { "SHA256:" + Base64.encode(try SHA256Digest(hashing: blob).bytes) }
    }
}
