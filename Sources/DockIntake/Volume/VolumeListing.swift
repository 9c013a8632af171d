import DockCore

/// What lies on a volume.
public struct VolumeListing: Sendable, Equatable {
    /// The regular files, sorted by the bytes of their paths.
    public var files: [CameraFile]
    /// The folders, sorted the same way.
    public var folders: [CameraPath]
    /// What is not as it should be: special files, folders that cannot be read, more than is accepted.
    public var findings: [Finding]
    /// Whether everything on the volume was seen. If not, a finding says why.
    public var isComplete: Bool

    /// Takes the parts; files and folders must be sorted.
    public init(files: [CameraFile], folders: [CameraPath], findings: [Finding], isComplete: Bool) {
        self.files = files
        self.folders = folders
        self.findings = findings
        self.isComplete = isComplete
    }

    /// The file at exactly this path (bytes compared).
    public func file(at path: CameraPath) -> CameraFile? {
        let index = files.partitioningIndex { $0.path >= path }
        return index < files.count && files[index].path == path ? files[index] : nil
    }

    /// Whether a file or folder stands at exactly this path.
    public func contains(_ path: CameraPath) -> Bool {
        if file(at: path) != nil { return true }
        let index = folders.partitioningIndex { $0 >= path }
        return index < folders.count && folders[index] == path
    }
}

extension Array {
    /// The first index whose element satisfies `isAfter`, which must hold for all elements behind it as well.
    fileprivate func partitioningIndex(where isAfter: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
