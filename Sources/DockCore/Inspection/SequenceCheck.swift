/// Numbers that are missing: of recordings on the camera, and of segments in a recording.
struct SequenceCheck {
    /// How a camera counts its segments.
    private enum Numbering {
        /// Not at all.
        case none
        /// From 1 (or 0) in each recording.
        case perRecording
        /// On and on over all recordings; where it begins says nothing.
        case running
    }

    private let recordings: [Recording]
    private let numbering: Numbering
    /// The own manifest's numbers: strict, 64 bits wide, and so without an end at which a counter would start over.
    private let isStrict: Bool
    /// Numbers of segments that an earlier erase removed, by recording, and of their recordings.
    private var erasedSegments: [String: [UInt64]] = [:]
    private var erasedRecordings: [UInt64] = []

    init(manifest: Manifest, profile: CameraProfile, erased: [CameraPath]) {
        recordings = manifest.recordings
        isStrict = manifest.kind == .bodydock
        let fields = manifest.kind == .bodydock ? [.segment] : profile.fileName?.fields ?? []
        numbering = fields.contains(.segment) ? .perRecording : fields.contains(.sequence) ? .running : .none
        guard manifest.kind != .bodydock, let pattern = profile.fileName else { return }
        for match in erased.compactMap({ pattern.match($0.name) }) {
            if let number = match.segmentNumber { erasedSegments[match.stem, default: []].append(number) }
            if let number = match.recordingNumber { erasedRecordings.append(number) }
        }
    }

    func check(into findings: inout FindingList) {
        checkRecordings(into: &findings)
        switch numbering {
        case .none: return
        case .perRecording: checkEachRecording(into: &findings)
        case .running:
            if let numbers = runningNumbers {
                report(gapsIn: numbers, of: "segment", into: &findings)
            } else {
                // A number comes back in another recording: this camera starts over with each.
                checkEachRecording(into: &findings)
            }
        }
    }

    private func checkRecordings(into findings: inout FindingList) {
        var numbers = recordings.compactMap { recording in recording.sequence.map { (number: $0, name: recording.name) }
        }
        numbers += erasedRecordings.map { ($0, "") }
        numbers.sort(by: <)
        for (left, right) in zip(numbers, numbers.dropFirst()) where left.number == right.number && !left.name.isEmpty {
            findings.add(
                Finding(
                    .sequenceGap, recording: right.name,
                    "has the number \(right.number), which recording \(left.name) has too"))
        }
        report(gapsIn: numbers, of: "recording", into: &findings)
    }

    /// Every number with its recording, sorted; nil if one number occurs in two recordings.
    private var runningNumbers: [(number: UInt64, name: String)]? {
        var owner: [UInt64: String] = [:]
        let present = recordings.map { (name: $0.name, numbers: $0.segments.compactMap(\.sequence)) }
        for (name, numbers) in present + erasedSegments.map({ (name: $0.key, numbers: $0.value) }) {
            for number in numbers {
                if let other = owner.updateValue(name, forKey: number), other != name { return nil }
            }
        }
        return owner.map { ($0.key, $0.value) }.sorted(by: <)
    }

    private func report(
        gapsIn numbers: [(number: UInt64, name: String)], of what: String, into findings: inout FindingList
    ) {
        let wrap = isStrict ? nil : SequenceCheck.wrap(in: numbers.map(\.number))
        for (position, (left, right)) in zip(numbers, numbers.dropFirst()).enumerated() where position != wrap {
            let missing = SequenceCheck.numbers(between: left.number, and: right.number)
            guard missing > 0 else { continue }
            findings.add(
                Finding(
                    .sequenceGap, recording: right.name.isEmpty ? left.name : right.name, missing: .items(missing),
                    "\(SequenceCheck.range(left.number + 1, right.number - 1, of: what)) missing"))
        }
    }

    private func checkEachRecording(into findings: inout FindingList) {
        for recording in recordings {
            let present = recording.segmentsInOrder.filter { $0.sequence != nil }
            let erased = erasedSegments[recording.name] ?? []
            let numbers = (present.compactMap(\.sequence) + erased).sorted()
            guard let first = numbers.first else { continue }
            if first > 1 {
                findings.add(
                    Finding(
                        .sequenceGap, recording: recording.name, missing: .items(Int(clamping: first - 1)),
                        "\(SequenceCheck.range(1, first - 1, of: "segment")) missing at its beginning"))
            }
            for (left, right) in zip(numbers, numbers.dropFirst()) {
                let missing = SequenceCheck.numbers(between: left, and: right)
                if missing > 0 {
                    report(missing, between: left, and: right, in: recording, present, into: &findings)
                } else if left == right, isStrict {
                    findings.add(
                        Finding(.sequenceGap, recording: recording.name, "has two segments with the number \(left)"))
                }
            }
        }
    }

    private func report(
        _ missing: Int, between left: UInt64, and right: UInt64, in recording: Recording, _ segments: [ListedSegment],
        into findings: inout FindingList
    ) {
        let seconds = SequenceCheck.seconds(between: left, and: right, in: segments)
        findings.add(
            Finding(
                .sequenceGap, recording: recording.name, missing: seconds.map { .seconds($0) } ?? .items(missing),
                "\(SequenceCheck.range(left + 1, right - 1, of: "segment")) missing\(seconds.map { ": " + Seconds.text($0) } ?? "")"
            ))
    }

    /// The footage that two segments leave out between them; `segments` are sorted by number.
    private static func seconds(between left: UInt64, and right: UInt64, in segments: [ListedSegment]) -> Double? {
        var low = 0
        var high = segments.count
        while low < high {
            let middle = (low + high) / 2
            if (segments[middle].sequence ?? 0) < right { low = middle + 1 } else { high = middle }
        }
        guard low > 0, low < segments.count, segments[low - 1].sequence == left, segments[low].sequence == right,
            let start = segments[low - 1].start, let duration = segments[low - 1].duration, duration.isFinite,
            let next = segments[low].start
        else { return nil }
        let seconds = next.seconds(since: start) - duration
        return seconds > 0 ? seconds : nil
    }

    private static func numbers(between left: UInt64, and right: UInt64) -> Int {
        right > left ? Int(clamping: right - left - 1) : 0
    }

    private static func range(_ first: UInt64, _ last: UInt64, of what: String) -> String {
        first == last ? "\(what) \(first) is" : "\(what)s \(first) to \(last) are"
    }

    /// A counter that ran from 9999 to 0 or 1 leaves one gap that is none: the widest. Where it lies, if there is one.
    private static func wrap(in numbers: [UInt64]) -> Int? {
        guard let first = numbers.first, let last = numbers.last, first <= 1, isLastOfItsWidth(last) else { return nil }
        return numbers.indices.dropLast().max { numbers[$0 + 1] - numbers[$0] < numbers[$1 + 1] - numbers[$1] }
    }

    private static func isLastOfItsWidth(_ number: UInt64) -> Bool {
        number >= 999 && number.description.utf8.allSatisfy { $0 == UInt8(ascii: "9") }
    }
}
