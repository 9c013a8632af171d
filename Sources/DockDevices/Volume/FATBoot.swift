import DockCore

/// The boot sector of FAT12, FAT16 or FAT32 (Microsoft, «FAT: General Overview of On-Disk Format», 1.03; what Linux takes for
/// whole is in `fs/fat/inode.c`).
struct FATBoot {
    /// Where things are, in bytes.
    let fat: Int64
    let root: Range<Int64>
    let clusters: Int64
    let clusterBytes: Int
    let bits: Int
    private let rootCluster: UInt32
    private let data: Int64
    private let sector: LittleEndian
    private let isFAT32: Bool

    private static let fat12Most: Int64 = 0xff4
    private static let fat16Most: Int64 = 0xfff4
    private static let fat32Most: Int64 = 0x0fff_fff6
    /// Clusters of a FAT32 root folder that are searched for a label: it is among the first entries, always.
    private static let rootClustersMost = 64

    /// nil if `bytes`, the first of a volume with `volume` bytes, are no FAT boot sector that the kernel would mount.
    init?(_ bytes: [UInt8], volume: Int64) {
        let sector = LittleEndian(bytes)
        // The kernel asks for no signature, and small firmware forgets this one or that; the numbers below must fit in any case.
        let isNamed = [54, 82].contains { sector.slice($0, 3).elementsEqual("FAT".utf8) }
        guard bytes.count >= 512, sector.u16(510) == 0xaa55 || isNamed else { return nil }
        let sectorBytes = Int64(sector.u16(11))
        let perCluster = Int64(sector.u8(13))
        let reserved = Int64(sector.u16(14))
        let fats = Int64(sector.u8(16))
        let media = sector.u8(21)
        guard [512, 1024, 2048, 4096].contains(sectorBytes), perCluster > 0, perCluster & (perCluster - 1) == 0,
            reserved > 0, fats > 0, media >= 0xf8 || media == 0xf0
        else { return nil }
        // FAT32 is told by having no 16-bit size of its FAT.
        isFAT32 = sector.u16(22) == 0
        let perFAT = isFAT32 ? Int64(sector.u32(36)) : Int64(sector.u16(22))
        let sectors = sector.u16(19) == 0 ? Int64(sector.u32(32)) : Int64(sector.u16(19))
        let entries = Int64(sector.u16(17))
        // All of these are below 2^41: nothing here overflows.
        let rootStart = reserved + fats * perFAT
        let dataStart = rootStart + (entries * 32 + sectorBytes - 1) / sectorBytes
        guard perFAT > 0, sectors > dataStart, dataStart * sectorBytes < volume else { return nil }
        clusters = (sectors - dataStart) / perCluster
        bits = isFAT32 ? 32 : clusters > FATBoot.fat12Most ? 16 : 12
        let most = isFAT32 ? FATBoot.fat32Most : bits == 16 ? FATBoot.fat16Most : FATBoot.fat12Most
        guard (1...most).contains(clusters), perFAT * sectorBytes * 8 >= (clusters + 2) * Int64(bits),
            isFAT32 || entries > 0
        else { return nil }
        self.sector = sector
        fat = reserved * sectorBytes
        root = rootStart * sectorBytes..<rootStart * sectorBytes + (isFAT32 ? 0 : entries * 32)
        data = dataStart * sectorBytes
        clusterBytes = Int(perCluster * sectorBytes)
        rootCluster = isFAT32 ? sector.u32(44) : 0
    }

    /// Label, serial number and state, of which some are elsewhere on the volume.
    func facts(of volume: borrowing some VolumeBytes & ~Copyable) throws(DockError) -> FileSystemFacts {
        // The fields behind the BPB have their place behind FAT32's own.
        let extended = isFAT32 ? 64 : 36
        let hasSerial = [0x28, 0x29].contains(sector.u8(extended + 2))
        let hasLabel = sector.u8(extended + 2) == 0x29
        let bootLabel = hasLabel ? FATBoot.label(sector.slice(extended + 7, 11)) : nil
        return FileSystemFacts(
            kind: .vfat, label: try rootLabel(in: volume) ?? bootLabel,
            uuid: hasSerial ? sector.serial(extended + 3) : nil, clusterBytes: clusterBytes, fatBits: bits,
            isDirty: try isDirty(state: sector.u8(extended + 1), in: volume))
    }

    /// The root folder, or its first cluster; nil if it would lie outside the clusters.
    var rootFolder: Range<Int64>? {
        guard isFAT32 else { return root }
        guard rootCluster >= 2, Int64(rootCluster) < clusters + 2 else { return nil }
        let start = data + (Int64(rootCluster) - 2) * Int64(clusterBytes)
        return start..<start + Int64(clusterBytes)
    }

    /// The boot sector's state byte: bit 0 says «in use», bit 1 «test the surface». The second entry of the FAT: a cleared bit
    /// says «in use», and another one «errors were met»; FAT12 has no room for that.
    private func isDirty(
        state: UInt8, in volume: borrowing some VolumeBytes & ~Copyable
    ) throws(DockError) -> Bool {
        if state & 3 != 0 { return true }
        switch bits {
        case 16: return LittleEndian(try volume.read(at: fat + 2, count: 2)).u16(0) & 0xc000 != 0xc000
        case 32: return LittleEndian(try volume.read(at: fat + 4, count: 4)).u32(0) & 0x0c00_0000 != 0x0c00_0000
        default: return false
        }
    }

    /// The label in the root folder: an entry with the attribute «volume», which a long name's pieces have too.
    private func rootLabel(in volume: borrowing some VolumeBytes & ~Copyable) throws(DockError) -> String? {
        guard isFAT32 else {
            let entries = try volume.read(at: root.lowerBound, count: Int(root.upperBound - root.lowerBound))
            if case .label(let bytes) = FATBoot.search(entries) { return FATBoot.label(bytes) }
            return nil
        }
        var cluster = rootCluster
        for _ in 0..<FATBoot.rootClustersMost {
            guard cluster >= 2, Int64(cluster) < clusters + 2 else { return nil }
            let place = data + (Int64(cluster) - 2) * Int64(clusterBytes)
            switch FATBoot.search(try volume.read(at: place, count: clusterBytes)) {
            case .label(let bytes): return FATBoot.label(bytes)
            case .end: return nil
            case .more: break
            }
            cluster = LittleEndian(try volume.read(at: fat + Int64(cluster) * 4, count: 4)).u32(0) & 0x0fff_ffff
        }
        return nil
    }

    private enum Search {
        case label([UInt8])
        case end
        case more
    }

    private static func search(_ entries: [UInt8]) -> Search {
        let entries = LittleEndian(entries)
        for start in stride(from: 0, to: entries.bytes.count - 31, by: 32) {
            let first = entries.u8(start)
            let attributes = entries.u8(start + 11)
            if first == 0 { return .end }
            let isLong = attributes & 0x3f == 0x0f
            if first == 0xe5 || isLong || attributes & 0x18 != 0x08 { continue }
            if entries.u16(start + 20) != 0 || entries.u16(start + 26) != 0 { continue }
            // 0x05 stands for 0xE5, which would say «deleted».
            return .label([first == 0x05 ? 0xe5 : first] + entries.slice(start + 1, 10))
        }
        return entries.bytes.isEmpty ? .end : .more
    }

    /// Without the blanks that fill it up; nil for none. It is in the code page of whoever wrote it, which nobody tells: what is
    /// not ASCII (or UTF-8) reads as U+FFFD.
    private static func label(_ bytes: [UInt8]) -> String? {
        let text = bytes.prefix { $0 != 0 }.reversed().drop { $0 == UInt8(ascii: " ") }.reversed()
        let label = String(decoding: Array(text), as: UTF8.self)
        return label.isEmpty || label == "NO NAME" ? nil : label
    }
}
