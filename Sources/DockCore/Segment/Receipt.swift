/// A vault's proof that it holds a sealed segment.
public struct Receipt: Hashable, Sendable, Codable {
    /// How the vault was asked, after the last write to the object.
    public enum Confirmation: String, Sendable, Codable, CaseIterable {
        /// The object's size and tag were read back under its final name.
        case head
        /// The whole object was read back and its hash compared.
        case readback
    }

    /// The vault's name in the configuration.
    public var vault: String
    /// The sealing that it holds (``SealedSegment/id``).
    public var sealing: String
    /// The object's full name in the vault, prefix included.
    public var key: String
    /// The object's version, where the vault has versions.
    public var version: String?
    /// Size in bytes as the vault reports it.
    public var bytes: Int64
    /// What the vault reports of the content, as `kind:value`: `etag:…`, `sha256:…` (over the whole object), `inode:…`.
    public var checksum: String
    /// How it was confirmed.
    public var confirmation: Confirmation
    /// When it was confirmed, by the dock's clock.
    public var confirmed: Instant

    /// How the version is protected, where the vault's policy asks for that: as the vault said it after the last write.
    public var lock: ObjectLock.State?

    /// Takes the parts.
    public init(
        vault: String, sealing: String, key: String, version: String? = nil, bytes: Int64, checksum: String,
        confirmation: Confirmation, confirmed: Instant, lock: ObjectLock.State? = nil
    ) {
        self.vault = vault
        self.sealing = sealing
        self.key = key
        self.version = version
        self.bytes = bytes
        self.checksum = checksum
        self.confirmation = confirmation
        self.confirmed = confirmed
        self.lock = lock
    }
}
