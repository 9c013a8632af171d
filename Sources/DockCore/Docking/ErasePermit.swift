/// One file that may be erased: exactly this file, with exactly this content.
public struct ErasableFile: Sendable, Hashable {
    /// Where it lies on the camera.
    public let path: CameraPath
    /// Which file it was, in which state, at the end of the read.
    public let identity: FileIdentity
    /// Why it was taken in.
    public let role: PlannedSegment.Role
    /// SHA-256 of the bytes that were read from it, and that the receipts cover.
    public let sha256: SHA256Digest

    init(path: CameraPath, identity: FileIdentity, role: PlannedSegment.Role, sha256: SHA256Digest) {
        self.path = path
        self.identity = identity
        self.role = role
        self.sha256 = sha256
    }
}

/// The leave to erase files of a camera. Only DockCore can make one, out of the receipts; there is no other way to erase.
public struct ErasePermit: Sendable {
    /// The docking that it was given in; it is worth nothing in another.
    public let docking: String
    /// Serial number of the camera.
    public let camera: String
    /// What may be erased, in this order: footage first, the files of the manifest last.
    public let files: [ErasableFile]

    init(docking: String, camera: String, files: [ErasableFile]) {
        self.docking = docking
        self.camera = camera
        self.files = files
    }
}
