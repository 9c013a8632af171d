extension Docking {
    /// What this docking took in, as it stands when the camera was listed for the last time.
    /// - Parameter moment: when that was, by the dock's clock.
    func coverage(at moment: Instant) -> CoverageStatement {
        let survey = CoverageSurvey(recordings: recordings, segments: segments, findings: findings)
        let all = recordings.map(survey.coverage)
        let others = survey.others
        let doubts = survey.doubts
        let unnamed = all.dropFirst(CoverageStatement.namedRecordings)
        let start = terms.start
        return CoverageStatement(
            docking: start.docking, dock: start.dock, agent: start.agent, camera: camera, wearer: start.wearer,
            manifest: start.manifest, manifestDigest: start.manifestDigest, signature: start.signature,
            stated: moment,
            nothingRecorded: all.isEmpty && segments.allSatisfy { $0.planned.role == .manifest } && doubts.isEmpty,
            isComplete: doubts.isEmpty && others.taken == others.files && all.allSatisfy(\.isComplete),
            recordings: Array(all.prefix(CoverageStatement.namedRecordings)),
            further: unnamed.isEmpty
                ? nil : .init(recordings: unnamed.count, complete: unnamed.count(where: \.isComplete)),
            others: others, doubts: doubts)
    }
}

/// Holds what was taken in against what the camera lists. Takes O(n) for n files.
struct CoverageSurvey {
    /// Segments that the camera lists, by recording and then by path; case does not count.
    private var listed: [String: [[UInt8]: SegmentProgress]] = [:]
    /// Findings that leave footage in doubt, by recording.
    private var faults: [String: [Finding]] = [:]
    /// Files that an earlier docking delivered and erased, by recording.
    private var earlier: [String: Int] = [:]
    /// There are more faults than are named: of no recording can it be said that none of them is its own.
    private var isOverfull = false
    /// What is in doubt, and names no recording.
    private(set) var doubts: [RecordingCoverage.Gap] = []
    private(set) var others = CoverageStatement.OtherFiles(files: 0, taken: 0, bytes: 0)

    init(recordings: [Recording], segments: [SegmentProgress], findings: [Finding]) {
        let names = Set(recordings.map(\.name))
        for segment in segments {
            if segment.planned.role == .listed, names.contains(segment.planned.recording) {
                listed[segment.planned.recording, default: [:]][segment.planned.file.path.folded] = segment
            } else {
                others.files += 1
                guard let bytes = segment.wholeBytes else { continue }
                others.taken += 1
                others.bytes &+= bytes
            }
        }
        for finding in findings {
            if finding.code == .erasedEarlier, let recording = finding.recording {
                earlier[recording, default: 0] += 1
            }
            guard finding.holds, finding.code != .heldByPerson else { continue }
            if let recording = finding.recording {
                faults[recording, default: []].append(finding)
            } else {
                if finding.path == nil, finding.code.isLoss { isOverfull = true }
                if doubts.count < RecordingCoverage.namedGaps { doubts.append(RecordingCoverage.Gap(finding)) }
            }
        }
    }

    /// How much of a recording was taken in.
    func coverage(of recording: Recording) -> RecordingCoverage {
        let own = listed[recording.name] ?? [:]
        let ordered = recording.segmentsInOrder
        let taken = ordered.filter { own[$0.path.folded]?.wholeBytes != nil }
        let numbers = taken.compactMap(\.sequence)
        let before = earlier[recording.name] ?? 0
        let gaps = gaps(of: recording, own, taken: taken.count, earlier: before)
        return RecordingCoverage(
            recording: recording.name, sequence: recording.sequence, start: recording.start,
            trigger: recording.trigger, end: ordered.compactMap(\.end).max(), spokenWarning: recording.warning,
            preRecord: preRecord(of: recording, taken),
            segments: .init(
                listed: ordered.count, taken: taken.count, earlier: before, first: numbers.min(), last: numbers.max()),
            bytes: own.values.reduce(0) { $0 &+ ($1.wholeBytes ?? 0) }, isComplete: gaps.isEmpty,
            gaps: Array(gaps.prefix(RecordingCoverage.namedGaps)))
    }

    private func gaps(
        of recording: Recording, _ own: [[UInt8]: SegmentProgress], taken: Int, earlier: Int
    ) -> [RecordingCoverage.Gap] {
        let faults = faults[recording.name] ?? []
        var gaps = faults.map { RecordingCoverage.Gap($0) }
        let named = Set(faults.filter(\.code.tellsOfContent).compactMap { $0.path?.folded })
        var absent = 0
        for segment in recording.segments where !named.contains(segment.path.folded) {
            guard let progress = own[segment.path.folded] else {
                absent += 1
                continue
            }
            guard progress.wholeBytes == nil else { continue }
            let bytes = progress.planned.file.identity.size
            gaps.append(.init(path: segment.path, missing: .bytes(bytes), why: "it was not read to its end"))
        }
        if absent > earlier {
            gaps.append(
                .init(
                    missing: .items(absent - earlier),
                    why: "files that it lists are not on the camera, and are not named one by one"))
        }
        if isOverfull {
            gaps.append(.init(why: "the camera has more faults than are named; some may be of this recording"))
        }
        return gaps
    }

    /// From the beginning of what was taken in to the trigger.
    private func preRecord(of recording: Recording, _ taken: [ListedSegment]) -> RecordingCoverage.PreRecord? {
        guard let promised = recording.preRecord, promised.isFinite else { return nil }
        guard let trigger = recording.trigger, taken.allSatisfy({ $0.start != nil }) else {
            return .init(promised: promised, present: nil)
        }
        let begin = taken.compactMap(\.start).min() ?? trigger
        return .init(promised: promised, present: max(0, trigger.seconds(since: begin)))
    }
}

extension SegmentProgress {
    /// The size of the file in bytes, if it was read whole and nothing contradicts it.
    fileprivate var wholeBytes: Int64? {
        guard case .taken(let evidence, _) = state, ![.mismatch, .partial].contains(evidence.verification) else {
            return nil
        }
        return evidence.identity.size
    }
}

extension RecordingCoverage.Gap {
    fileprivate init(_ finding: Finding) {
        self.init(path: finding.path, missing: finding.missing, why: finding.message)
    }
}

extension Finding.Code {
    /// Whether it says why the content of a file is not there, or not as promised.
    fileprivate var tellsOfContent: Bool {
        [.fileMissing, .fileEmpty, .hashWrong, .readFailed, .fileChanged, .readsDiffer].contains(self)
    }

    /// Whether it says that footage is missing or altered.
    fileprivate var isLoss: Bool {
        switch self {
        case .sequenceGap, .preRecordShort, .timeGap, .timeOverlap, .timeImpossible, .fileMissing, .sizeWrong,
            .fileEmpty, .hashWrong, .readFailed, .fileChanged, .readsDiffer, .nameClash:
            true
        default: false
        }
    }
}
