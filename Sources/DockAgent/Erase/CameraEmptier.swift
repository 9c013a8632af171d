import DockCore
import DockIntake

/// What an erase did.
struct Emptied: Sendable {
    /// Files of the permit that are gone.
    var erased: Int
    /// Files that were left, with reasons.
    var left: [LeftFile]
    /// What was done to the whole volume; nil where only files were deleted.
    var certificate: ErasureCertificate?
}

/// Empties a camera under a permit.
protocol CameraEmptier: Sendable {
    /// Erases what `permit` covers, and nothing else. Everything that the permit justifies beyond the deletion of its files is
    /// written down with `record`, durably, before it is begun.
    /// - Throws: the erase broke off; nobody can say how far it came.
    func empty(
        _ permit: ErasePermit, record: (LedgerEvent) throws(DockError) -> Void,
        progress: @escaping @Sendable (WorkProgress) -> Void
    ) throws(DockError) -> Emptied
}

/// Deletes the files of a camera that is a folder, or that somebody else has mounted.
struct FolderEmptier: CameraEmptier {
    let camera: OpenCamera

    func empty(
        _ permit: ErasePermit, record: (LedgerEvent) throws(DockError) -> Void,
        progress: @escaping @Sendable (WorkProgress) -> Void
    ) throws(DockError) -> Emptied {
        let report = try FileEraser.erase(permit, on: camera.volume, limits: camera.limits) { files in
            progress(WorkProgress(bytes: Int64(files), total: Int64(permit.files.count)))
        }
        return Emptied(erased: report.erased, left: report.left)
    }
}
