import DockCore
import DockSystem

/// Seals one file: an age v1 file (C2SP age.md) for one or more X25519 recipients, which `age -d` opens. The sealed file is
/// ``header``, followed by what ``seal(_:isLast:into:)`` makes of the plaintext. The file key and all nonces are fresh for
/// every value of this type, and are overwritten when it goes.
public struct Sealer: ~Copyable, Sendable {
    /// Plaintext bytes of a chunk; only the last may have fewer.
    public static let chunk = 65536
    /// Sealed bytes of a full chunk.
    public static let sealedChunk = chunk + ChunkCipher.tagSize
    /// The most recipients of one file; what they add stays well below what ``Unsealing`` reads.
    public static let recipientLimit = 256
    static let nonceSize = 16

    /// What the sealed file starts with: the age header and the payload's nonce.
    public let header: [UInt8]
    /// Names this sealing: the first 16 bytes of the SHA-256 over the age header (without the nonce), as 32 hexadecimal digits.
    public let id: String

    private var cipher: ChunkCipher
    private var counter: UInt64 = 0
    private var isFinished = false

    /// Begins a sealed file. Fails without recipients, with more than ``recipientLimit``, or if the machine gives no random bytes.
    public init(recipients: [AgeRecipient]) throws(DockError) {
        guard (1...Sealer.recipientLimit).contains(recipients.count) else {
            throw Sealer.misuse(
                "there are \(recipients.count) recipients", "name 1 to \(Sealer.recipientLimit) recipients")
        }
        let fileKey = try Secret.random(X25519Stanza.fileKeySize)
        let nonce = try Randomness.bytes(Sealer.nonceSize)
        let text = try AgeHeader(wrapping: fileKey, for: recipients).text
        let digest = try SHA256Digest(hashing: text)
        cipher = try ChunkCipher(sealing: true, key: AgeHeader.payloadKey(fileKey, nonce: nonce))
        header = text + nonce
        id = Hex.encode(digest.bytes.prefix(16))
    }

    /// Seals the next bytes of the file.
    /// - Parameters:
    ///   - plaintext: a multiple of ``chunk`` bytes, or any number if they are the last. The last bytes may only be none if the
    ///     file is empty.
    ///   - isLast: whether the file ends with them. Nothing can be sealed after that.
    ///   - output: room for the plaintext and 16 bytes for every chunk begun, at least one; must not overlap the plaintext.
    /// - Returns: the number of bytes written to `output`.
    public mutating func seal(
        _ plaintext: UnsafeRawBufferPointer, isLast: Bool, into output: UnsafeMutableRawBufferPointer
    ) throws(DockError) -> Int {
        guard !isFinished else {
            throw Sealer.misuse("its last chunk was sealed, or sealing failed", "begin a new sealing")
        }
        guard isLast || plaintext.count % Sealer.chunk == 0 else {
            throw Sealer.misuse("\(plaintext.count) bytes end within a chunk", "give whole chunks until the last")
        }
        guard !isLast || !plaintext.isEmpty || counter == 0 else {
            throw Sealer.misuse(
                "the last chunk of a file that is not empty is empty", "mark the last bytes as the last")
        }
        let chunks = max((plaintext.count + Sealer.chunk - 1) / Sealer.chunk, isLast ? 1 : 0)
        let total = plaintext.count + chunks * ChunkCipher.tagSize
        guard output.count >= total else {
            throw Sealer.misuse("\(total) sealed bytes do not fit into \(output.count)", "give a larger buffer")
        }
        // If a chunk fails, its counter must not be used again.
        isFinished = true
        for index in 0..<chunks {
            let start = index * Sealer.chunk
            let piece = UnsafeRawBufferPointer(rebasing: plaintext[start..<min(start + Sealer.chunk, plaintext.count)])
            let room = UnsafeMutableRawBufferPointer(rebasing: output[(index * Sealer.sealedChunk)...])
            try cipher.seal(piece, counter: counter, isLast: isLast && index == chunks - 1, into: room)
            counter += 1
        }
        isFinished = isLast
        return total
    }

    /// The size in bytes of the sealed file, ``header`` included; `Int64.max` if it would be more.
    /// - Parameters:
    ///   - plaintext: size of the plaintext in bytes.
    ///   - recipients: number of recipients.
    public static func sealedBytes(plaintext: Int64, recipients: Int) -> Int64 {
        let size = max(plaintext, 0)
        let chunks = max(1, size / Int64(chunk) + (size % Int64(chunk) == 0 ? 0 : 1))
        // The version line, the stanzas, the MAC line and the nonce.
        let header = 22 + 98 * Int64(recipients) + 48 + Int64(nonceSize)
        let (total, overflow) = size.addingReportingOverflow(header + chunks * Int64(ChunkCipher.tagSize))
        return overflow ? .max : total
    }

    private static func misuse(_ why: String, _ next: String) -> DockError {
        DockError(.malformed, "cannot seal", at: "age", because: why, next: next)
    }
}
