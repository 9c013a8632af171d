import DockCore
import DockDevices
import DockIntake
import DockLedger
import DockSeal
import DockSystem

/// Opens a camera: lists it, recognises it, reads its manifest, and compares both.
struct CameraIntake {
    let resources: DockResources
    let now: Instant
    /// The USB model that the camera shows; nil for a folder.
    var usb: USBModel?
    /// The latest docking of a camera on this medium, if there was one.
    var known: DockingStarted?

    private var configuration: Configuration { resources.configuration }
    private var profiles: [CameraProfile] { resources.profiles }
    private var ledger: Ledger { resources.ledger }

    /// Looks at the camera mounted at `path`. Nothing on it is changed.
    /// - Throws: where the camera cannot be told from something that is no camera, or is gone.
    func open(_ path: String) throws(DockError) -> OpenCamera {
        let volume = try Volume(path)
        let listing = try volume.list(limits: configuration.limits)
        if let emptied = try emptied(volume, listing) { return emptied }
        guard let profile = ProfileRecognition.recognise(listing, profiles: profiles, usb: usb) else {
            throw unrecognised(volume, listing)
        }
        let reader = ManifestReader(
            profile: profile, limits: configuration.limits, pinnedKeys: configuration.pinnedKeys)
        let read = try reader.read(
            listing.files, open: { path throws(DockError) in try volume.openFile(path) },
            verify: { signature, message, key throws(DockError) in
                try SigningKey.verify(signature, of: message, by: key)
            })
        let resolution = try identify(volume, listing, profile, read.manifest)
        let serial = resolution.camera.serial
        let interrupted = Set(try ledger.pathsOfInterruptedErase(camera: serial))
        let inspection = Inspection(
            of: read.manifest, files: listing.files, profile: profile, now: now, namesErasedEarlier: Array(interrupted),
            erasedEarlier: { path, expected in wasErased(serial, path, expected, interrupted) })
        let lostManifest = try lostManifest(serial, read.manifest, isEmpty: inspection.plan.isEmpty)
        guard volume.isPresent() else { throw gone(volume) }
        return OpenCamera(
            volume: volume, profile: profile, identity: resolution.camera, wearer: resolution.wearer,
            manifest: read.manifest,
            listing: listing, plan: inspection.plan,
            findings: listing.findings + read.findings + resolution.findings + inspection.findings + lostManifest,
            limits: configuration.limits)
    }

    /// A camera that this dock emptied has lost its manifest with its footage; its medium tells who it is. Only if nothing lies
    /// there but what belongs to the camera.
    private func emptied(_ volume: Volume, _ listing: VolumeListing) throws(DockError) -> OpenCamera? {
        guard let known, let profile = profiles.first(where: { $0.name == known.profile }), listing.isComplete,
            listing.findings.isEmpty, listing.files.allSatisfy({ profile.preserves($0.path) })
        else { return nil }
        guard volume.isPresent() else { throw gone(volume) }
        return OpenCamera(
            volume: volume, profile: profile,
            identity: CameraIdentity(serial: known.camera.serial, source: .knownMedium),
            wearer: known.wearer, manifest: Manifest(kind: .none, recordings: []), listing: listing, plan: [],
            findings: [], limits: configuration.limits)
    }

    private func identify(
        _ volume: Volume, _ listing: VolumeListing, _ profile: CameraProfile, _ manifest: Manifest
    ) throws(DockError) -> IdentityResolution {
        let system = try FileSystemIdentity.of(volume.path)
        // Label and UUID name the camera only if the camera is the whole volume, not a folder of the dock's own disk.
        let isWholeVolume = system.mountPoint == volume.path
        let serialFile = try profile.serialFile.flatMap { listing.file(at: $0) }.map { file throws(DockError) in
            try volume.content(of: file, limit: 4096)
        }
        return IdentityResolution(
            IdentityEvidence(
                manifest: manifest, profile: profile, listing: listing, serialFile: serialFile,
                volumeLabel: isWholeVolume ? system.label : nil, volumeUUID: isWholeVolume ? system.uuid : nil,
                folderName: volume.path.split(separator: "/").last.map(String.init) ?? "camera"))
    }

    /// A camera that wrote a manifest when it was last here and now shows footage without one is not quietly taken for a
    /// simpler kind of camera.
    private func lostManifest(_ serial: String, _ manifest: Manifest, isEmpty: Bool) throws(DockError) -> [Finding] {
        guard manifest.kind == .none, !isEmpty, let latest = try ledger.latestDocking(camera: serial),
            latest.manifest != .none
        else { return [] }
        return [
            Finding(
                .manifestMissing,
                "this camera wrote a manifest (\(latest.manifest.rawValue)) in docking \(latest.docking), and has none now"
            )
        ]
    }

    /// Whether an earlier permit explains that a listed file is not there. Cameras use names again, so without a SHA-256
    /// only the files of an erase that broke off count. That the ledger cannot be read means that nothing is known.
    private func wasErased(
        _ serial: String, _ path: CameraPath, _ expected: ExpectedDigest?, _ interrupted: Set<CameraPath>
    ) -> Bool {
        guard case .sha256? = expected else { return interrupted.contains(path) }
        do {
            return try ledger.wasErasedUnderPermit(camera: serial, path: path, expected: expected)
        } catch {
            return false
        }
    }

    private func unrecognised(_ volume: Volume, _ listing: VolumeListing) -> DockError {
        let trouble = listing.findings.first.map { "; what lies there is not all known: \($0)" } ?? ""
        return DockError(
            .notFound, "cannot take in a camera", at: volume.path,
            because:
                "no camera profile matches what lies there (tried: \(profiles.map(\.name).joined(separator: ", ")))\(trouble)",
            next: "check that the camera is mounted there; for a new kind of camera write a profile (docs/profiles.md)")
    }

    private func gone(_ volume: Volume) -> DockError {
        DockError(
            .disconnected, "cannot take in a camera", at: volume.path, because: "it was pulled while it was looked at",
            next: "dock it again; nothing on it was changed")
    }
}
