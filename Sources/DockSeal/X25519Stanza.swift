import DockCore
import DockSystem

/// A file key wrapped for one X25519 recipient (C2SP age.md, "X25519 recipient stanza").
struct X25519Stanza {
    static let kind = "X25519"
    static let fileKeySize = 16

    /// The sender's ephemeral public key.
    let share: [UInt8]
    /// The wrapped file key and its tag.
    let body: [UInt8]

    /// Wraps `fileKey` under a fresh ephemeral key.
    init(wrapping fileKey: Secret, for recipient: AgeRecipient) throws(DockError) {
        let ephemeral = try RawKey(.x25519, secret: Secret.random(RawKey.size))
        share = try ephemeral.publicKey()
        guard let shared = try KeyAgreement.sharedSecret(ephemeral, with: recipient.bytes) else {
            throw .openSSL("agree on a key with a recipient that was checked")
        }
        var cipher = try ChunkCipher(sealing: true, key: X25519Stanza.wrapKey(shared, share, recipient))
        var body = [UInt8](repeating: 0, count: fileKey.count + ChunkCipher.tagSize)
        // Counter 0 and no last flag make the 12 zero bytes that the specification asks for.
        let result: Result<Void, DockError> = body.withUnsafeMutableBytes { output in
            Result { () throws(DockError) in
                try fileKey.withBytes { key throws(DockError) in
                    try cipher.seal(key, counter: 0, isLast: false, into: output)
                }
            }
        }
        try result.get()
        self.body = body
    }

    /// Takes apart the stanza at `index` of a header; nil if it is of another kind.
    init?(_ stanza: AgeHeader.Stanza, at index: Int) throws(UnsealFault) {
        guard stanza.arguments.first == X25519Stanza.kind else { return nil }
        guard stanza.arguments.count == 2 else { throw .shareCount(stanza: index) }
        guard let share = Base64.decode(Array(stanza.arguments[1].utf8)), share.count == RawKey.size else {
            throw .shareEncoding(stanza: index)
        }
        // Checked before any decryption, so that no ciphertext opens under several keys.
        guard stanza.body.count == X25519Stanza.fileKeySize + ChunkCipher.tagSize else {
            throw .bodySize(stanza: index)
        }
        self.share = share
        body = stanza.body
    }

    /// As it stands in the header.
    var stanza: AgeHeader.Stanza { .init(arguments: [X25519Stanza.kind, Base64.encode(share)], body: body) }

    /// What `identity` makes of the stanza.
    enum Outcome {
        case opened(Secret)
        case notOurs
        case lowOrder
    }

    /// Tries to take the file key out.
    func unwrap(with identity: AgeIdentity) throws(DockError) -> Outcome {
        let key = try RawKey(.x25519, secret: identity.secret)
        guard let shared = try KeyAgreement.sharedSecret(key, with: share) else { return .lowOrder }
        var cipher = try ChunkCipher(sealing: false, key: X25519Stanza.wrapKey(shared, share, identity.recipient))
        var isOurs = false
        let fileKey = try Secret(count: X25519Stanza.fileKeySize) { output throws(DockError) in
            let result: Result<Bool, DockError> = body.withUnsafeBytes { sealed in
                Result { () throws(DockError) in try cipher.open(sealed, counter: 0, isLast: false, into: output) }
            }
            isOurs = try result.get()
        }
        return isOurs ? .opened(fileKey) : .notOurs
    }

    private static func wrapKey(_ shared: Secret, _ share: [UInt8], _ recipient: AgeRecipient) throws(DockError)
        -> Secret
    {
        try KeyAgreement.derive(from: shared, salt: share + recipient.bytes, info: AgeHeader.version + "/X25519")
    }
}
