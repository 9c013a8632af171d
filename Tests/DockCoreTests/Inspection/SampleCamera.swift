import DockCore

/// A camera on which everything is as it should be, to be broken by a test in one way.
struct SampleCamera {
    var manifest: Manifest
    var files: [CameraFile]
    var profile: CameraProfile
    var now = sampleTime("2026-10-01T17:00:00Z")
    var erased: [CameraPath] = []
    var namesErased: [CameraPath] = []

    /// Three recordings of three segments of 60 s, with 30 s of pre-record, one every hour.
    init(recordings: Int = 3, segments: Int = 3) {
        let manifestPath = samplePath("BODYDOCK/manifest.jsonl")
        profile = .sample(manifest: .bodydock(manifestPath))
        files = [sampleFile(manifestPath, bytes: 900)]
        manifest = Manifest(
            kind: .bodydock, camera: CameraIdentity(serial: "BWC0042", source: .manifest), wearer: "004711",
            cameraClock: sampleTime("2026-10-01T16:30:12Z"), battery: 83, files: [manifestPath])
        let day = sampleTime("2026-10-01T08:00:00Z")
        for number in 0..<recordings {
            let start = day.adding(seconds: Double(number) * Double(max(3600, segments * 60 + 60)))
            var recording = Recording(
                name: "R\(17 + number)", sequence: UInt64(17 + number), trigger: start.adding(seconds: 30),
                preRecord: 30,
                warning: .before)
            for part in 0..<segments {
                let listed = ListedSegment(
                    path: samplePath("DCIM/100MEDIA/R\(17 + number)_\(part + 1).MP4"), bytes: 1000 + Int64(part),
                    start: start.adding(seconds: Double(part) * 60), duration: 60,
                    digest: .sha256(sampleDigest(UInt8(truncatingIfNeeded: part))), sequence: UInt64(part + 1))
                recording.segments.append(listed)
                files.append(sampleFile(listed.path, bytes: 1000 + Int64(part)))
            }
            manifest.recordings.append(recording)
        }
        if recordings > 10 { now = day.adding(seconds: Double(recordings) * 40_000) }
    }

    /// A camera without any manifest: recordings as the names say, `numbers` in each.
    init(pattern: String, names: [String: [UInt64]]) throws {
        profile = .sample(manifest: .none, fileName: try FileNamePattern.parse(pattern).get())
        files = []
        manifest = Manifest(kind: .none)
        for (name, numbers) in names.sorted(by: { $0.key < $1.key }) {
            var recording = Recording(name: name)
            for number in numbers {
                let digits = String(number)
                let place = samplePath("DCIM/\(name)_\(String(repeating: "0", count: 4 - digits.count))\(digits).MP4")
                recording.segments.append(ListedSegment(path: place, sequence: number))
                files.append(sampleFile(place, bytes: 5))
            }
            manifest.recordings.append(recording)
        }
    }

    func inspect() -> Inspection {
        Inspection(of: manifest, files: files, profile: profile, now: now, namesErasedEarlier: namesErased) { path, _ in
            erased.contains(path)
        }
    }

    /// Findings without their message, to compare.
    var findings: [Finding] {
        inspect().findings.map { finding in
            var finding = finding
            finding.message = ""
            return finding
        }
    }
}

func samplePath(_ text: String) -> CameraPath {
    do { return try CameraPath(text) } catch { fatalError("a test names an impossible path: \(error)") }
}

func sampleTime(_ text: String) -> Instant {
    guard let instant = Instant(rfc3339: text) else { fatalError("a test names an impossible time: \(text)") }
    return instant
}

func sampleDigest(_ byte: UInt8) -> SHA256Digest {
    guard let digest = SHA256Digest(bytes: [UInt8](repeating: byte, count: 32)) else {
        fatalError("32 bytes are a digest")
    }
    return digest
}

func sampleFile(_ path: CameraPath, bytes: Int64) -> CameraFile {
    CameraFile(path: path, identity: FileIdentity(device: 1, inode: UInt64(path.bytes.count), size: bytes, modified: 0))
}

extension CameraProfile {
    static func sample(
        manifest: ManifestSource, fileName: FileNamePattern? = nil, preserve: [CameraPath] = [],
        serialFile: CameraPath? = nil
    ) -> CameraProfile {
        CameraProfile(
            name: "sample", summary: "", priority: 0, requiredPaths: [], requiresMatchingName: false,
            manifest: manifest,
            footageFolders: [samplePath("DCIM")], footageExtensions: ["mp4"], fileName: fileName,
            serialFile: serialFile,
            preserve: preserve)
    }
}

extension Finding {
    /// A finding as ``SampleCamera/findings`` gives it.
    static func plain(
        _ code: Code, _ recording: String? = nil, _ place: String? = nil, _ missing: Loss? = nil, holds: Bool
    ) -> Finding {
        Finding(code, recording: recording, path: place.map { samplePath($0) }, missing: missing, holds: holds, "")
    }
}
