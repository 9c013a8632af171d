/// Times that cannot be, overlap, or leave something out. All times are the camera's own and are never rewritten.
struct TimeCheck {
    /// The dock's clock.
    let now: Instant

    /// Rounding of times in manifests, in seconds.
    private static let tolerance = 1.0
    /// Longer than any segment or pre-record buffer, in seconds.
    private static let longest = 86_400.0
    /// No camera of this kind was built before 2010-01-01; a lost clock shows 1970, 1980 or 2000.
    private static let earliest = Instant(seconds: 1_262_304_000)
    private var latest: Instant { now.adding(seconds: 86_400) }

    func check(_ manifest: Manifest, into findings: inout FindingList) {
        if let clock = manifest.cameraClock, isImpossible(clock) {
            findings.add(
                Finding(.timeImpossible, "the camera's clock shows \(clock); the dock's shows \(now)"))
        }
        for recording in manifest.recordings {
            let segments = recording.segmentsInOrder
            checkPossible(recording, segments, into: &findings)
            checkContinuity(recording, segments, into: &findings)
            checkPreRecord(recording, segments, into: &findings)
        }
        checkOverlaps(manifest.recordings, into: &findings)
    }

    private func isImpossible(_ time: Instant) -> Bool { time < TimeCheck.earliest || time > latest }

    /// Whether footage that was read at a moment by the dock's clock can have been recorded at a time by the camera's.
    static func isPossible(recorded: Instant, readAt now: Instant) -> Bool {
        !TimeCheck(now: now).isImpossible(recorded)
    }

    static func isPossible(duration: Double) -> Bool { duration >= 0 && duration <= longest }

    /// A clock that is wrong is wrong for all of a recording's segments: it is said once. When the footage was recorded is part
    /// of the evidence, so a person must look before the camera, which may still tell, is emptied.
    private func checkPossible(_ recording: Recording, _ segments: [ListedSegment], into findings: inout FindingList) {
        if let time = ([recording.trigger] + segments.map(\.start)).compactMap({ $0 }).first(where: isImpossible) {
            findings.add(
                Finding(
                    .timeImpossible, recording: recording.name,
                    "is dated \(time), which is \(time < TimeCheck.earliest ? "before such cameras existed" : "in the future")"
                ))
        }
        if let promised = recording.preRecord, !TimeCheck.isPossible(duration: promised) {
            findings.add(
                Finding(
                    .timeImpossible, recording: recording.name,
                    "promises \(Seconds.text(promised)) before its trigger: whether they are there cannot be told")
            )
        }
        if let odd = segments.first(where: { $0.duration.map { !TimeCheck.isPossible(duration: $0) } ?? false }) {
            findings.add(
                Finding(
                    .timeImpossible, recording: recording.name, path: odd.path,
                    "is said to last \(Seconds.text(odd.duration ?? 0)); whether footage is missing cannot be told"))
        }
    }

    private func checkContinuity(_ recording: Recording, _ segments: [ListedSegment], into findings: inout FindingList)
    {
        for (segment, next) in zip(segments, segments.dropFirst()) {
            // Where a number is missing between the two, the sequence check names the seconds.
            if let number = segment.sequence, let following = next.sequence, number &+ 1 != following { continue }
            guard let end = segment.end, let start = next.start else { continue }
            let gap = start.seconds(since: end)
            if gap > TimeCheck.tolerance {
                findings.add(
                    Finding(
                        .timeGap, recording: recording.name, path: next.path, missing: .seconds(gap),
                        "begins \(Seconds.text(gap)) after the segment before it ends"))
            } else if gap < -TimeCheck.tolerance {
                findings.add(
                    Finding(
                        .timeOverlap, recording: recording.name, path: next.path, inDoubt: true,
                        "begins \(Seconds.text(-gap)) before the segment before it ends"))
            }
        }
    }

    private func checkPreRecord(_ recording: Recording, _ segments: [ListedSegment], into findings: inout FindingList) {
        let promised = recording.preRecord ?? 0
        guard TimeCheck.isPossible(duration: promised) else { return }
        guard let first = segments.first else {
            findings.add(
                Finding(
                    .fileMissing, recording: recording.name, missing: promised > 0 ? .seconds(promised) : .items(1),
                    "no segment of it is listed"))
            return
        }
        guard let trigger = recording.trigger, let start = first.start else { return }
        let short = start.seconds(since: trigger.adding(seconds: -promised))
        if short > TimeCheck.tolerance {
            let what = short >= promised ? "is missing" : "is \(Seconds.text(short)) short"
            findings.add(
                Finding(
                    .preRecordShort, recording: recording.name, path: first.path, missing: .seconds(short),
                    promised > 0
                        ? "the pre-record part of \(Seconds.text(promised)) \(what)"
                        : "the footage begins \(Seconds.text(short)) after the trigger"))
        } else if let end = segments.compactMap(\.end).max(), trigger.seconds(since: end) > TimeCheck.tolerance {
            let rest = trigger.seconds(since: end)
            findings.add(
                Finding(
                    .preRecordShort, recording: recording.name, path: segments.last?.path, missing: .seconds(rest),
                    "the footage ends \(Seconds.text(rest)) before the trigger"))
        }
    }

    /// Between recordings an overlap says that the clock was set, or that the pre-record buffer reaches back: no footage is
    /// in doubt.
    private func checkOverlaps(_ recordings: [Recording], into findings: inout FindingList) {
        let spans = recordings.compactMap { recording -> (start: Instant, end: Instant, name: String)? in
            guard let start = recording.segments.compactMap(\.start).min(),
                let end = recording.segments.compactMap(\.end).max(),
                end > start
            else { return nil }
            return (start, end, recording.name)
        }.sorted { ($0.start, $0.end, $0.name) < ($1.start, $1.end, $1.name) }
        guard var reach = spans.first else { return }
        for span in spans.dropFirst() {
            let shared = min(span.end, reach.end).seconds(since: span.start)
            if shared > TimeCheck.tolerance {
                findings.add(
                    Finding(
                        .timeOverlap, recording: span.name, inDoubt: false,
                        "claims \(Seconds.text(shared)) that recording \(reach.name) claims too"))
            }
            if span.end > reach.end { reach = span }
        }
    }
}

extension Recording {
    /// By number where all have one, as given otherwise.
    var segmentsInOrder: [ListedSegment] {
        let numbered = segments.enumerated().compactMap { index, segment in segment.sequence.map { ($0, index) } }
        guard numbered.count == segments.count else { return segments }
        return numbered.sorted(by: <).map { segments[$0.1] }
    }
}

extension ListedSegment {
    /// When its footage ends, if that is known and can be.
    var end: Instant? {
        guard let start, let duration, TimeCheck.isPossible(duration: duration) else { return nil }
        return start.adding(seconds: duration)
    }
}
