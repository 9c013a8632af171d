import DockCore
import DockDevices
import DockIntake
import DockSystem

/// What lies on a medium whose erase broke off. The plug was pulled since then, and the camera may have been used: the erase may
/// go on only over what it left itself, and over footage that its permit covered.
struct EraseRemains {
    let site: CameraSite
    /// The file system that is on it now; nil if there is none.
    let facts: FileSystemFacts?
    /// The file system that udev sees.
    let seenType: String?
    let began: FormatBegan
    let keepsakes: Keepsakes
    /// Paths that the profile provisions; case does not count.
    let provisioned: Set<[UInt8]>

    /// Types that the erase itself leaves.
    private static let ownTypes: Set<String> = ["vfat", "exfat", "ext2", "ext3", "ext4"]

    /// Whether nothing else lies there. When in doubt, something does.
    func areAlone() throws(DockError) -> Bool {
        guard let facts else {
            // Without a file system nobody recorded on it, unless it is one that is not known here.
            return seenType.map { EraseRemains.ownTypes.contains($0) } ?? true
        }
        if facts.kind == .exfat, try RootFolder.isMissing(from: BlockVolume.open(site.node, forWriting: false)) {
            return true
        }
        var medium = site.medium
        medium.fileSystem = facts
        let mounted = CameraSite(
            resources: site.resources, node: site.node, medium: medium, folder: site.folder,
            shouldStop: site.shouldStop)
        let mount: CameraMount
        do throws(DockError) { mount = try mounted.mount(.readOnly) } catch  where error.code == .malformed {
            return false
        }
        let volume = try Volume(mount.folder)
        let result: Result<Bool, DockError> = Result { () throws(DockError) in try lookAt(volume) }
        try volume.letGo()
        try mount.unmount()
        return try result.get()
    }

    private func lookAt(_ volume: Volume) throws(DockError) -> Bool {
        let listing = try volume.list(limits: site.resources.configuration.limits)
        guard volume.isPresent(), listing.isComplete, listing.findings.isEmpty else { return false }
        for file in listing.files where try !isOurs(file, volume) { return false }
        return true
    }

    private func isOurs(_ file: CameraFile, _ volume: Volume) throws(DockError) -> Bool {
        let path = file.path.folded
        if provisioned.contains(path) || isUnfinished(path) { return true }
        if let saved = keepsakes.files.first(where: { $0.path.folded == path }) {
            guard saved.content.count == file.identity.size else { return false }
            return try volume.content(of: file, limit: Keepsakes.mostBytes) == saved.content
        }
        return try wasCovered(file)
    }

    /// Whether it is a file that was being put back.
    private func isUnfinished(_ path: [UInt8]) -> Bool {
        let suffix = CameraWriter.partial
        guard path.suffix(suffix.count).elementsEqual(suffix) else { return false }
        let whole = Array(path.dropLast(suffix.count))
        return provisioned.contains(whole) || keepsakes.files.contains { $0.path.folded == whole }
    }

    /// Whether the docking whose permit this is had read the file, as it is now.
    private func wasCovered(_ file: CameraFile) throws(DockError) -> Bool {
        let ledger = site.resources.ledger
        guard let reading = try ledger.reading(docking: began.docking, camera: began.camera, path: file.path),
            let sealing = try ledger.sealing(id: reading.sealing)
        else { return false }
        return sealing.sealed.sealed.plaintextBytes == file.identity.size
            && sealing.sealed.modified == file.identity.modified
    }
}
