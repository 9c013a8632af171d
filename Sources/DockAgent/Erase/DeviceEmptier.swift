import DockCore
import DockDevices
import DockIntake
import DockSystem

/// Empties a camera whose block device is ours: its files, then its blocks if the policy says so, then a new file system with
/// what belongs to the camera and what its profile wants to be there.
struct DeviceEmptier: CameraEmptier {
    let site: CameraSite
    let camera: OpenCamera
    let mount: CameraMount
    /// How blocks are emptied.
    let method: EraseMethod
    /// A volume on which nothing is to be erased is left as it is, unless it is to be emptied deeply.
    let isDeep: Bool
    /// An erase of this camera broke off before its end: it is finished, with its certificate, even if no file is left.
    let wasCutOff: Bool
    let provision: Provision

    func empty(
        _ permit: ErasePermit, record: (LedgerEvent) throws(DockError) -> Void,
        progress: @escaping @Sendable (WorkProgress) -> Void
    ) throws(DockError) -> Emptied {
        guard isDeep || wasCutOff || !permit.files.isEmpty else { return Emptied(erased: 0, left: []) }
        let began = site.resources.clock()
        let keepsakes = try collect()
        if method == .delete || keepsakes == nil {
            let report = try deleteFiles(permit, progress)
            guard report.leftCount == 0 else { return Emptied(erased: report.erased, left: report.left) }
            if keepsakes == nil {
                return Emptied(erased: report.erased, left: [], certificate: deleted(permit, began))
            }
        }
        guard let saved = keepsakes else { return Emptied(erased: 0, left: []) }
        let format = try permitFormat(permit, saved)
        try KeepsakeFile(state: site.resources.configuration.state, docking: permit.docking).save(saved)
        try record(.formatBegan(format.began))
        let certificate = try VolumeFormat(site: site, permit: format, keepsakes: saved, provision: provision)
            .run(record: record, progress: progress)
        return Emptied(erased: permit.files.count, left: [], certificate: certificate)
    }

    /// What belongs to the camera; nil if it is too much to be saved, or the volume takes no marker: then the camera keeps its file
    /// system, and the footage is deleted file by file.
    private func collect() throws(DockError) -> Keepsakes? {
        guard EraseMarker.place(onVolumeOf: site.medium.bytes) != nil else { return nil }
        let listing = try camera.volume.list(limits: camera.limits)
        do throws(DockError) {
            return try Keepsakes(of: listing, on: camera.volume, profile: camera.profile)
        } catch  where error.code == .limit {
            return nil
        }
    }

    /// Deletes the files one by one, under a mount for writing; each is looked at again before.
    private func deleteFiles(
        _ permit: ErasePermit, _ progress: @escaping @Sendable (WorkProgress) -> Void
    ) throws(DockError) -> ErasureReport {
        try release()
        let writable = try site.mount(.readWrite)
        let volume = try Volume(writable.folder)
        let report: ErasureReport
        do throws(DockError) {
            report = try FileEraser.erase(permit, on: volume, limits: camera.limits) { files in
                progress(WorkProgress(bytes: Int64(files), total: Int64(permit.files.count)))
            }
            try volume.letGo()
        } catch {
            try volume.letGo()
            throw error
        }
        try writable.unmount()
        return report
    }

    /// The last look before the first block is touched: under a read-only mount, every file must be covered or saved.
    private func permitFormat(_ permit: ErasePermit, _ saved: Keepsakes) throws(DockError) -> FormatPermit {
        try release()
        let last = try site.mount(.readOnly)
        let volume = try Volume(last.folder)
        let result: Result<VolumeListing, DockError> = Result { () throws(DockError) in
            try volume.list(limits: camera.limits)
        }
        try volume.letGo()
        try last.unmount()
        let listing = try result.get()
        guard listing.isComplete, listing.findings.isEmpty else {
            throw refusal(listing.findings.first?.description ?? "not everything on it could be listed")
        }
        let marker = Hex.encode(try Randomness.bytes(16))
        switch permit.format(
            listing: listing.files, saved: saved.paths, medium: site.medium, method: method, marker: marker,
            at: site.resources.clock())
        {
        case .success(let format): return format
        case .failure(let objection): throw refusal(objection.reason)
        }
    }

    /// Lets go of the mount that the camera was read under.
    private func release() throws(DockError) {
        try camera.volume.letGo()
        try mount.unmount()
    }

    private func deleted(_ permit: ErasePermit, _ began: Instant) -> ErasureCertificate {
        ErasureCertificate(
            docking: permit.docking, camera: permit.camera, dock: site.resources.configuration.dock,
            agent: "bodydock \(Offload.version)", medium: site.medium, method: .delete,
            wanted: method == .delete ? nil : method, newFileSystem: false, level: .none,
            verification: ErasureCertificate.Verification(
                method: "the volume was listed again: every file is gone", bytesRead: 0),
            files: permit.files.count, began: began, ended: site.resources.clock(),
            notes: [
                "no new file system: what belongs to the camera is too much to be put back, or the volume too small"
            ])
    }

    private func refusal(_ why: String) -> DockError {
        DockError(
            .conflict, "cannot give the camera a new file system", at: site.node.path, because: why,
            next: "everything that was read has its receipts; inspect the camera, then dock it again")
    }
}
