import COpenSSL
import DockCore
import DockSystem

/// Key material. It lies outside Swift's arrays, so that no copy is left behind when one grows, and it is overwritten when
/// its last owner goes.
final class Secret: Sendable {
    // Written in `init` only, before anybody else can see it.
    private nonisolated(unsafe) let storage: UnsafeMutableRawBufferPointer

    /// `count` bytes that `fill` writes; they are zero before.
    init<Failure: Error>(count: Int, fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
        storage = .allocate(byteCount: count, alignment: 16)
        storage.initializeMemory(as: UInt8.self, repeating: 0)
        try fill(storage)
    }

    deinit {
        OPENSSL_cleanse(storage.baseAddress, storage.count)
        storage.deallocate()
    }

    /// Number of bytes.
    var count: Int { storage.count }

    /// Lends the bytes for the length of the call.
    func withBytes<Value: ~Copyable, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try body(UnsafeRawBufferPointer(storage))
    }

    /// `count` bytes from OpenSSL's generator for private values (RAND_priv_bytes(3)).
    static func random(_ count: Int) throws(DockError) -> Secret {
        try Secret(count: count) { buffer throws(DockError) in
            let start = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
            guard RAND_priv_bytes(start, Int32(count)) == 1 else { throw .openSSL("make a random key") }
        }
    }

    /// A copy of `bytes`, which are overwritten.
    static func taking(_ bytes: inout [UInt8]) -> Secret {
        defer { erase(&bytes) }
        return Secret(count: bytes.count) { $0.copyBytes(from: bytes) }
    }

    /// Overwrites `bytes` with zeros and leaves them empty. Only of use while no other array shares their storage.
    static func erase(_ bytes: inout [UInt8]) {
        bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
        bytes = []
    }
}

extension DockError {
    /// A call into OpenSSL that must work failed; takes the reason from its error queue and empties that.
    static func openSSL(_ step: String) -> DockError {
        var text = [CChar](repeating: 0, count: 256)
        let code = ERR_get_error()
        ERR_error_string_n(code, &text, text.count)
        ERR_clear_error()
        let reason = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return DockError(
            .library, "cannot \(step)", at: "OpenSSL", because: code == 0 ? "libcrypto refused" : reason,
            next: "check the installed libssl3 and its configuration")
    }
}
