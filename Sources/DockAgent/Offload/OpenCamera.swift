import DockCore
import DockIntake

/// A camera that was listed, recognised and compared with its manifest; its volume is open.
struct OpenCamera: Sendable {
    let volume: Volume
    let profile: CameraProfile
    let identity: CameraIdentity
    let wearer: String?
    let manifest: Manifest
    let listing: VolumeListing
    let plan: [PlannedSegment]
    var findings: [Finding]
    let limits: IntakeLimits

    /// What the ledger is told at the start.
    func start(docking: String, agent: String, source: String, _ configuration: Configuration) -> DockingStarted {
        DockingStarted(
            docking: docking, dock: configuration.dock, agent: agent, camera: identity, profile: profile.name,
            source: source, wearer: wearer, team: configuration.team(ofCamera: identity.serial)?.name,
            manifest: manifest.kind, manifestDigest: manifest.digest, signature: manifest.signature,
            cameraClock: manifest.cameraClock, battery: manifest.battery, segments: plan.count,
            bytes: plan.reduce(0) { $0 &+ $1.file.identity.size })
    }

    /// What the ledger is told of the recordings that the camera lists; nothing if it lists none.
    func recordings(of docking: String) -> [LedgerEvent] {
        guard !manifest.recordings.isEmpty else { return [] }
        return [.recordings(RecordingsListed(docking: docking, camera: identity.serial, manifest.recordings))]
    }

    /// Lists the camera again; what differs from the first listing holds it. A camera that was pulled can read as empty
    /// without an error, so it is also asked whether it is still there.
    func relist() -> [Finding] {
        do {
            let again = try volume.list(limits: limits)
            guard volume.isPresent() else {
                return [Finding(.cameraGone, holds: true, "the camera was pulled before the docking ended")]
            }
            return ListingDifference(from: listing.files, to: again.files).finding.map { [$0] } ?? []
        } catch  where error.code == .disconnected {
            return [Finding(.cameraGone, holds: true, error.description)]
        } catch {
            return [Finding(.listingChanged, holds: true, "the camera cannot be listed again: \(error.description)")]
        }
    }
}
