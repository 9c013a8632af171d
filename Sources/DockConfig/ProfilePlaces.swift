import DockCore

/// The places on a camera that a profile gives a meaning to. What is preserved is never taken in, so a slip here would leave
/// footage behind; what is provisioned is written over.
struct ProfilePlaces {
    /// Where hashes come from; nil if that is wrong.
    var manifest: CameraProfile.ManifestSource?
    /// Folders of footage; empty for the whole volume.
    var footageFolders: [CameraPath]
    /// What footage files end in.
    var footageExtensions: [String]
    /// The file that names the camera.
    var serialFile: CameraPath?
    /// The file that tells its charge.
    var batteryFile: CameraPath?

    /// What speaks against a file of the camera's own at `path`: footage or the manifest would be preserved with it.
    func objection(toOwnFile path: CameraPath) -> String? {
        if let folder = footageFolders.first(where: { $0.lies(atOrBelow: path) }) {
            let name = quoted(folder.description)
            return "covers the footage folder \(name), which would never be taken in; allowed: a file"
        }
        if path.ending.map(footageExtensions.contains) == true,
            footageFolders.isEmpty || footageFolders.contains(where: { path.lies(atOrBelow: $0) })
        {
            return "is footage by its place and ending, and would never be taken in; allowed: another file"
        }
        return objectionByManifest(path)
    }

    /// What speaks against writing a file to `path`.
    func objection(toProvisioning path: CameraPath) -> String? {
        if let folder = footageFolders.first(where: { path.collides(with: $0) }) {
            let name = quoted(folder.description)
            return "collides with the footage folder \(name); allowed: a place where no footage lies"
        }
        if footageFolders.isEmpty, let ending = path.ending, footageExtensions.contains(ending) {
            return "would be footage, which ends in \(quoted(ending)) and may lie anywhere; allowed: another ending"
        }
        if let objection = objectionByManifest(path) { return objection }
        for (file, key) in [(serialFile, "serial_file"), (batteryFile, "battery.file")] {
            if let file, path.collides(with: file) {
                return "collides with '\(key)', which the camera itself writes; allowed: another place"
            }
        }
        return nil
    }

    private func objectionByManifest(_ path: CameraPath) -> String? {
        switch manifest {
        case .bodydock(let file) where path.collides(with: file), .sums(let file) where path.collides(with: file):
            return "collides with the manifest \(quoted(file.description)); allowed: another place"
        case .sidecar:
            guard let ending = path.ending, ["sha256", "md5"].contains(ending) else { return nil }
            return "ends in \(quoted(ending)) as the camera's checksum files do; allowed: another ending"
        default: return nil
        }
    }
}
