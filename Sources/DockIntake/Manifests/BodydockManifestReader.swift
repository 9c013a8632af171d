import DockCore
import DockSystem

/// Reads the project's own manifest (`docs/manifest.md`) as a stream. A broken or cut manifest gives what was readable, with
/// findings that hold the camera.
public struct BodydockManifestReader {
    /// Lines that cannot be read before the rest is given up.
    private static let unreadableLines = 1000
    /// Longest name of a recording in bytes.
    private static let longestName = 255

    private let path: CameraPath
    private let limits: IntakeLimits
    private let pinnedKeys: [String: [UInt8]]
    private let parser = ManifestLineParser()

    /// - Parameters:
    ///   - path: where the manifest lies on the camera.
    ///   - limits: its size, and how many recordings and segments it may list.
    ///   - pinnedKeys: Ed25519 public keys by serial number.
    public init(path: CameraPath, limits: IntakeLimits, pinnedKeys: [String: [UInt8]]) {
        self.path = path
        self.limits = limits
        self.pinnedKeys = pinnedKeys
    }

    /// What the lines said so far.
    private struct State {
        var header: ManifestLine.Header?
        var recordings: [Recording] = []
        var index: [String: Int] = [:]
        var current: String?
        var recordingLines = 0
        var segments = 0
        var lines = 0
        /// Hash of the line before; nil where that line was too long to be hashed.
        var previous: SHA256Digest?
        var isChainWhole = true
        var end: (line: ManifestLine.End, previous: SHA256Digest?)?
        var findings = FindingList()
        var unreadable = 0
    }

    /// Reads `file` from its start to its end. Throws only what is not the camera's fault.
    public func read(_ file: borrowing Descriptor, verify: SignatureVerifier) throws(DockError) -> ReadManifest {
        var state = State()
        var digester = try Digester(.sha256)
        var lines = LineReader(limit: limits.manifestBytes)
        let outcome = try lines.read(file) { line throws(DockError) in
            let goesOn = take(line, &state)
            if line.isTooLong {
                state.previous = nil
            } else {
                try digester.update(line.bytes)
                state.previous = try digester.finishSHA256()
            }
            return goesOn
        }
        if let finding = outcome.finding(path, limit: limits.manifestBytes) { state.findings.add(finding) }
        checkEnd(&state, wasReadToEnd: outcome.end == .complete)
        var manifest = Manifest(
            kind: .bodydock, recordings: state.recordings, digest: outcome.digest, files: [path])
        if let header = state.header { fill(&manifest, from: header, &state) }
        manifest.signature = try signature(manifest.camera, &state, verify)
        return ReadManifest(manifest: manifest, findings: state.findings.findings)
    }

    /// Takes one line; false if reading must stop.
    private func take(_ line: LineReader.Line, _ state: inout State) -> Bool {
        state.lines = line.number
        if state.end != nil {
            state.findings.add(broken(line.number, "it stands after the end line"))
            state.isChainWhole = false
            return false
        }
        if line.isTooLong { return note("it is longer than \(LineReader.longest) bytes", line.number, &state) }
        guard line.isComplete else { return note("it is cut off (no LF at its end)", line.number, &state) }
        switch parser.parse(line.bytes) {
        case .failure(let objection): return note(objection.reason, line.number, &state)
        case .success(let parsed):
            checkChain(parsed, line.number, &state)
            return take(parsed, line.number, &state)
        }
    }

    private func take(_ parsed: ManifestLine, _ number: Int, _ state: inout State) -> Bool {
        if number == 1, parsed.previous != nil {
            state.findings.add(broken(1, "it must have the type 'manifest'"))
        }
        switch parsed {
        case .manifest(let header):
            guard number == 1 else { return note("the type 'manifest' belongs in line 1", number, &state) }
            state.header = header
            guard header.version == 1 else {
                return stop(broken(1, "version \(header.version) is unknown; 1 is known"), &state)
            }
        case .recording(let line): return take(line, number, &state)
        case .segment(let line): return take(line, number, &state)
        case .end(let line): state.end = (line, state.previous)
        }
        return true
    }

    private func take(_ line: ManifestLine.RecordingLine, _ number: Int, _ state: inout State) -> Bool {
        guard Printable.isName(line.name, longest: BodydockManifestReader.longestName) else {
            return note(
                "name: must have 1 to \(BodydockManifestReader.longestName) bytes and no control or format characters",
                number,
                &state)
        }
        guard state.recordings.count < limits.files else { return stop(tooMany("recordings"), &state) }
        state.current = line.name
        state.recordingLines += 1
        guard state.index[line.name] == nil else {
            return note("recording \(line.name) is listed a second time", number, &state)
        }
        state.index[line.name] = state.recordings.count
        state.recordings.append(
            Recording(
                name: line.name, sequence: line.sequence, trigger: line.trigger, preRecord: line.preRecordSeconds,
                warning: line.spokenWarning ?? .unknown, isFlagged: line.flagged ?? false))
        return true
    }

    private func take(_ line: ManifestLine.SegmentLine, _ number: Int, _ state: inout State) -> Bool {
        guard line.bytes >= 0 else { return note("bytes: \(line.bytes) is no size", number, &state) }
        guard line.number >= 1 else { return note("number: counts from 1", number, &state) }
        guard state.segments < limits.files else { return stop(tooMany("segments"), &state) }
        guard let position = position(of: line, number, &state) else { return true }
        state.segments += 1
        state.recordings[position].segments.append(
            ListedSegment(
                path: line.file, bytes: line.bytes, start: line.start, duration: line.duration,
                digest: .sha256(line.sha256), sequence: line.number))
        return true
    }

    /// Where the segment's recording stands. One that is not listed is made up: its segments still have hashes to check.
    private func position(of line: ManifestLine.SegmentLine, _ number: Int, _ state: inout State) -> Int? {
        if let position = state.index[line.recording] {
            if line.recording != state.current {
                state.findings.add(
                    broken(
                        number, "it belongs to recording \(line.recording), whose lines ended before", line.recording))
            }
            return position
        }
        guard Printable.isName(line.recording, longest: BodydockManifestReader.longestName),
            state.recordings.count < limits.files
        else {
            state.unreadable += 1
            state.findings.add(broken(number, "its recording is not listed before it"))
            return nil
        }
        state.findings.add(broken(number, "its recording is not listed before it", line.recording))
        state.current = line.recording
        state.index[line.recording] = state.recordings.count
        state.recordings.append(Recording(name: line.recording))
        return state.recordings.count - 1
    }

    private func checkChain(_ line: ManifestLine, _ number: Int, _ state: inout State) {
        guard let given = line.previous, given != state.previous else { return }
        state.isChainWhole = false
        state.findings.add(
            Finding(
                .chainBroken, recording: state.current, path: path,
                "line \(number) does not follow the line before it: a line was removed, changed or moved"))
    }

    private func checkEnd(_ state: inout State, wasReadToEnd: Bool) {
        guard let (end, _) = state.end else {
            state.isChainWhole = false
            guard wasReadToEnd else { return }
            state.findings.add(
                Finding(
                    .chainBroken, recording: state.current, path: path,
                    "has no end line after line \(state.lines): what the camera wrote after it is unknown"))
            return
        }
        // Where lines could not be read, the counts say nothing new.
        guard state.unreadable == 0, end.recordings != state.recordingLines || end.segments != state.segments else {
            return
        }
        state.isChainWhole = false
        let missing = end.segments.subtractingReportingOverflow(state.segments).partialValue
        state.findings.add(
            Finding(
                .chainBroken, path: path, missing: missing > 0 ? .items(missing) : nil,
                "its end line counts \(end.recordings) recordings and \(end.segments) segments; "
                    + "\(state.recordingLines) and \(state.segments) stand in it"))
    }

    private func fill(_ manifest: inout Manifest, from header: ManifestLine.Header, _ state: inout State) {
        func checked(_ text: String?, _ member: String) -> String? {
            guard let text else { return nil }
            if Printable.isName(text, longest: 128) { return text }
            state.findings.add(broken(1, "\(member): must have 1 to 128 bytes and no control or format characters"))
            return nil
        }
        let model = checked(header.device.model, "device.model")
        let firmware = checked(header.device.firmware, "device.firmware")
        if CameraIdentity.isName(header.device.serial) {
            manifest.camera = CameraIdentity(
                serial: header.device.serial, source: .manifest, model: model, firmware: firmware)
        } else {
            state.findings.add(broken(1, "device.serial: must be 1 to 64 of A-Z a-z 0-9 . _ - and not begin with '.'"))
        }
        if let wearer = header.wearer, CameraIdentity.isName(wearer) {
            manifest.wearer = wearer
        } else {
            let reason =
                header.wearer == nil ? "names no wearer" : "names a wearer that is not 1 to 64 of A-Z a-z 0-9 . _ -"
            state.findings.add(Finding(.wearerUnknown, path: path, reason))
        }
        manifest.cameraClock = header.clock
        if let battery = header.battery, !(0...100).contains(battery) {
            state.findings.add(broken(1, "battery: \(battery) is not 0 to 100 percent"))
        } else {
            manifest.battery = header.battery
        }
    }

    private func signature(
        _ camera: CameraIdentity?, _ state: inout State, _ verify: SignatureVerifier
    ) throws(DockError) -> Manifest.Signature {
        guard let serial = camera?.serial, let key = pinnedKeys[serial] else {
            return state.end?.line.signature == nil ? .absent : .unpinned
        }
        let objection: String?
        if !state.isChainWhole || state.unreadable > 0 {
            objection = "the chain is broken, so that the signature does not cover what was read"
        } else if let (end, previous) = state.end, let previous {
            let text = ManifestSignature.text(
                serial: serial, previous: previous, recordings: end.recordings, segments: end.segments)
            objection = try ManifestSignature.objection(to: end.signature, over: text, key: key, verify: verify)
        } else {
            objection = "the line before the end line could not be read"
        }
        guard let objection else { return .valid }
        state.findings.add(Finding(.signatureInvalid, path: path, objection))
        return .invalid
    }

    private func broken(_ line: Int, _ reason: String, _ recording: String? = nil) -> Finding {
        Finding(.manifestBroken, recording: recording, path: path, "line \(line): \(reason)")
    }

    private func tooMany(_ what: String) -> Finding {
        Finding(.limitExceeded, path: path, "lists more than \(limits.files) \(what); the rest was not read")
    }

    /// Notes a line that cannot be used; false once there were too many of them.
    private func note(_ reason: String, _ line: Int, _ state: inout State) -> Bool {
        state.findings.add(broken(line, reason))
        state.unreadable += 1
        guard state.unreadable >= BodydockManifestReader.unreadableLines else { return true }
        return stop(
            Finding(.limitExceeded, path: path, "\(state.unreadable) lines cannot be read; the rest was not read"),
            &state)
    }

    private func stop(_ finding: Finding, _ state: inout State) -> Bool {
        state.findings.add(finding)
        state.isChainWhole = false
        return false
    }
}
