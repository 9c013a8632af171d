import DockCore
import DockDevices
import DockIntake
import DockSystem

/// Writes to a camera what belongs there (what a new file system took, and what its profile wants) and reads it back.
struct CameraPreparation {
    let site: CameraSite
    let provision: Provision

    /// What was read back.
    struct Written {
        /// The provisioned files.
        var files: [CameraProvisioned.File] = []
        /// Bytes read, past the page cache.
        var bytesRead: Int64 = 0
    }

    /// Puts everything there.
    func write(_ keepsakes: Keepsakes?) throws(DockError) {
        let mount = try site.mount(.readWrite)
        let volume = try Volume(mount.folder)
        let result: Result<Void, DockError> = Result { () throws(DockError) in
            let writer = CameraWriter(volume)
            try writer.make(folders: keepsakes?.folders ?? [])
            for file in keepsakes?.files ?? [] { try writer.write(file.content, to: file.path) }
            for (path, content) in provision.contents() { try writer.write(content, to: path) }
        }
        try volume.letGo()
        try mount.unmount()
        try result.get()
    }

    /// Mounts the volume anew, read-only, and compares. Provisioned files may say another moment now than when they were
    /// written, so of them only what they are is told.
    /// - Parameter isAlone: whether nothing else may lie there.
    func verify(_ keepsakes: Keepsakes?, isAlone: Bool) throws(DockError) -> Written {
        let mount = try site.mount(.readOnly)
        let volume = try Volume(mount.folder)
        let result: Result<Written, DockError> = Result { () throws(DockError) in
            try compare(volume, keepsakes, isAlone)
        }
        try volume.letGo()
        try mount.unmount()
        return try result.get()
    }

    private func compare(_ volume: Volume, _ keepsakes: Keepsakes?, _ isAlone: Bool) throws(DockError) -> Written {
        let listing = try volume.list(limits: site.resources.configuration.limits)
        // Case does not count, as it does not on FAT volumes.
        let provisioned = Set(provision.files.map { $0.path.folded })
        let saved = (keepsakes?.files ?? []).filter { !provisioned.contains($0.path.folded) }
        let expected = Dictionary(saved.map { ($0.path.folded, $0.content) }) { first, _ in first }
        var written = Written()
        var missing = provisioned.union(expected.keys)
        for file in listing.files {
            let name = file.path.folded
            guard missing.remove(name) != nil else {
                if isAlone { throw failure("\(file.path) lies on it, and nobody wrote it") }
                continue
            }
            let content = try volume.content(of: file, limit: Keepsakes.mostBytes)
            written.bytesRead += Int64(content.count)
            if let wanted = expected[name], wanted != content { throw failure("\(file.path) reads differently") }
            if provisioned.contains(name) {
                written.files.append(
                    CameraProvisioned.File(path: file.path, sha256: try SHA256Digest(hashing: content)))
            }
        }
        if let name = missing.first { throw failure("\(String(decoding: name, as: UTF8.self)) is not there") }
        return written
    }

    private func failure(_ why: String) -> DockError {
        DockError(
            .mismatch, "cannot prepare the camera", at: site.node.path, because: why,
            next: "its footage is safe; have its card examined")
    }
}
