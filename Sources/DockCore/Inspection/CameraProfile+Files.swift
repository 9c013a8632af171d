extension CameraProfile {
    /// Whether a file belongs to the camera itself: it is not footage, and never erased. The files that name the camera, that
    /// tell its charge and that the dock writes to it do too. Case does not count, because it does not on FAT volumes, and
    /// erasing such a file harms the camera.
    public func preserves(_ path: CameraPath) -> Bool {
        let folded = path.folded
        if (preserve + [serialFile].compactMap { $0 }).contains(where: { folded.lies(atOrBelow: $0.folded) }) {
            return true
        }
        // Files only: should a folder stand in the place of one, what lies in it is not known to be the camera's own.
        return (care.provision.map(\.path) + [care.batteryFile].compactMap { $0 }).contains { folded == $0.folded }
    }

    /// Whether a file lies in a folder into which the camera puts what its wearer marked. Case does not count.
    public func flags(_ path: CameraPath) -> Bool {
        guard !flaggedFolders.isEmpty else { return false }
        return path.components.dropLast().contains { folder in
            flaggedFolders.contains { $0.utf8.map(asciiFolded) == folder.map(asciiFolded) }
        }
    }

    /// Whether a file is footage by its place and extension.
    public func isFootage(_ path: CameraPath) -> Bool {
        let name = path.name
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return false }
        let ending = name[(dot + 1)...].map(asciiFolded)
        guard footageExtensions.contains(where: { $0.utf8.elementsEqual(ending) }) else { return false }
        let folded = path.folded
        return footageFolders.isEmpty || footageFolders.contains { folded.lies(atOrBelow: $0.folded) }
    }
}

extension CameraPath {
    /// The bytes with ASCII letters in lower case: what two names share that differ only by case.
    public var folded: [UInt8] { bytes.map(asciiFolded) }
}

private func asciiFolded(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 32 : byte }

extension [UInt8] {
    fileprivate func lies(atOrBelow folder: [UInt8]) -> Bool {
        starts(with: folder) && (count == folder.count || self[folder.count] == UInt8(ascii: "/"))
    }
}
