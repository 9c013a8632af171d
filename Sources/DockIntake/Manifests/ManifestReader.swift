import DockCore
import DockSystem

/// Reads whichever manifest a camera's profile says it writes.
public struct ManifestReader {
    private let profile: CameraProfile
    private let limits: IntakeLimits
    private let pinnedKeys: [String: [UInt8]]

    /// - Parameters:
    ///   - profile: the kind of camera.
    ///   - limits: how much is read at most.
    ///   - pinnedKeys: Ed25519 public keys by serial number.
    public init(profile: CameraProfile, limits: IntakeLimits, pinnedKeys: [String: [UInt8]]) {
        self.profile = profile
        self.limits = limits
        self.pinnedKeys = pinnedKeys
    }

    /// Reads the manifest of a camera.
    ///
    /// Where the profile demands a manifest that is not there, recordings are built from the names of the footage (kind
    /// ``Manifest/Kind/none``); ``Inspection`` then says that it is missing.
    /// - Parameters:
    ///   - files: every regular file on the volume, in any order.
    ///   - open: opens one of them for reading, without leaving the volume.
    ///   - verify: checks a signature.
    /// - Throws: ``DockError/Code/disconnected`` from `open`, and what is not the camera's fault. All else is a finding.
    public func read(
        _ files: [CameraFile], open: (CameraPath) throws(DockError) -> Descriptor, verify: SignatureVerifier
    ) throws(DockError) -> ReadManifest {
        switch profile.manifest {
        case .none: return fromNames(files)
        case .sidecar: return try fromSidecars(files, open)
        case .bodydock(let path):
            guard let place = locate(path, in: files) else { return fromNames(files) }
            return try reading(place, .bodydock, open) { file throws(DockError) in
                try BodydockManifestReader(path: place, limits: limits, pinnedKeys: pinnedKeys).read(
                    file, verify: verify)
            }
        case .sums(let path):
            guard let place = locate(path, in: files) else { return fromNames(files) }
            return try reading(place, .sums, open) { file throws(DockError) in
                try SumsReader(path: place, limits: limits, pattern: profile.fileName).read(file)
            }
        }
    }

    /// The file with this name; else the one that differs from it only by case, as on FAT volumes.
    private func locate(_ path: CameraPath, in files: [CameraFile]) -> CameraPath? {
        let folded = path.folded
        let candidates = files.lazy.map(\.path).filter { $0.bytes.count == folded.count && $0.folded == folded }
            .sorted()
        return candidates.contains(path) ? path : candidates.first
    }

    private func reading(
        _ path: CameraPath, _ kind: Manifest.Kind, _ open: (CameraPath) throws(DockError) -> Descriptor,
        _ read: (borrowing Descriptor) throws(DockError) -> ReadManifest
    ) throws(DockError) -> ReadManifest {
        let file: Descriptor
        do {
            file = try open(path)
        } catch {
            if error.code == .disconnected { throw error }
            return ReadManifest(
                manifest: Manifest(kind: kind, files: [path]),
                findings: [Finding(.readFailed, path: path, "the manifest cannot be opened: \(error.why)")])
        }
        return try read(file)
    }

    private func fromNames(_ files: [CameraFile]) -> ReadManifest {
        let footage = files.filter { profile.isFootage($0.path) && !profile.preserves($0.path) }
        let named = RecordingsByName(footage.map { ListedSegment(path: $0.path) }, pattern: profile.fileName)
        return ReadManifest(
            manifest: Manifest(kind: .none, camera: named.camera, wearer: named.wearer, recordings: named.recordings),
            findings: named.listed)
    }

    private func fromSidecars(
        _ files: [CameraFile], _ open: (CameraPath) throws(DockError) -> Descriptor
    ) throws(DockError) -> ReadManifest {
        var findings = FindingList()
        var digests: [CameraPath: ExpectedDigest?] = [:]
        for file in files where profile.isFootage(file.path) && !profile.preserves(file.path) {
            digests[file.path] = .some(nil)
        }
        // SHA-256 says more than MD5, so it is read last and wins.
        let sidecars = files.compactMap { file in
            SidecarReader.subject(of: file.path).map { (sidecar: file.path, subject: $0.file, function: $0.function) }
        }.filter { profile.isFootage($0.subject) && !profile.preserves($0.sidecar) }
            .sorted { ($0.function == .md5 ? 0 : 1, $0.sidecar) < ($1.function == .md5 ? 0 : 1, $1.sidecar) }
        for (sidecar, subject, function) in sidecars {
            do throws(DockError) {
                let file = try open(sidecar)
                digests[subject] = try SidecarReader.read(file, of: subject, function, at: sidecar)
            } catch {
                if error.code == .disconnected { throw error }
                // A sidecar that cannot be read still says that its file should be there.
                if digests[subject] == nil { digests[subject] = .some(nil) }
                findings.add(
                    Finding(error.code == .malformed ? .manifestBroken : .readFailed, path: sidecar, error.why))
            }
        }
        let named = RecordingsByName(
            digests.map { ListedSegment(path: $0.key, digest: $0.value) }, pattern: profile.fileName)
        findings.add(named.findings)
        return ReadManifest(
            manifest: Manifest(
                kind: .sidecar, camera: named.camera, wearer: named.wearer, recordings: named.recordings,
                files: sidecars.map(\.sidecar).sorted()),
            findings: findings.findings)
    }
}

extension RecordingsByName {
    fileprivate var listed: [Finding] {
        var list = FindingList()
        list.add(findings)
        return list.findings
    }
}
