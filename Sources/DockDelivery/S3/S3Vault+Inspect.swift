import DockCore

extension S3Vault {
    /// Measures an object under its final name.
    /// - Parameters:
    ///   - tag: what the service said when the object was written; nil if it was not written just now.
    ///   - mayLock: whether a lock that the policy asks for is set where it is missing; only once the object is known to be ours.
    func inspect(
        _ sealed: SealedSegment, key: String, against tag: S3Upload.Tag?, parts: [SealedSegment.Part]?,
        mayLock: Bool = false
    ) throws(DockError) -> Receipt {
        var head = try look(sealed, key, tag)
        let lock = try lockState(sealed, key, head, mayLock: mayLock)
        if lock?.isFresh ?? false {
            // The lock was the last write: what was seen before it proves nothing.
            let before = head
            head = try look(sealed, key, tag)
            guard head.version == before.version, head.tag == before.tag else {
                throw mismatch(key, "it became another object while it was locked")
            }
        }
        var checksum = "etag:\(EntityTag.bare(head.tag))"
        if confirmation == .readback, let parts {
            guard let found = try bucket.readBack(key, parts: parts) else { throw absent(key) }
            guard let whole = found.whole, found.tag == head.tag else {
                throw mismatch(key, "its bytes, read back, are not the bytes that were sealed")
            }
            checksum = "sha256:\(whole)"
        }
        return Receipt(
            vault: name, sealing: sealed.id, key: key, version: head.version, bytes: head.bytes, checksum: checksum,
            confirmation: confirmation, confirmed: clock(), lock: lock?.state)
    }

    /// Asks for the object, and holds it against what was sealed and written.
    private func look(
        _ sealed: SealedSegment, _ key: String, _ tag: S3Upload.Tag?
    ) throws(DockError) -> S3Bucket.Head {
        guard let head = try bucket.head(key) else { throw absent(key) }
        guard head.bytes == sealed.bytes else {
            throw mismatch(key, "the service says that it has \(head.bytes) bytes instead of \(sealed.bytes)")
        }
        guard head.sealing == sealed.id else { throw mismatch(key, "it is not sealing \(sealed.id)") }
        if let tag, !tag.allows(head.tag) {
            throw mismatch(key, "its tag is \(head.tag), and was \(tag) when it was written")
        }
        return head
    }

    private func absent(_ key: String) -> DockError {
        DockError(
            .notFound, "cannot confirm an object", at: bucket.place(key), because: "nothing stands under that name",
            next: "find out who removed it; the segment must be delivered again")
    }

    private func mismatch(_ key: String, _ why: String) -> DockError {
        DockError(
            .mismatch, "cannot confirm an object", at: bucket.place(key), because: why,
            next: "check the service; the object is left as it is")
    }
}
