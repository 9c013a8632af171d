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
    /// The docking that read it, if it was an earlier one: then the file is unchanged since, and the camera must promise these
    /// very bytes. Nil: this docking did.
    public var readIn: String?
    /// What the file says of itself; nil if it was not looked at.
    public var media: MediaFacts?

    /// Takes the parts.
    public init(
        sha256: SHA256Digest, identity: FileIdentity, verification: Verification, readIn: String? = nil,
        media: MediaFacts? = nil
    ) {
        self.sha256 = sha256
        self.identity = identity
        self.verification = verification
        self.readIn = readIn
        self.media = media
    }

    /// Whether bytes that an earlier docking read may stand for the file that is planned now: only if its content was compared
    /// with a SHA-256 then, and the camera promises the same one now.
    func stands(for planned: PlannedSegment) -> Bool {
        guard readIn != nil else { return true }
        return [.matchedManifest, .matchedSHA256].contains(verification) && planned.expected == .sha256(sha256)
            && planned.file.identity.size == identity.size && planned.file.identity.modified == identity.modified
    }
}
