import COpenSSL
import DockCore
import DockSystem
import Foundation
import Glibc

/// A camera's Ed25519 key (RFC 8032), from an unencrypted PKCS #8 PEM file as `openssl genpkey -algorithm ed25519` writes it.
final class SigningKey {
    private let key: OpaquePointer

    init(file: String) throws(DockError) {
        let text = try SigningKey.text(of: file)
        guard let begin = text.range(of: "-----BEGIN PRIVATE KEY-----"),
            let end = text.range(of: "-----END PRIVATE KEY-----", range: begin.upperBound..<text.endIndex),
            let der = Data(
                base64Encoded: String(text[begin.upperBound..<end.lowerBound]), options: .ignoreUnknownCharacters)
        else { throw SigningKey.unusable(file, "it is no PEM file with an unencrypted PRIVATE KEY") }
        let parsed = der.withUnsafeBytes { bytes in
            var cursor = bytes.bindMemory(to: UInt8.self).baseAddress
            return d2i_AutoPrivateKey(nil, &cursor, bytes.count)
        }
        guard let parsed else { throw SigningKey.unusable(file, "libcrypto cannot read the key in it") }
        guard EVP_PKEY_get_base_id(parsed) == EVP_PKEY_ED25519 else {
            EVP_PKEY_free(parsed)
            throw SigningKey.unusable(file, "the key in it is not an Ed25519 key")
        }
        key = parsed
    }

    deinit { EVP_PKEY_free(key) }

    /// The 32-byte public key.
    func publicKey() throws(DockError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 32)
        var count = bytes.count
        guard EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1, count == 32 else { throw SigningKey.refused() }
        return bytes
    }

    /// The 64-byte signature over `message`.
    func sign(_ message: [UInt8]) throws(DockError) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw SigningKey.refused() }
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: 64)
        var count = signature.count
        guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
            EVP_DigestSign(context, &signature, &count, message, message.count) == 1, count == 64
        else { throw SigningKey.refused() }
        return signature
    }

    private static func text(of path: String) throws(DockError) -> String {
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let result: Result<Int, Errno> = bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(Errno) in try Descriptor.open(path, flags: O_RDONLY).readFully(into: buffer) }
        }
        do throws(Errno) {
            return String(decoding: bytes.prefix(try result.get()), as: UTF8.self)
        } catch {
            throw error.error("cannot read the camera's key", at: path, next: "name a readable PEM file after --sign")
        }
    }

    private static func unusable(_ path: String, _ reason: String) -> DockError {
        DockError(
            .malformed, "cannot use the camera's key", at: path, because: reason,
            next: "make one with: openssl genpkey -algorithm ed25519 -out \(path)")
    }

    private static func refused() -> DockError {
        DockError(
            .library, "cannot sign the manifest", at: "OpenSSL", because: "libcrypto refused",
            next: "check the installed libssl3")
    }
}
