/// What became of each recording in a docking, for people.
public struct RecordingSummary: Sendable, Equatable, Codable {
    /// The recording's name on the camera.
    public var recording: String
    /// When it began, by the camera's clock.
    public var start: Instant?
    /// Files that belong to it.
    public var segments: Int
    /// Files of it that every required vault holds.
    public var safe: Int
    /// Size of its files in bytes.
    public var bytes: Int64
    /// How its files were verified, each way once.
    public var verified: [Verification]
    /// Findings that name it.
    public var findings: Int
}

extension Docking {
    /// Bytes of files that may not be erased yet, because they are not read, or not in every required vault.
    public var unsafeBytes: Int64 {
        let requirement = terms.requirement
        return segments.reduce(0) { $1.isSafe(requirement) ? $0 : $0 &+ $1.planned.file.identity.size }
    }

    /// A summary for each recording, in the order of the plan.
    public var summary: [RecordingSummary] {
        var order: [String: Int] = [:]
        var rows: [RecordingSummary] = []
        for segment in segments {
            let name = segment.planned.recording
            let row = order[name] ?? rows.count
            if row == rows.count {
                order[name] = row
                rows.append(
                    RecordingSummary(
                        recording: name, start: segment.planned.recordingStart, segments: 0, safe: 0, bytes: 0,
                        verified: [],
                        findings: 0))
            }
            rows[row].segments += 1
            rows[row].bytes &+= segment.planned.file.identity.size
            if segment.isSafe(terms.requirement) { rows[row].safe += 1 }
            if case .taken(let evidence, _) = segment.state, !rows[row].verified.contains(evidence.verification) {
                rows[row].verified.append(evidence.verification)
            }
        }
        for finding in findings {
            guard let name = finding.recording, let row = order[name] else { continue }
            rows[row].findings += 1
        }
        return rows
    }
}

extension DockingOutcome {
    /// Whether the docking may go on by itself, without anybody changing anything.
    public var canGoOn: Bool {
        switch self {
        case .incomplete, .interrupted, .cooling: true
        case .emptied, .kept, .held: false
        }
    }

    /// Why it is not done; empty if it is.
    public var reasons: [String] {
        switch self {
        case .emptied, .kept: []
        case .cooling(let until): ["everything is safe; the camera is emptied from \(until) on"]
        case .held(let reasons), .incomplete(let reasons), .interrupted(let reasons): reasons
        }
    }
}
