/// How the content of a segment was established.
public enum Verification: String, Sendable, Codable {
    /// Its SHA-256 is the one that the camera's manifest gives.
    case matchedManifest
    /// Its SHA-256 is the one in a sums or `.sha256` file.
    case matchedSHA256
    /// Its MD5 is the one in a `.md5` file: no damage, but no proof against forgery.
    case matchedMD5
    /// Nothing was promised; two reads, the second past the page cache, gave the same SHA-256.
    case firstRead
    /// Nothing was promised, and only one read was made (files that are no footage).
    case singleRead
    /// It differs from what was promised: delivered as it was read, and marked.
    case mismatch
    /// Some sectors could not be read: delivered with zeros in their place, and marked.
    case partial
}

/// What was read from a camera for one segment: exactly these bytes, from exactly this file.
public struct SegmentEvidence: Hashable, Sendable {
    /// SHA-256 of the bytes read.
    public var sha256: SHA256Digest
    /// The file at the end of the read: the same before and after, or there is no evidence.
    public var identity: FileIdentity
    /// How the content was established.
    public var verification: Verification

    /// Takes the parts.
    public init(sha256: SHA256Digest, identity: FileIdentity, verification: Verification) {
        self.sha256 = sha256
        self.identity = identity
        self.verification = verification
    }
}
