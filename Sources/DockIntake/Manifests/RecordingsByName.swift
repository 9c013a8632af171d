import DockCore

/// Puts segments together into recordings by their file names, where no manifest says which belong together.
///
/// A recording's name depends on the names of its files alone, never on what else lies on the camera: the same footage
/// has the same name in every docking.
struct RecordingsByName {
    private(set) var recordings: [Recording] = []
    private(set) var camera: CameraIdentity?
    private(set) var wearer: String?
    private(set) var findings: [Finding] = []

    /// - Parameters:
    ///   - segments: in any order, without start and number.
    ///   - pattern: how names carry device, wearer, time and number; nil if they do not: each file is a recording then.
    init(_ segments: [ListedSegment], pattern: FileNamePattern?) {
        var index: [String: Int] = [:]
        var devices: [String: Int] = [:]
        var wearers: [String: Int] = [:]
        let hasDate = pattern?.fields.contains(.date) ?? false
        for segment in segments.sorted(by: { $0.path < $1.path }) {
            var segment = segment
            let match = pattern?.match(segment.path.name)
            let name = match?.stem ?? RecordingsByName.name(of: segment.path)
            if let match {
                segment.start = match.start
                segment.sequence = match.segmentNumber
                if let device = match.device { devices[device, default: 0] += 1 }
                if let wearer = match.wearer { wearers[wearer, default: 0] += 1 }
                if hasDate, match.start == nil {
                    findings.append(
                        Finding(
                            .timeImpossible, recording: name, path: segment.path,
                            "its name carries a date that does not exist"))
                }
            }
            if let position = index[name] {
                recordings[position].segments.append(segment)
            } else {
                index[name] = recordings.count
                recordings.append(Recording(name: name, sequence: match?.recordingNumber, segments: [segment]))
            }
        }
        for position in recordings.indices {
            recordings[position].segments.sort { ($0.sequence ?? 0, $0.path) < ($1.sequence ?? 0, $1.path) }
        }
        identify(devices: devices, wearers: wearers)
    }

    /// The path without its ending, as one name: files of one name in two folders are two recordings.
    private static func name(of path: CameraPath) -> String {
        let text = path.description
        let ending = text.lastIndex(of: ".").flatMap { dot in text[dot...].contains("/") ? nil : dot } ?? text.endIndex
        return String(text[..<ending]).split(separator: "/").joined(separator: "-")
    }

    private mutating func identify(devices: [String: Int], wearers: [String: Int]) {
        // The most frequent, so that one stray file does not change what a camera is called.
        let serials = devices.filter { CameraIdentity.isName($0.key) }.sorted {
            ($1.value, $0.key) < ($0.value, $1.key)
        }
        camera = serials.first.map { CameraIdentity(serial: $0.key, source: .fileNames) }
        if devices.count > 1 {
            findings.append(
                Finding(
                    .identityConflict, missing: nil,
                    "file names carry \(devices.count) devices (\(RecordingsByName.some(devices.keys))): footage of another camera lies on it"
                ))
        }
        let badges = wearers.keys.filter { CameraIdentity.isName($0) }
        if badges.count == 1, wearers.count == 1 {
            wearer = badges[0]
        } else {
            let reason =
                wearers.isEmpty
                ? "file names carry no wearer"
                : "file names carry \(wearers.count) wearers (\(RecordingsByName.some(wearers.keys)))"
            findings.append(Finding(.wearerUnknown, reason))
        }
    }

    private static func some(_ names: some Collection<String>) -> String {
        names.sorted().prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
    }
}
