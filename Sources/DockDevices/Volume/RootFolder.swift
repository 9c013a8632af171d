import DockCore

/// Where a file system keeps what everything on it hangs from: the root folder of FAT and exFAT, the superblock of ext4. Without
/// it nothing on the volume is found.
public enum RootFolder {
    /// Bytes that are looked at and overwritten at most.
    private static let most: Int64 = 4 << 20

    /// Overwrites it and forces that to the medium, so that a new file system which is made halfway never shows what was there
    /// before. Does nothing where there is none, or where it would hit the ``EraseMarker``.
    public static func overwrite(on volume: borrowing BlockVolume) throws(DockError) {
        guard let range = try place(on: volume) else { return }
        if let marker = EraseMarker.place(onVolumeOf: volume.bytes), marker.overlaps(range) { return }
        _ = try volume.overwrite(range)
    }

    /// Whether there is an exFAT whose root folder is nothing but zeros: no kernel mounts that, so nobody has written to it.
    public static func isMissing(from volume: borrowing BlockVolume) throws(DockError) -> Bool {
        guard try ExFATBoot(volume.read(at: 0, count: 4096), of: volume) != nil, let range = try place(on: volume)
        else {
            return false
        }
        return try volume.verifyZeros(range, sampling: .all).firstNonzero == nil
    }

    /// Its first cluster, in whole logical blocks; nil if there is none.
    private static func place(on volume: borrowing BlockVolume) throws(DockError) -> Range<Int64>? {
        let head = try volume.read(at: 0, count: 4096)
        let exact: Range<Int64>?
        if let boot = try ExFATBoot(head, of: volume) {
            exact = boot.rootFolder
        } else if let boot = FATBoot(head, volume: volume.bytes) {
            exact = boot.rootFolder
        } else {
            exact = ExtSuperblock(head) == nil ? nil : 1024..<2048
        }
        guard let exact, exact.lowerBound >= 0, exact.upperBound <= volume.bytes else { return nil }
        let block = Int64(volume.logicalBlockBytes)
        let start = exact.lowerBound / block * block
        let end = min((exact.upperBound + block - 1) / block * block, start + most)
        return end <= volume.bytes && start < end ? start..<end : nil
    }
}
