import DockCore
import DockSystem

/// Somebody footage is sealed for: the public half of an age X25519 pair (`age1…`, C2SP age.md, "The X25519 recipient type").
public struct AgeRecipient: Sendable, Hashable, CustomStringConvertible {
    static let prefix = "age"

    /// The 32 bytes of the public key.
    public let bytes: [UInt8]

    /// From text as `age-keygen` prints it. Refuses every other kind of recipient, wrong checksums, points of low order, and
    /// points in a form that no `age` program computes: what is sealed for such a point nobody can open.
    public init(_ text: String) throws(DockError) {
        let bytes: [UInt8]
        do {
            bytes = try Bech32.decode(Array(text.utf8), prefix: AgeRecipient.prefix)
        } catch {
            throw AgeRecipient.refusal(text, error.rawValue)
        }
        guard bytes.count == RawKey.size else {
            throw AgeRecipient.refusal(text, "it holds \(bytes.count) bytes instead of 32")
        }
        guard AgeRecipient.isCanonical(bytes) else {
            throw AgeRecipient.refusal(
                text, "it is no canonical X25519 public key: nobody could open what is sealed for it")
        }
        // Every private key takes a point of low order to zero, so that anybody could open what is sealed for it.
        let probe = try RawKey(.x25519, secret: Secret.random(RawKey.size))
        guard try KeyAgreement.sharedSecret(probe, with: bytes) != nil else {
            throw AgeRecipient.refusal(text, "it is a point of low order: anybody could open what is sealed for it")
        }
        self.bytes = bytes
    }

    /// The public half of a private key.
    init(of key: borrowing RawKey) throws(DockError) { bytes = try key.publicKey() }

    /// `age1…`
    public var text: String { Bech32.encode(bytes, prefix: AgeRecipient.prefix) }

    /// `age1…`
    public var description: String { text }

    /// Whether the little-endian number is below 2^255 − 19. The recipient's own bytes go into the key derivation, and its
    /// owner computes them in this form only.
    private static func isCanonical(_ bytes: [UInt8]) -> Bool {
        guard bytes[31] <= 0x7f else { return false }
        return bytes[31] < 0x7f || bytes[0] < 0xed || bytes[1..<31].contains { $0 != 0xff }
    }

    private static func refusal(_ text: String, _ why: String) -> DockError {
        if text.uppercased().hasPrefix(AgeIdentity.prefix) {
            // A secret in the wrong place must not travel on into a log.
            return DockError(
                .malformed, "cannot use an age recipient", at: "AGE-SECRET-KEY-1…",
                because: "it is a secret identity, not a recipient",
                next: "take it out, make a new pair if others could read it, and put the age1… line of its pair here")
        }
        return DockError(
            .malformed, "cannot use an age recipient", at: "\"\(text.prefix(80))\"", because: why,
            next: "give an X25519 recipient as age-keygen prints it: age1 and 58 lower-case characters")
    }
}
