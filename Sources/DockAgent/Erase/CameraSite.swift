import DockCore
import DockDevices
import DockSystem

/// Where a camera is: its block device, its medium, and where it is mounted while it is worked on.
struct CameraSite: Sendable {
    let resources: DockResources
    let node: BlockNode
    let medium: Medium
    /// Where it is mounted.
    let folder: String
    /// Whether the agent stops.
    let shouldStop: @Sendable () -> Bool

    func mount(_ access: CameraMount.Access) throws(DockError) -> CameraMount {
        try CameraMount(node: node, kind: medium.fileSystem.kind, at: folder, access: access)
    }

    /// The step was broken off because the agent stops; the next start takes it up again.
    func stopped(_ what: String) -> DockError {
        DockError(
            .stopped, what, at: node.path, because: "the agent was stopped",
            next: "it is taken up again when the agent is started", isPassing: true)
    }
}

/// What a profile wants to be written to a camera, with its fields filled in when that is done.
struct Provision: Sendable {
    let files: [ProvisionedFile]
    let value: @Sendable (ProvisionText.Field) -> String

    /// The content of each file, now.
    func contents() -> [(path: CameraPath, content: [UInt8])] {
        files.map { ($0.path, Array($0.text.filled(value).utf8)) }
    }

    /// Whether a file sets the camera's clock.
    var setsClock: Bool { files.contains { $0.text.tellsTime } }
}
