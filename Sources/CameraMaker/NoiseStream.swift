import COpenSSL
import DockCore
import DockSystem

/// Bytes that look like compressed video to every later step, as fast as memory: the key stream of AES-128 in counter mode
/// (NIST SP 800-38A). The same seed, serial number and segment give the same bytes.
struct NoiseStream: ~Copyable {
    /// Most bytes that one call fills.
    static let stride = 1 << 20

    private let context: OpaquePointer
    private let zeros = [UInt8](repeating: 0, count: NoiseStream.stride)

    init(seed: UInt64, serial: String) throws(DockError) {
        let key = try SHA256Digest(hashing: Array("bodydock camera \(seed) \(serial)".utf8)).bytes
        context = try NoiseStream.context(key: key)
    }

    private static func context(key: [UInt8]) throws(DockError) -> OpaquePointer {
        guard let context = EVP_CIPHER_CTX_new() else { throw failure() }
        guard EVP_EncryptInit_ex(context, EVP_aes_128_ctr(), nil, key, nil) == 1 else {
            EVP_CIPHER_CTX_free(context)
            throw failure()
        }
        return context
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    /// Goes to the beginning of a segment's bytes.
    mutating func begin(_ ordinal: Int) throws(DockError) {
        // The upper half of the counter block is the segment, the lower counts its blocks.
        let block = (0..<16).map { $0 < 8 ? UInt8(truncatingIfNeeded: ordinal >> (56 - 8 * $0)) : 0 }
        guard EVP_EncryptInit_ex(context, nil, nil, nil, block) == 1 else { throw NoiseStream.failure() }
    }

    /// Fills `buffer` (at most ``stride`` bytes) with the bytes that follow.
    mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(DockError) {
        var count: Int32 = 0
        let target = buffer.bindMemory(to: UInt8.self).baseAddress
        guard buffer.count <= zeros.count, EVP_EncryptUpdate(context, target, &count, zeros, Int32(buffer.count)) == 1
        else {
            throw NoiseStream.failure()
        }
    }

    private static func failure() -> DockError {
        DockError(
            .library, "cannot make footage", at: "OpenSSL", because: "libcrypto refused AES-128-CTR",
            next: "check the installed libssl3")
    }
}
