import DockCore

/// The superblock of ext2, ext3 and ext4 (kernel documentation, `filesystems/ext4/super.rst`).
struct ExtSuperblock {
    private let block: LittleEndian

    private static let place = 1024
    private static let size = 1024

    /// nil if `head`, the first 4096 bytes of a volume, hold none that the kernel would mount.
    init?(_ head: [UInt8]) {
        guard head.count >= ExtSuperblock.place + ExtSuperblock.size else { return nil }
        block = LittleEndian(Array(head[ExtSuperblock.place..<(ExtSuperblock.place + ExtSuperblock.size)]))
        let isJournalOnly = incompatible & 0x8 != 0
        guard block.u16(56) == 0xef53, block.u32(24) <= 6, block.u32(4) > 0, block.u32(32) > 0, block.u32(40) > 0,
            !isJournalOnly
        else { return nil }
        // RO_COMPAT_METADATA_CSUM: the last four bytes are the CRC of all before.
        let hasSum = block.u32(100) & 0x400 != 0
        if hasSum, CRC32C.of(block.bytes[..<(ExtSuperblock.size - 4)]) != block.u32(ExtSuperblock.size - 4) {
            return nil
        }
    }

    private var incompatible: UInt32 { block.u32(96) }

    /// All there is to know.
    var facts: FileSystemFacts {
        let uuid = block.slice(104, 16)
        let label = String(decoding: block.slice(120, 16).prefix { $0 != 0 }, as: UTF8.self)
        return FileSystemFacts(
            kind: .ext4, label: label.isEmpty ? nil : label,
            uuid: uuid.allSatisfy { $0 == 0 } ? nil : ExtSuperblock.text(uuid: uuid), clusterBytes: clusterBytes,
            fatBits: nil, isDirty: isDirty)
    }

    private var clusterBytes: Int { 1024 << Int(block.u32(24)) }

    /// `s_state` without «clean» (1) or with «errors» (2); a journal to replay (INCOMPAT_RECOVER); inodes that were deleted but
    /// not cleared (`s_last_orphan`, RO_COMPAT_ORPHAN_PRESENT).
    private var isDirty: Bool {
        block.u16(58) & 3 != 1 || incompatible & 0x4 != 0 || block.u32(232) != 0 || block.u32(100) & 0x1_0000 != 0
    }

    private static func text(uuid: [UInt8]) -> String {
        var digits = Hex.encode(uuid)[...]
        return [8, 4, 4, 4, 12].map { length in
            defer { digits = digits.dropFirst(length) }
            return String(digits.prefix(length))
        }.joined(separator: "-")
    }
}

/// CRC-32C (RFC 3720, appendix B.4), without the final inversion, as ext4 has it.
enum CRC32C {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 0 ? value >> 1 : value >> 1 ^ 0x82f6_3b78 }
    }

    static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
    }
}
