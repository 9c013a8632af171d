import DockCore

/// Which programs make a file system, with which arguments.
struct FileSystemRecipe {
    /// A program's call.
    struct Program: Equatable {
        let name: String
        let arguments: [String]
    }

    /// What is to be made.
    var facts: FileSystemFacts
    private let node: String
    private let blockBytes: Int
    private let volumeBytes: Int64

    /// - Parameters:
    ///   - blockBytes: bytes of a logical block of the device, in which mkfs.fat counts.
    ///   - volumeBytes: size of the device.
    /// - Throws: ``DockError/Code/malformed`` if such a file system cannot be.
    init(_ facts: FileSystemFacts, node: String, blockBytes: Int, volumeBytes: Int64) throws(DockError) {
        self.facts = facts
        self.node = node
        self.blockBytes = blockBytes
        self.volumeBytes = volumeBytes
        let cluster = facts.clusterBytes
        let isPower = cluster >= 512 && cluster <= 32 << 20 && cluster & (cluster - 1) == 0
        let hasWidth = [12, 16, 32].contains(facts.fatBits ?? 0)
        let isPossible =
            switch facts.kind {
            case .vfat:
                isPower && hasWidth && cluster % blockBytes == 0 && (facts.uuid.map(FileSystemRecipe.isSerial) ?? true)
            case .exfat: isPower && cluster % blockBytes == 0 && (facts.uuid.map(FileSystemRecipe.isSerial) ?? true)
            case .ext4:
                isPower && (1024...65_536).contains(cluster) && (facts.uuid.map(FileSystemRecipe.isUUID) ?? true)
            }
        // An argument that begins with a dash, or has a NUL in it, would be taken for something else.
        let isSafe = node.hasPrefix("/") && !node.utf8.contains(0) && !(facts.label ?? "").utf8.contains(0)
        guard isPossible, isSafe else {
            throw DockError(
                .malformed, "cannot make a file system", at: node,
                because: "there is no \(facts.kind.rawValue) with clusters of \(cluster) bytes, a FAT of"
                    + " \(facts.fatBits.map(String.init) ?? "no") bits and the number \(facts.uuid ?? "(none)") here",
                next: "format the card in the camera")
        }
    }

    /// The calls, in order.
    var programs: [Program] {
        switch facts.kind {
        case .vfat: [vfat]
        case .exfat: [exfat, serial]
        case .ext4: [ext4]
        }
    }

    /// mkfs.fat(8). `--mbr=no`: since 4.2 it may put a partition table into the boot sector of a whole disk.
    private var vfat: Program {
        let label = facts.label.map { ["-n", $0] } ?? []
        return Program(
            name: "mkfs.vfat",
            arguments: [
                "-F", "\(facts.fatBits ?? 32)", "-s", "\(facts.clusterBytes / blockBytes)", "-i", serialDigits,
                "--mbr=no",
            ] + label + [node])
    }

    /// mkfs.exfat(8) of exfatprogs. Its quick format writes the structures at the start, nothing else.
    private var exfat: Program {
        let label = facts.label.map { ["-L", $0] } ?? []
        return Program(name: "mkfs.exfat", arguments: ["-c", "\(facts.clusterBytes)"] + label + [node])
    }

    /// tune.exfat(8): mkfs.exfat makes up a serial number.
    private var serial: Program { Program(name: "tune.exfat", arguments: ["-I", "0x" + serialDigits, node]) }

    /// mke2fs(8).
    private var ext4: Program {
        // No discard: it would take the erase marker along. All tables are written now: else the kernel does it while the camera
        // records. The features that came with Linux 3.6 and later are left out: the camera's kernel may be old.
        let features = "^64bit,^metadata_csum,^metadata_csum_seed,^orphan_file"
        let extended = "nodiscard,lazy_itable_init=0,lazy_journal_init=0"
        // It ends before the erase marker: its last group may be a short one, whose tables would stand there.
        let size = EraseMarker.place(onVolumeOf: volumeBytes).map { ["\($0.lowerBound / 1024)k"] } ?? []
        return Program(
            name: "mkfs.ext4",
            arguments: [
                "-q", "-F", "-m", "0", "-b", "\(facts.clusterBytes)", "-U", facts.uuid ?? "clear", "-O", features, "-E",
                extended, "-L", facts.label ?? "", node,
            ] + size)
    }

    private var serialDigits: String { facts.uuid?.replacing("-", with: "") ?? "00000000" }

    /// Whether every program takes a label: then a refusal has another cause.
    static func isPlain(_ label: String) -> Bool {
        label.utf8.count <= 11 && label.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || $0 == 95 }
    }

    private static func isSerial(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { $0.utf8.count == 4 && Hex.decode($0) != nil }
    }

    private static func isUUID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.utf8.count) == [8, 4, 4, 4, 12] && parts.allSatisfy { Hex.decode($0) != nil }
    }
}
