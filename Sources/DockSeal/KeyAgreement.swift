import COpenSSL
import DockCore

/// From two keys, or from one secret, to the next secret.
enum KeyAgreement {
    /// X25519 (RFC 7748) of a private key and the other side's public bytes; nil if the result is all zero, which is so for
    /// exactly the points of low order.
    static func sharedSecret(_ key: borrowing RawKey, with publicKey: [UInt8]) throws(DockError) -> Secret? {
        let peer = try RawKey(.x25519, publicKey: publicKey)
        guard let context = EVP_PKEY_CTX_new(key.pointer, nil) else { throw .openSSL("begin a key agreement") }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_derive_init(context) == 1, EVP_PKEY_derive_set_peer_ex(context, peer.pointer, 0) == 1 else {
            throw .openSSL("begin a key agreement")
        }
        var isZero = false
        let secret = try Secret(count: RawKey.size) { buffer throws(DockError) in
            var count = buffer.count
            let status = EVP_PKEY_derive(context, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), &count)
            // OpenSSL refuses an all-zero result by itself; that is its only reason to fail here.
            isZero = status != 1 || buffer.allSatisfy { $0 == 0 }
            guard isZero || count == buffer.count else { throw .openSSL("agree on a key") }
            if isZero { ERR_clear_error() }
        }
        return isZero ? nil : secret
    }

    /// 32 bytes of HKDF-SHA-256 (RFC 5869).
    static func derive(from secret: Secret, salt: [UInt8] = [], info: String) throws(DockError) -> Secret {
        guard let context = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nil) else { throw .openSSL("begin a key derivation") }
        defer { EVP_PKEY_CTX_free(context) }
        let label = Array(info.utf8)
        let isSet = try secret.withBytes { bytes throws(DockError) in
            EVP_PKEY_derive_init(context) == 1
                && EVP_PKEY_CTX_set_hkdf_md(context, EVP_sha256()) == 1
                && EVP_PKEY_CTX_set1_hkdf_salt(context, salt, Int32(salt.count)) == 1
                && EVP_PKEY_CTX_set1_hkdf_key(
                    context, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(bytes.count)) == 1
                && EVP_PKEY_CTX_add1_hkdf_info(context, label, Int32(label.count)) == 1
        }
        guard isSet else { throw .openSSL("begin a key derivation") }
        return try Secret(count: 32) { buffer throws(DockError) in
            var count = buffer.count
            let start = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
            guard EVP_PKEY_derive(context, start, &count) == 1, count == buffer.count else {
                throw .openSSL("derive a key")
            }
        }
    }

    /// HMAC-SHA-256 (RFC 2104), 32 bytes.
    static func authenticationCode(of message: [UInt8], key: Secret) throws(DockError) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        var count = 0
        let done = try key.withBytes { bytes throws(DockError) in
            EVP_Q_mac(
                nil, "HMAC", nil, "SHA256", nil, bytes.baseAddress, bytes.count, message, message.count, &code,
                code.count,
                &count) != nil
        }
        guard done, count == code.count else { throw .openSSL("compute a MAC") }
        return code
    }
}
