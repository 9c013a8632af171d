import COpenSSL
import DockCore

/// Owns one of OpenSSL's keys on Curve25519 (EVP_PKEY(3)).
struct RawKey: ~Copyable {
    /// What the key is for.
    enum Algorithm {
        /// Key agreement (RFC 7748).
        case x25519
        /// Signatures (RFC 8032).
        case ed25519

        fileprivate var identifier: Int32 { self == .x25519 ? EVP_PKEY_X25519 : EVP_PKEY_ED25519 }
    }

    /// Bytes of every private and public key here.
    static let size = 32

    /// Valid as long as this value lives.
    let pointer: OpaquePointer

    deinit { EVP_PKEY_free(pointer) }

    /// A private key from its 32 bytes.
    init(_ algorithm: Algorithm, secret: borrowing Secret) throws(DockError) {
        pointer = try secret.withBytes { bytes throws(DockError) in
            let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            guard let key = EVP_PKEY_new_raw_private_key(algorithm.identifier, nil, start, bytes.count) else {
                throw .openSSL("take a private key")
            }
            return key
        }
    }

    /// A public key from its 32 bytes.
    init(_ algorithm: Algorithm, publicKey: [UInt8]) throws(DockError) {
        guard let key = EVP_PKEY_new_raw_public_key(algorithm.identifier, nil, publicKey, publicKey.count) else {
            throw .openSSL("take a public key")
        }
        pointer = key
    }

    /// The 32 bytes of the public key.
    func publicKey() throws(DockError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: RawKey.size)
        var count = bytes.count
        guard EVP_PKEY_get_raw_public_key(pointer, &bytes, &count) == 1, count == bytes.count else {
            throw .openSSL("derive a public key")
        }
        return bytes
    }
}
