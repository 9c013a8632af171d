import DockCore

/// What a volume's own structures say of its file system, read from the device past the page cache. Nothing is asked of udev,
/// whose answer may be that of an earlier moment.
public enum Superblock {
    /// The file system on a device; nil if none that is known here is whole enough for the kernel to mount it.
    /// - Throws: ``DockError/Code/malformed`` if there are two at once: what is mounted as one may be written as the other;
    ///   what opening or reading the device answered.
    public static func read(_ node: BlockNode) throws(DockError) -> FileSystemFacts? {
        try read(from: BlockVolume.open(node, forWriting: false))
    }

    /// The file system on an open device; as above.
    public static func read(from volume: borrowing BlockVolume) throws(DockError) -> FileSystemFacts? {
        try find(in: volume, at: volume.node.path)
    }

    /// The file system in `volume`; `place` is where, for people.
    static func find(in volume: borrowing some VolumeBytes & ~Copyable, at place: String) throws(DockError)
        -> FileSystemFacts?
    {
        let head = try volume.read(at: 0, count: 4096)
        var found: [FileSystemFacts] = []
        if let boot = try ExFATBoot(head, of: volume) {
            found.append(try boot.facts(of: volume))
        } else if let boot = FATBoot(head, volume: volume.bytes) {
            found.append(try boot.facts(of: volume))
        }
        if let superblock = ExtSuperblock(head) { found.append(superblock.facts) }
        guard found.count < 2 else {
            throw DockError(
                .malformed, "cannot tell which file system a camera has", at: place,
                because: "it carries a \(found[0].kind.rawValue) and an \(found[1].kind.rawValue) at once",
                next: "copy the card, then format it in the camera")
        }
        return found.first
    }
}
