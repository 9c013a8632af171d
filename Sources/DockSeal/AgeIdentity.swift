import DockCore
import DockSystem

/// Somebody who can open sealed footage: the secret half of an age X25519 pair (`AGE-SECRET-KEY-1…`).
public struct AgeIdentity: Sendable {
    static let prefix = "AGE-SECRET-KEY-"

    let secret: Secret
    /// Whom to seal for, so that this identity opens it.
    public let recipient: AgeRecipient

    /// From text as `age-keygen` writes it. The error never repeats the text.
    public init(_ text: String) throws(DockError) { try self.init(ascii: Array(text.utf8), at: "AGE-SECRET-KEY-1…") }

    /// From the characters of the text; `place` goes into the error.
    init(ascii text: some Collection<UInt8>, at place: String) throws(DockError) {
        var bytes: [UInt8]
        do {
            bytes = try Bech32.decode(text, prefix: AgeIdentity.prefix)
        } catch {
            throw AgeIdentity.refusal(place, error.rawValue)
        }
        guard bytes.count == RawKey.size else {
            let count = bytes.count
            Secret.erase(&bytes)
            throw AgeIdentity.refusal(place, "it holds \(count) bytes instead of 32")
        }
        try self.init(secret: Secret.taking(&bytes))
    }

    private init(secret: Secret) throws(DockError) {
        self.secret = secret
        recipient = try AgeRecipient(of: RawKey(.x25519, secret: secret))
    }

    /// A fresh identity.
    public static func generate() throws(DockError) -> AgeIdentity {
        try AgeIdentity(secret: Secret.random(RawKey.size))
    }

    /// The secret as `AGE-SECRET-KEY-1…`: for the identity file, never for a log.
    public var text: String { secret.withBytes { Bech32.encode($0, prefix: AgeIdentity.prefix) } }

    private static func refusal(_ place: String, _ why: String) -> DockError {
        DockError(
            .malformed, "cannot use an age identity", at: place, because: why,
            next: "give an X25519 identity as age-keygen writes it: AGE-SECRET-KEY-1 and 58 upper-case characters")
    }
}
