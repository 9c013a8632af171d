import DockCore
import DockDevices
import DockIntake
import DockLedger
import DockSeal
import DockSystem

/// A camera that was listed, recognised and compared with its manifest; its volume is open.
struct OpenCamera: Sendable {
    let volume: Volume
    let profile: CameraProfile
    let identity: CameraIdentity
    let wearer: String?
    let manifest: Manifest
    let listing: [CameraFile]
    let plan: [PlannedSegment]
    let findings: [Finding]
    let limits: IntakeLimits
}
