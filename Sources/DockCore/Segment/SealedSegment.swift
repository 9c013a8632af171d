/// A segment encrypted for its recipients: what the spool holds and the vaults receive.
public struct SealedSegment: Hashable, Sendable, Codable {
    /// A stretch of the sealed bytes that is uploaded as one part. Borders lie on chunk borders of the sealed format.
    public struct Part: Hashable, Sendable, Codable {
        /// Bytes from the start of the sealed file.
        public var offset: Int64
        /// Length in bytes.
        public var size: Int64
        /// SHA-256 of these sealed bytes.
        public var sha256: SHA256Digest

        /// Takes the parts.
        public init(offset: Int64, size: Int64, sha256: SHA256Digest) {
            self.offset = offset
            self.size = size
            self.sha256 = sha256
        }
    }

    /// Chunks of the sealed format (64 KiB of plaintext, 65,552 sealed bytes) in one part: 67,125,248 bytes. The first part
    /// begins with the header and the payload's nonce, and then has as many.
    public static let chunksPerPart = 1024

    /// Names this sealing: the first 16 bytes of the SHA-256 over its age header (from the first byte up to and including
    /// the newline after the MAC), as 32 hexadecimal digits. The header holds a fresh share and file key, so that no two
    /// sealings have the same. Of a record that is not sealed: of the SHA-256 over all of it.
    public var id: String
    /// SHA-256 of the plaintext.
    public var plaintext: SHA256Digest
    /// Size of the plaintext in bytes.
    public var plaintextBytes: Int64
    /// Size of the sealed file in bytes.
    public var bytes: Int64
    /// SHA-256 of the sealed bytes, part by part, in order and without gaps; nil where no vault asked for them.
    public var parts: [Part]?
    /// The name under which vaults keep it.
    public var object: ObjectName
    /// SHA-256 of the whole sealed file; nil where its one part says it, and in entries of early versions.
    public var sha256: SHA256Digest?

    /// SHA-256 of the whole sealed file, wherever that stands.
    public var wholeSHA256: SHA256Digest? { sha256 ?? (parts?.count == 1 ? parts?.first?.sha256 : nil) }

    /// Takes the parts.
    public init(
        id: String, plaintext: SHA256Digest, plaintextBytes: Int64, bytes: Int64, parts: [Part]?, object: ObjectName,
        sha256: SHA256Digest? = nil
    ) {
        self.id = id
        self.plaintext = plaintext
        self.plaintextBytes = plaintextBytes
        self.bytes = bytes
        self.parts = parts
        self.object = object
        self.sha256 = sha256
    }
}
