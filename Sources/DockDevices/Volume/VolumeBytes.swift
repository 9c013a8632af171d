import DockCore

/// Bytes of a volume that a file system is looked for in. What comes from there is hostile: whoever reads it checks everything.
protocol VolumeBytes: ~Copyable {
    /// Size in bytes.
    var bytes: Int64 { get }

    /// Up to `count` bytes from `offset`; fewer only at the end, none beyond it.
    func read(at offset: Int64, count: Int) throws(DockError) -> [UInt8]
}

extension BlockVolume: VolumeBytes {}

/// Some bytes with numbers in them, lowest byte first. Whatever lies outside reads as zero.
struct LittleEndian {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func u8(_ offset: Int) -> UInt8 { bytes.indices.contains(offset) ? bytes[offset] : 0 }
    func u16(_ offset: Int) -> UInt16 { UInt16(u8(offset)) | UInt16(u8(offset + 1)) << 8 }
    func u32(_ offset: Int) -> UInt32 { UInt32(u16(offset)) | UInt32(u16(offset + 2)) << 16 }
    func u64(_ offset: Int) -> UInt64 { UInt64(u32(offset)) | UInt64(u32(offset + 4)) << 32 }

    /// `count` bytes from `offset`.
    func slice(_ offset: Int, _ count: Int) -> [UInt8] { (offset..<(offset + count)).map(u8) }

    /// A volume's serial number as udev writes it: `4E21-0000`; nil for 0.
    func serial(_ offset: Int) -> String? {
        guard u32(offset) != 0 else { return nil }
        let digits = Hex.encode(slice(offset, 4).reversed()).uppercased()
        return digits.prefix(4) + "-" + digits.suffix(4)
    }
}
