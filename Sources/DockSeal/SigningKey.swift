import COpenSSL
import DockCore
import DockSystem

/// The key that the dock signs with: Ed25519 (RFC 8032).
public struct SigningKey: Sendable {
    /// Bytes of a signature.
    public static let signatureSize = 64

    let seed: Secret
    /// Its public half.
    public let publicKey: SSHPublicKey

    /// From the 32 bytes that the key is made of.
    init(seed: Secret) throws(DockError) {
        self.seed = seed
        publicKey = SSHPublicKey(try RawKey(.ed25519, secret: seed).publicKey())
    }

    /// A fresh key.
    public static func generate() throws(DockError) -> SigningKey { try SigningKey(seed: Secret.random(RawKey.size)) }

    /// The 64 bytes of the signature of `message`; the same every time.
    public func sign(_ message: [UInt8]) throws(DockError) -> [UInt8] {
        let key = try RawKey(.ed25519, secret: seed)
        guard let context = EVP_MD_CTX_new() else { throw .openSSL("begin a signature") }
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: SigningKey.signatureSize)
        var count = signature.count
        guard EVP_DigestSignInit(context, nil, nil, nil, key.pointer) == 1,
            EVP_DigestSign(context, &signature, &count, message, message.count) == 1, count == signature.count
        else { throw .openSSL("sign") }
        return signature
    }

    /// Whether `signature` is one of `message` by the owner of `publicKey`.
    /// - Parameter publicKey: 32 bytes; any other number is an error.
    public static func verify(
        _ signature: [UInt8], of message: [UInt8], by publicKey: [UInt8]
    ) throws(DockError) -> Bool {
        guard publicKey.count == RawKey.size else {
            throw DockError(
                .malformed, "cannot check a signature", at: "the public key",
                because: "it has \(publicKey.count) bytes",
                next: "give the 32 bytes of an Ed25519 key")
        }
        guard signature.count == signatureSize else { return false }
        let key = try RawKey(.ed25519, publicKey: publicKey)
        guard let context = EVP_MD_CTX_new() else { throw .openSSL("begin to check a signature") }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit(context, nil, nil, nil, key.pointer) == 1 else {
            throw .openSSL("begin to check a signature")
        }
        let isValid = EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
        if !isValid { ERR_clear_error() }
        return isValid
    }
}
