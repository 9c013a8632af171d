import DockCore

/// By what an entry is looked up: columns beside its body, made from its event alone.
struct EntryKeys: Equatable {
    var kind: LedgerEvent.Kind
    var docking: String
    var camera: String
    var path: String?
    /// SHA-256 of the plaintext.
    var content: SHA256Digest?
    /// Size of the plaintext in bytes, for sealings.
    var bytes: Int64?
    /// The file's time of change, nanoseconds since 1970, for sealings.
    var modified: Int64?
    var sealing: String?
    var vault: String?

    init(_ event: LedgerEvent) {
        kind = event.kind
        switch event {
        case .dockingStarted(let value): (docking, camera) = (value.docking, value.camera.serial)
        case .finding(let value): (docking, camera) = (value.docking, value.camera)
        case .sealed(let value):
            (docking, camera, path) = (value.docking, value.camera, value.path.description)
            (content, bytes) = (value.sealed.plaintext, value.sealed.plaintextBytes)
            (modified, sealing) = (value.modified, value.sealed.id)
        case .verified(let value):
            (docking, camera, path) = (value.docking, value.camera, value.path.description)
            (content, sealing) = (value.sha256, value.sealing)
        case .receipt(let value):
            (docking, camera) = (value.docking, value.camera)
            (sealing, vault) = (value.receipt.sealing, value.receipt.vault)
        case .erasePermitted(let value): (docking, camera) = (value.docking, value.camera)
        case .erased(let value): (docking, camera) = (value.docking, value.camera)
        case .dockingEnded(let value): (docking, camera) = (value.docking, value.camera)
        case .dockingPaused(let value): (docking, camera) = (value.docking, value.camera)
        case .dockingResumed(let value): (docking, camera) = (value.docking, value.camera)
        case .deviceRefused(let value): (docking, camera) = ("", value.camera ?? "")
        case .clockMeasured(let value): (docking, camera) = (value.docking, value.camera)
        case .formatBegan(let value): (docking, camera) = (value.docking, value.camera)
        case .certificate(let value): (docking, camera) = (value.docking, value.camera)
        case .provisioned(let value): (docking, camera) = (value.docking, value.camera)
        case .released(let value): (docking, camera) = (value.docking, value.camera)
        case .nightChecked(let value): (docking, camera, vault) = ("", "", value.vault)
        case .nightEnded: (docking, camera) = ("", "")
        case .recordings(let value): (docking, camera) = (value.docking, value.camera)
        case .taken(let value): (docking, camera) = (value.docking, value.camera)
        case .shiftReported, .alarm: (docking, camera) = ("", "")
        case .holdAdded(let value): (docking, camera) = ("", value.camera)
        case .holdRemoved(let value): (docking, camera) = ("", value.camera)
        case .holdPlaced(let value):
            (docking, camera) = ("", value.camera)
            (sealing, vault) = (value.sealing, value.vault)
        case .destructionPermitted(let value):
            (docking, camera) = (value.docking, value.camera)
            (sealing, vault) = (value.sealing, value.vault)
        case .objectDestroyed(let value):
            (docking, camera) = (value.docking, value.camera)
            (sealing, vault) = (value.sealing, value.vault)
        case .destructionRecorded: (docking, camera) = ("", "")
        case .checkpointSigned, .checkpointStamped, .keyAdopted, .keyRevoked, .recipientsChanged:
            (docking, camera) = ("", "")
        case .coverage(let value): (docking, camera) = (value.docking, value.camera)
        case .custody(let value): (docking, camera) = (value.docking, value.camera)
        case .disclosed(let value): (docking, camera) = (value.docking, value.camera)
        }
    }
}
