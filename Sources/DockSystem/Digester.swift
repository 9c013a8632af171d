import COpenSSL
import DockCore

/// Hashes a stream of bytes with OpenSSL (EVP_DigestUpdate(3)).
public struct Digester: ~Copyable {
    /// The hash functions that are used here.
    public enum Function: Sendable {
        /// SHA-256 (FIPS 180-4).
        case sha256
        /// SHA-512 (FIPS 180-4): for signatures in OpenSSH's format.
        case sha512
        /// MD5 (RFC 1321): for `.md5` files and S3 tags only.
        case md5

        fileprivate var algorithm: OpaquePointer? {
            switch self {
            case .sha256: EVP_sha256()
            case .sha512: EVP_sha512()
            case .md5: EVP_md5()
            }
        }

        /// Bytes of a hash.
        fileprivate var size: Int {
            switch self {
            case .sha256: 32
            case .sha512: 64
            case .md5: 16
            }
        }
    }

    private let context: OpaquePointer
    private let function: Function

    /// Begins an empty stream. Fails only if the library is out of memory or refuses the function.
    public init(_ function: Function) throws(DockError) {
        context = try Digester.context(for: function)
        self.function = function
    }

    private init(_ context: OpaquePointer, _ function: Function) {
        self.context = context
        self.function = function
    }

    /// Another digester that goes on from what was added so far (EVP_MD_CTX_copy_ex(3)).
    public borrowing func copy() throws(DockError) -> Digester {
        guard let other = EVP_MD_CTX_new() else { throw Digester.failure("make a hash context") }
        guard EVP_MD_CTX_copy_ex(other, context) == 1 else {
            EVP_MD_CTX_free(other)
            throw Digester.failure("copy a hash")
        }
        return Digester(other, function)
    }

    private static func context(for function: Function) throws(DockError) -> OpaquePointer {
        guard let context = EVP_MD_CTX_new() else { throw failure("make a hash context") }
        guard EVP_DigestInit_ex(context, function.algorithm, nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw failure("start a hash")
        }
        return context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) throws(DockError) {
        guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else { throw Digester.failure("hash") }
    }

    /// Adds bytes.
    public mutating func update(_ bytes: [UInt8]) throws(DockError) {
        let result: Result<Void, DockError> = bytes.withUnsafeBytes { buffer in
            Result { () throws(DockError) in
                guard EVP_DigestUpdate(context, buffer.baseAddress, buffer.count) == 1 else {
                    throw Digester.failure("hash")
                }
            }
        }
        try result.get()
    }

    /// The raw hash so far, and begins an empty stream again.
    public mutating func finish() throws(DockError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: function.size)
        guard EVP_DigestFinal_ex(context, &bytes, nil) == 1,
            // The same function again, without looking it up.
            EVP_DigestInit_ex(context, nil, nil) == 1
        else { throw Digester.failure("finish a hash") }
        return bytes
    }

    /// The SHA-256 so far, and begins an empty stream again. Only for ``Function/sha256``.
    public mutating func finishSHA256() throws(DockError) -> SHA256Digest {
        guard let digest = SHA256Digest(bytes: try finish()) else {
            throw Digester.failure("take a SHA-256 of another hash")
        }
        return digest
    }

    private static func failure(_ step: String) -> DockError {
        DockError(
            .library, "cannot \(step)", at: "OpenSSL", because: "libcrypto refused", next: "check the installed libssl3"
        )
    }
}

extension SHA256Digest {
    /// SHA-256 of some bytes in memory.
    public init(hashing bytes: [UInt8]) throws(DockError) {
        var digester = try Digester(.sha256)
        try digester.update(bytes)
        self = try digester.finishSHA256()
    }
}
