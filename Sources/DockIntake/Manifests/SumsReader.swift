import DockCore
import DockSystem

/// Reads a `SHA256SUMS` file, as a stream. Its names are relative to its own folder.
public struct SumsReader {
    /// Lines that cannot be read before the rest is given up.
    private static let unreadableLines = 1000

    private let path: CameraPath
    private let limits: IntakeLimits
    private let pattern: FileNamePattern?

    /// - Parameters:
    ///   - path: where the sums file lies on the camera.
    ///   - limits: its size, and how many files it may list.
    ///   - pattern: how names carry device, wearer, time and number.
    public init(path: CameraPath, limits: IntakeLimits, pattern: FileNamePattern?) {
        self.path = path
        self.limits = limits
        self.pattern = pattern
    }

    /// Reads `file` from its start to its end. Throws only what is not the camera's fault.
    public func read(_ file: borrowing Descriptor) throws(DockError) -> ReadManifest {
        var segments: [ListedSegment] = []
        var findings = FindingList()
        var unreadable = 0
        let folder = Array(path.bytes.prefix(path.bytes.count - path.name.count))
        var lines = LineReader(limit: limits.manifestBytes)
        let outcome = try lines.read(file) { line in
            if !line.isTooLong, line.bytes.isEmpty || line.bytes.elementsEqual([13]) { return true }
            switch segment(line, folder) {
            case .success(let segment):
                guard segments.count < limits.files else {
                    findings.add(
                        Finding(
                            .limitExceeded, path: path, "lists more than \(limits.files) files; the rest was not read"))
                    return false
                }
                segments.append(segment)
            case .failure(let error):
                findings.add(Finding(.manifestBroken, path: path, "line \(line.number): \(error.why)"))
                unreadable += 1
                guard unreadable < SumsReader.unreadableLines else {
                    findings.add(
                        Finding(.limitExceeded, path: path, "\(unreadable) lines cannot be read; the rest was not read")
                    )
                    return false
                }
            }
            return true
        }
        if let finding = outcome.finding(path, limit: limits.manifestBytes) { findings.add(finding) }
        let named = RecordingsByName(segments, pattern: pattern)
        findings.add(named.findings)
        return ReadManifest(
            manifest: Manifest(
                kind: .sums, camera: named.camera, wearer: named.wearer, recordings: named.recordings,
                digest: outcome.digest,
                files: [path]),
            findings: findings.findings)
    }

    private func segment(_ line: LineReader.Line, _ folder: [UInt8]) -> Result<ListedSegment, DockError> {
        Result { () throws(DockError) in
            guard !line.isTooLong, let parsed = ChecksumLine(line.bytes, .sha256), let name = parsed.plainName else {
                throw DockError(
                    .malformed, "cannot read a sums file", at: path.description,
                    because: line.isTooLong
                        ? "it is longer than \(LineReader.longest) bytes"
                        : "it is neither '<hash>  <name>' nor 'SHA256 (<name>) = <hash>'",
                    next: "inspect the camera")
            }
            // Checked before the folder is put in front of it: `/etc/passwd` must not become a name inside the volume.
            let relative = try CameraPath(name)
            return ListedSegment(path: try CameraPath(folder + relative.bytes), digest: parsed.digest)
        }
    }
}
