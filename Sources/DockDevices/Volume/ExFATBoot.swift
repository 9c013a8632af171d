import DockCore

/// The boot region of exFAT (Microsoft, «exFAT file system specification», section 3).
struct ExFATBoot {
    private let sector: LittleEndian
    private let sectorShift: UInt8
    private let clusterShift: UInt8
    private let fat: Int64
    private let heap: Int64
    private let clusters: Int64

    /// Bytes of the root folder that are searched for a label: it is among the first entries.
    private static let searchMost: Int64 = 1 << 20

    /// nil if `head`, the first bytes of `volume`, begin no exFAT that the kernel would mount.
    init?(_ head: [UInt8], of volume: borrowing some VolumeBytes & ~Copyable) throws(DockError) {
        let sector = LittleEndian(head)
        guard head.count >= 512, sector.slice(0, 11) == [0xeb, 0x76, 0x90] + Array("EXFAT   ".utf8),
            sector.slice(11, 53).allSatisfy({ $0 == 0 }), sector.u16(510) == 0xaa55
        else { return nil }
        let sectorShift = sector.u8(108)
        let perCluster = sector.u8(109)
        guard (9...12).contains(sectorShift), perCluster <= 25 - sectorShift, (1...2).contains(sector.u8(110)) else {
            return nil
        }
        let sectorBytes = Int64(1) << Int64(sectorShift)
        // 32 bits in sectors of 4 KiB at most: nothing here overflows.
        fat = Int64(sector.u32(80)) * sectorBytes
        heap = Int64(sector.u32(88)) * sectorBytes
        clusters = Int64(sector.u32(92))
        let fatEnd = fat + Int64(sector.u32(84)) * sectorBytes * Int64(sector.u8(110))
        guard fat >= 24 * sectorBytes, fatEnd <= heap, heap < volume.bytes, (1...0xffff_fff5).contains(clusters),
            Int64(sector.u32(84)) * sectorBytes >= (clusters + 2) * 4
        else { return nil }
        self.sector = sector
        self.sectorShift = sectorShift
        clusterShift = sectorShift + perCluster
        guard try isWhole(in: volume) else { return nil }
    }

    /// Section 3.4: the twelfth sector repeats the sum of the eleven before it.
    private func isWhole(in volume: borrowing some VolumeBytes & ~Copyable) throws(DockError) -> Bool {
        let size = 1 << Int(sectorShift)
        let region = try volume.read(at: 0, count: 12 * size)
        guard region.count == 12 * size else { return false }
        var sum: UInt32 = 0
        for index in 0..<(11 * size) where index != 106 && index != 107 && index != 112 {
            sum = (sum << 31 | sum >> 1) &+ UInt32(region[index])
        }
        let repeated = LittleEndian(Array(region[(11 * size)...]))
        return stride(from: 0, to: size, by: 4).allSatisfy { repeated.u32($0) == sum }
    }

    /// Label, serial number and state.
    func facts(of volume: borrowing some VolumeBytes & ~Copyable) throws(DockError) -> FileSystemFacts {
        FileSystemFacts(
            kind: .exfat, label: try label(in: volume), uuid: sector.serial(100), clusterBytes: 1 << Int(clusterShift),
            fatBits: nil,
            // VolumeFlags: bit 1 VolumeDirty, bit 2 MediaFailure.
            isDirty: sector.u16(106) & 6 != 0)
    }

    /// The first cluster of the root folder; nil if it would lie outside the clusters.
    var rootFolder: Range<Int64>? {
        let cluster = Int64(sector.u32(96))
        guard cluster >= 2, cluster < clusters + 2 else { return nil }
        let start = heap + (cluster - 2) << Int64(clusterShift)
        return start..<start + Int64(1) << Int64(clusterShift)
    }

    /// Section 7.3: an entry of type 0x83 in the root folder, with up to 11 UTF-16 code units.
    private func label(in volume: borrowing some VolumeBytes & ~Copyable) throws(DockError) -> String? {
        let clusterBytes = Int64(1) << Int64(clusterShift)
        var cluster = sector.u32(96)
        var searched: Int64 = 0
        while searched < ExFATBoot.searchMost, cluster >= 2, Int64(cluster) < clusters + 2 {
            let place = heap + (Int64(cluster) - 2) * clusterBytes
            let bytes = try volume.read(at: place, count: Int(min(clusterBytes, ExFATBoot.searchMost)))
            let entries = LittleEndian(bytes)
            for start in stride(from: 0, to: bytes.count - 31, by: 32) {
                switch entries.u8(start) {
                case 0x00: return nil
                case 0x83:
                    let units = (0..<Int(min(11, entries.u8(start + 1)))).map { entries.u16(start + 2 + 2 * $0) }
                    return units.isEmpty ? nil : String(decoding: units, as: UTF16.self)
                default: continue
                }
            }
            if bytes.isEmpty { return nil }
            searched += clusterBytes
            // The first FAT, as blkid and Linux read it while there is but one.
            cluster = LittleEndian(try volume.read(at: fat + Int64(cluster) * 4, count: 4)).u32(0)
        }
        return nil
    }
}
