import DockCore
import Synchronization

/// The upload of one sealed file to one key: with one request, or in parts, several at a time.
struct S3Upload {
    let bucket: S3Bucket
    let key: String
    let sealed: SealedSegment
    let stretches: [FileStretch]
    /// Parts under way at once.
    let width: Int

    /// What the tag of the object must be, as far as the service has said.
    struct Tag: CustomStringConvertible {
        /// What it called the object when it was written.
        var answered: String?
        /// What follows from the tags of the parts, where they look like MD5s.
        var computed: String?

        /// Whether a tag that is read later is the one of what was written.
        func allows(_ tag: String) -> Bool {
            let bare = EntityTag.bare(tag)
            if let answered, EntityTag.bare(answered) != bare { return false }
            if let computed, EntityTag.looksLikeParts(bare), computed != bare { return false }
            return true
        }

        var description: String { answered ?? computed ?? "unknown" }
    }

    /// Uploads everything. Nil if something else got the key meanwhile.
    func run() throws(DockError) -> Tag? {
        guard stretches.count <= S3Vault.mostParts else {
            throw DockError(
                .limit, "cannot store an object", at: bucket.place(key),
                because: "it has \(stretches.count) parts; S3 takes \(S3Vault.mostParts)",
                next: "split the recording on the camera")
        }
        guard stretches.count > 1 else {
            guard case .done(let answer) = try bucket.put(stretches[0], key, sealing: sealed.id) else { return nil }
            return Tag(answered: answer.tag)
        }
        let upload = try bucket.createUpload(key, sealing: sealed.id)
        do {
            guard let tags = try uploadParts(upload) else { return nil }
            // Most services ignore a condition on this request: a last look, so that nothing is overwritten.
            guard try bucket.head(key) == nil, case .done(let answered) = try bucket.complete(upload, parts: tags, key)
            else {
                clear()
                return nil
            }
            return Tag(answered: answered, computed: try EntityTag.ofParts(tags))
        } catch {
            if !error.isPassing { clear() }
            throw error
        }
    }

    private func uploadParts(_ upload: String) throws(DockError) -> [String]? {
        let state = PartsState(stretches.count)
        Crew.run(width: width, count: stretches.count) { index in
            guard state.isGoing else { return }
            do throws(DockError) {
                switch try bucket.put(stretches[index], part: index + 1, of: upload, key) {
                case .done(let tag): state.finish(index, tag)
                case .taken: state.end(nil)
                }
            } catch {
                state.end(error)
            }
        }
        return try state.tags()
    }

    /// Gives up every unfinished upload of this key: what is stored needs them no more, and what is refused for good cannot
    /// use them. If that fails, parts are left that cost space and harm nothing; the bucket's lifecycle rules remove them.
    func clear() {
        guard stretches.count > 1 else { return }
        do {
            for upload in try bucket.uploads(of: key) { try bucket.abort(upload, key) }
        } catch {
            // See above: neither the receipt nor the first error changes by it.
        }
    }
}

/// What has become of the parts of one upload.
private final class PartsState: Sendable {
    private struct State {
        var tags: [String?]
        var failure: DockError?
        var isTaken = false
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(tags: Array(repeating: nil, count: count))) }

    var isGoing: Bool { state.withLock { $0.failure == nil && !$0.isTaken } }

    func finish(_ index: Int, _ tag: String) { state.withLock { $0.tags[index] = tag } }

    /// Ends the upload: for an error, or without one because the upload is gone.
    func end(_ error: DockError?) {
        state.withLock { state in
            state.failure = state.failure ?? error
            if error == nil { state.isTaken = true }
        }
    }

    /// All tags in order; nil if the upload is gone.
    func tags() throws(DockError) -> [String]? {
        let end = state.withLock { $0 }
        if end.isTaken { return nil }
        if let failure = end.failure { throw failure }
        return end.tags.compactMap(\.self)
    }
}
