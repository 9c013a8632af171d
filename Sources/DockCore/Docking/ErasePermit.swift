/// A file that may be erased: exactly this file, in exactly this state.
public struct ErasableFile: Hashable, Sendable {
    /// Where it lies.
    public let path: CameraPath
    /// Which file it is, as it was when it was read.
    public let identity: FileIdentity
    /// Why it was taken in.
    public let role: PlannedSegment.Role
    /// SHA-256 of the bytes that the receipts cover.
    public let sha256: SHA256Digest
}

/// The only way to an erase. Only ``Docking`` makes one, out of the receipts for every segment read in that docking.
public struct ErasePermit: Sendable {
    /// The docking that it was made in.
    public let docking: String
    /// Serial number of the camera.
    public let camera: String
    /// The vaults that hold every one of the files.
    public let vaults: [String]
    /// What may be erased, in the order to erase: footage first, the manifest's own files last, so that an interrupted
    /// erase can still be recognised for what it is.
    public let files: [ErasableFile]

    init(docking: String, camera: String, vaults: [String], files: [ErasableFile]) {
        self.docking = docking
        self.camera = camera
        self.vaults = vaults
        self.files = files
    }

    /// Sizes of all files together, in bytes.
    public var bytes: Int64 { files.reduce(0) { $0 + $1.identity.size } }
}
