/// Finds the file for every entry of the manifest, and the entry for every file.
struct FileMatching {
    private struct Entry {
        let recording: Recording
        let segment: ListedSegment
        var file: Int?

        func finding(
            _ code: Finding.Code, missing: Finding.Loss? = nil, inDoubt: Bool = true, _ message: String
        ) -> Finding {
            Finding(code, recording: recording.name, path: segment.path, missing: missing, inDoubt: inDoubt, message)
        }
    }

    private let profile: CameraProfile
    /// Sorted by path, each path once: the order of the listing must not matter.
    private let files: [CameraFile]
    private var isTaken: [Bool]
    private var index: [CameraPath: Int] = [:]
    private var byFoldedName: [[UInt8]: [Int]] = [:]
    private var entries: [Entry]
    private var manifestFiles: [Int] = []

    init(manifest: Manifest, files listing: [CameraFile], profile: CameraProfile) {
        self.profile = profile
        var seen: Set<CameraPath> = []
        files = listing.sorted { $0.path < $1.path }.filter { seen.insert($0.path).inserted }
        isTaken = Array(repeating: false, count: files.count)
        entries = manifest.recordings.flatMap { recording in
            recording.segments.map { Entry(recording: recording, segment: $0, file: nil) }
        }
        for (number, file) in files.enumerated() {
            index[file.path] = number
            byFoldedName[file.path.folded, default: []].append(number)
        }
        manifestFiles = Set(manifest.files).compactMap { index[$0] }.sorted()
        for number in manifestFiles { isTaken[number] = true }
    }

    /// Makes the plan; what does not fit together becomes findings.
    mutating func plan(
        erasedEarlier: (CameraPath, ExpectedDigest?) -> Bool, into findings: inout FindingList
    ) -> [PlannedSegment] {
        reportClashes(into: &findings)
        matchExactNames(into: &findings)
        matchOtherwise(erasedEarlier: erasedEarlier, into: &findings)
        for entry in entries {
            if let number = entry.file { checkSize(of: entry, files[number], into: &findings) }
        }
        return listed + unlisted(into: &findings)
            + manifestFiles.map { PlannedSegment(role: .manifest, recording: "manifest", file: files[$0]) }
    }

    /// In the order of the manifest, but what is flagged first: should the camera be pulled early, that much is safe.
    private var listed: [PlannedSegment] {
        let flagged = Set(
            entries.filter { $0.recording.isFlagged || $0.file.map { profile.flags(files[$0].path) } ?? false }
                .map(\.recording.name))
        let segments = entries.compactMap { entry in
            entry.file.map { number in
                PlannedSegment(
                    role: .listed, recording: entry.recording.name, recordingStart: entry.recording.start,
                    isFlagged: flagged.contains(entry.recording.name), file: files[number],
                    expected: entry.segment.digest)
            }
        }
        return segments.filter(\.isFlagged) + segments.filter { !$0.isFlagged }
    }

    private func reportClashes(into findings: inout FindingList) {
        for (number, file) in files.enumerated() {
            guard let same = byFoldedName[file.path.folded], same.count > 1, same.first == number else { continue }
            findings.add(
                Finding(
                    .nameClash, path: file.path,
                    "differs only by case from \(files[same[1]].path)\(same.count > 2 ? " and others" : ""); each is taken for itself"
                ))
        }
    }

    private mutating func matchExactNames(into findings: inout FindingList) {
        var seen: Set<CameraPath> = []
        var kept: [Entry] = []
        kept.reserveCapacity(entries.count)
        for var entry in entries {
            guard seen.insert(entry.segment.path).inserted else {
                findings.add(entry.finding(.nameClash, "is listed twice: which entry is true cannot be told"))
                continue
            }
            if let number = index[entry.segment.path] {
                guard !isTaken[number] else {
                    findings.add(entry.finding(.nameClash, "the manifest lists itself as footage"))
                    continue
                }
                isTaken[number] = true
                entry.file = number
            }
            kept.append(entry)
        }
        entries = kept
    }

    /// Entries whose exact name is not on the camera: erased before, under the same name in other case, or missing.
    private mutating func matchOtherwise(
        erasedEarlier: (CameraPath, ExpectedDigest?) -> Bool, into findings: inout FindingList
    ) {
        for position in entries.indices where entries[position].file == nil {
            let entry = entries[position]
            if erasedEarlier(entry.segment.path, entry.segment.digest) {
                findings.add(entry.finding(.erasedEarlier, "was delivered and erased in an earlier docking"))
                continue
            }
            let candidates = (byFoldedName[entry.segment.path.folded] ?? []).filter { !isTaken[$0] }
            if candidates.count == 1 {
                isTaken[candidates[0]] = true
                entries[position].file = candidates[0]
                findings.add(
                    entry.finding(.nameClash, inDoubt: false, "lies on the camera as \(files[candidates[0]].path)"))
                continue
            }
            if candidates.count > 1 {
                findings.add(entry.finding(.nameClash, "\(candidates.count) files differ from this name only by case"))
            }
            let bytes = entry.segment.bytes.map { "\($0) bytes" } ?? "a file of unknown size"
            let seconds = entry.segment.duration.map { " (\(Seconds.text($0)))" } ?? ""
            findings.add(
                entry.finding(
                    .fileMissing, missing: entry.segment.bytes.map { .bytes($0) } ?? .items(1),
                    "is listed but not on the camera: \(bytes)\(seconds) missing"))
        }
    }

    private func checkSize(of entry: Entry, _ file: CameraFile, into findings: inout FindingList) {
        let size = file.identity.size
        let promised = entry.segment.bytes
        if size == 0 {
            let missing = promised.map { $0 > 0 ? ": \($0) bytes missing" : "" } ?? ""
            findings.add(entry.finding(.fileEmpty, missing: promised.map { .bytes($0) }, "has no bytes\(missing)"))
        } else if let promised, promised != size {
            let shortage = promised.subtractingReportingOverflow(size).partialValue
            findings.add(
                entry.finding(
                    .sizeWrong, missing: shortage > 0 ? .bytes(shortage) : nil,
                    "has \(size) bytes instead of \(promised): \(shortage.magnitude) \(shortage > 0 ? "missing" : "too many")"
                ))
        }
    }

    private func unlisted(into findings: inout FindingList) -> [PlannedSegment] {
        files.indices.compactMap { number in
            guard !isTaken[number], !profile.preserves(files[number].path) else { return nil }
            findings.add(
                Finding(
                    .fileUnlisted, path: files[number].path,
                    "lies on the camera and nothing lists it (\(files[number].identity.size) bytes); it is taken in and marked"
                ))
            return PlannedSegment(
                role: .unlisted, recording: "unlisted", isFlagged: profile.flags(files[number].path),
                file: files[number])
        }
    }
}
