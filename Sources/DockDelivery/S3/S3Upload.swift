import DockCore

/// The upload of one sealed file to one key: with one request, or in parts, several at a time.
///
/// An upload in parts outlives the run that began it. The next run asks the service for its parts, and trusts a part only if
/// its size and MD5 are those of the stretch of the spool file that belongs there; everything else is sent.
struct S3Upload {
    let bucket: S3Bucket
    let key: String
    let sealed: SealedSegment
    let stretches: [FileStretch]
    /// Parts under way at once.
    let width: Int
    /// Where each body waits for its place among those under way.
    let place: UploadPlaces.Line
    let log: UploadLog
    /// Whether each part is sent with its MD5.
    var sums = false
    /// Headers that every object is stored with, beside the name of its sealing: with one request, and in parts.
    var headers: (whole: [(name: String, value: String)], parts: [(name: String, value: String)]) = ([], [])

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

    /// An upload that goes on, or begins.
    private struct Course {
        var name: String
        /// Parts that the service lists.
        var listed: [Int: S3Bucket.ListedPart] = [:]
        /// Whether this run began it: another run may be at work on an older one.
        var isNew: Bool
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
            let written = try place.hold { () throws(DockError) in
                try bucket.put(stretches[0], key, sealing: sealed.id, extra: headers.whole)
            }
            guard case .done(let answer) = written else { return nil }
            return Tag(answered: answer.tag)
        }
        let older = try earlier()
        let course = if let older { older } else { try begin() }
        log.note(course.name, key, sealed.id)
        do {
            // Most services ignore a condition on this request: a last look, so that nothing is overwritten.
            guard let tags = try uploadParts(course), try bucket.head(key) == nil,
                case .done(let answered) = try bucket.complete(course.name, parts: tags, key)
            else {
                giveUp(course.name)
                return nil
            }
            log.forget(course.name, key, sealed.id)
            return Tag(answered: answered, computed: try EntityTag.ofParts(tags))
        } catch {
            // What may pass leaves the parts to the next run. An upload that another run may be at work on is given up only
            // if no run can use its content.
            if !error.isPassing, course.isNew || error.code == .mismatch { giveUp(course.name) }
            throw error
        }
    }

    private func begin() throws(DockError) -> Course {
        Course(name: try bucket.createUpload(key, sealing: sealed.id, extra: headers.parts), isNew: true)
    }

    /// The unfinished upload of this very sealing that has most of it; nil if there is none.
    private func earlier() throws(DockError) -> Course? {
        var best: (course: Course, bytes: Int64)?
        for name in try unfinished() {
            guard let listed = try parts(of: name), isOurs(name, listed) else { continue }
            let bytes = listed.values.reduce(0) { $0 + $1.bytes }
            if bytes >= best?.bytes ?? 0 { best = (Course(name: name, listed: listed, isNew: false), bytes) }
        }
        return best?.course
    }

    /// Uploads that may be ours. Where the service does not let us list them, only what the dock itself knows.
    private func unfinished() throws(DockError) -> [String] {
        do {
            return try bucket.uploads(of: key)
        } catch let error where !error.isPassing && error.code == .refused {
            return log.known(key, sealed.id)
        }
    }

    /// Nil if the upload is gone; none where the service does not let us list them.
    private func parts(of name: String) throws(DockError) -> [Int: S3Bucket.ListedPart]? {
        do {
            return try bucket.parts(of: name, key)
        } catch let error where !error.isPassing && error.code == .refused {
            return [:]
        }
    }

    /// Whether an upload is one of this sealing: the dock noted it, or it has a part with bytes that nothing else has. One
    /// with parts beyond ours is not, and neither is one that cannot be completed as ours.
    private func isOurs(_ name: String, _ listed: [Int: S3Bucket.ListedPart]) -> Bool {
        guard listed.keys.allSatisfy({ $0 <= stretches.count }) else { return false }
        if log.known(key, sealed.id).contains(name) { return true }
        return listed.sorted { $0.key < $1.key }.contains { stretches[$0.key - 1].isSame(as: $0.value) }
    }

    private func uploadParts(_ course: Course) throws(DockError) -> [String]? {
        let state = PartsState(stretches.count)
        Crew.run(width: width, count: stretches.count) { index in
            guard state.isGoing else { return }
            if let part = course.listed[index + 1], stretches[index].isSame(as: part) {
                return state.finish(index, part.tag)
            }
            do throws(DockError) {
                try place.hold { () throws(DockError) in
                    guard state.isGoing else { return }
                    switch try bucket.put(stretches[index], part: index + 1, of: course.name, key, sums: sums) {
                    case .done(let tag): state.finish(index, tag)
                    case .taken: state.end(nil)
                    }
                }
            } catch {
                state.end(error)
            }
        }
        return try state.tags()
    }

    /// Gives up what the dock noted as unfinished for this key: the object stands, nothing needs it any more. Another run that
    /// is at work on it finds the object when it looks.
    func clear() {
        guard stretches.count > 1 else { return }
        for name in log.known(key, sealed.id) { giveUp(name) }
    }

    /// If that fails, the note stays, and the upload is stale some day.
    private func giveUp(_ name: String) {
        do {
            try bucket.abort(name, key)
            log.forget(name, key, sealed.id)
        } catch {
            // Parts are left that cost space and harm nothing: neither the receipt nor the first error changes by it.
        }
    }
}

extension FileStretch {
    /// Whether a part that the service lists has the size and the MD5 of this stretch as it lies in the spool now. A tag that
    /// is no MD5 says nothing, and neither does a file that cannot be read: then the part is sent, or that fails.
    func isSame(as part: S3Bucket.ListedPart) -> Bool {
        guard part.bytes == self.part.size else { return false }
        do { return try EntityTag.bare(part.tag).lowercased() == Hex.encode(md5()) } catch { return false }
    }
}
