import COpenSSL
import DockCore

/// ChaCha20-Poly1305 (RFC 8439) under one key, chunk by chunk. The key is scheduled once; a chunk only sets the nonce, which
/// is an 11-byte big-endian counter and a byte that is 1 for the last chunk (age v1, "Payload"). Nothing is allocated per chunk.
struct ChunkCipher: ~Copyable {
    /// Bytes that sealing adds to a chunk.
    static let tagSize = 16

    private let context: OpaquePointer
    private let isSealing: Bool
    private var nonce: InlineArray<12, UInt8> = .init(repeating: 0)

    /// A cipher for one direction.
    init(sealing: Bool, key: Secret) throws(DockError) {
        context = try ChunkCipher.context(sealing, key)
        isSealing = sealing
    }

    private static func context(_ sealing: Bool, _ key: Secret) throws(DockError) -> OpaquePointer {
        guard let context = EVP_CIPHER_CTX_new() else { throw .openSSL("make a cipher context") }
        let isSet = try key.withBytes { bytes throws(DockError) in
            let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return bytes.count == 32
                && EVP_CipherInit_ex(context, EVP_chacha20_poly1305(), nil, start, nil, sealing ? 1 : 0) == 1
        }
        guard isSet else {
            EVP_CIPHER_CTX_free(context)
            throw .openSSL("set a cipher key")
        }
        return context
    }

    deinit { EVP_CIPHER_CTX_free(context) }  // overwrites the key

    /// Writes the ciphertext of `plaintext` and its tag to `output`, which must hold both.
    mutating func seal(
        _ plaintext: UnsafeRawBufferPointer, counter: UInt64, isLast: Bool, into output: UnsafeMutableRawBufferPointer
    ) throws(DockError) {
        precondition(isSealing && output.count >= plaintext.count + ChunkCipher.tagSize)
        begin(counter, isLast)
        let start = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        var count: Int32 = 0
        var rest: Int32 = 0
        guard nonce.span.withUnsafeBufferPointer({ EVP_EncryptInit_ex(context, nil, nil, nil, $0.baseAddress) }) == 1,
            EVP_EncryptUpdate(context, start, &count, plaintext.bytes, Int32(plaintext.count)) == 1,
            Int(count) == plaintext.count,
            EVP_EncryptFinal_ex(context, start.map { $0 + plaintext.count }, &rest) == 1, rest == 0,
            EVP_CIPHER_CTX_ctrl(
                context, EVP_CTRL_AEAD_GET_TAG, Int32(ChunkCipher.tagSize), start.map { $0 + plaintext.count }) == 1
        else { throw .openSSL("seal a chunk") }
    }

    /// Writes the plaintext of `sealed` (ciphertext and tag) to `output`; false, with `output` overwritten with zeros, if it
    /// is not authentic under this key, counter and flag.
    mutating func open(
        _ sealed: UnsafeRawBufferPointer, counter: UInt64, isLast: Bool, into output: UnsafeMutableRawBufferPointer
    ) throws(DockError) -> Bool {
        let size = sealed.count - ChunkCipher.tagSize
        precondition(!isSealing && size >= 0 && output.count >= size)
        begin(counter, isLast)
        let start = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        // OpenSSL takes the expected tag through a pointer that it only reads.
        let tag = UnsafeMutableRawPointer(mutating: sealed.baseAddress.map { $0 + size })
        var count: Int32 = 0
        var rest: Int32 = 0
        guard nonce.span.withUnsafeBufferPointer({ EVP_DecryptInit_ex(context, nil, nil, nil, $0.baseAddress) }) == 1,
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(ChunkCipher.tagSize), tag) == 1,
            EVP_DecryptUpdate(context, start, &count, sealed.bytes, Int32(size)) == 1, Int(count) == size
        else { throw .openSSL("open a chunk") }
        if EVP_DecryptFinal_ex(context, start.map { $0 + size }, &rest) == 1 { return true }
        OPENSSL_cleanse(output.baseAddress, size)
        ERR_clear_error()
        return false
    }

    private mutating func begin(_ counter: UInt64, _ isLast: Bool) {
        for index in 0..<8 { nonce[3 + index] = UInt8(truncatingIfNeeded: counter >> UInt64(56 - 8 * index)) }
        nonce[11] = isLast ? 1 : 0
    }
}

// An OpenSSL context belongs to no thread; it must not be used by two at once, and a value that cannot be copied, and is
// only used through `mutating`, is not.
extension ChunkCipher: @unchecked Sendable {}

extension UnsafeRawBufferPointer {
    fileprivate var bytes: UnsafePointer<UInt8>? { baseAddress?.assumingMemoryBound(to: UInt8.self) }
}
