import COpenSSL
import DockCore

/// Bytes that nobody can guess.
public enum Randomness {
    /// `count` bytes from OpenSSL's generator (RAND_bytes(3)).
    public static func bytes(_ count: Int) throws(DockError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, Int32(count)) == 1 else {
            throw DockError(
                .library, "cannot make random bytes", at: "OpenSSL", because: "RAND_bytes failed",
                next: "check the machine's entropy source")
        }
        return bytes
    }
}
