import DockCore
import DockSystem

/// A note on a medium that it is being erased: 4096 bytes near its end.
///
/// It answers one question after a plug was pulled in the middle: is this the very medium whose erase had begun, so that what is
/// missing on it is missing by our own hand? Therefore nothing is taken for a marker unless every byte of it is as it was written,
/// on a volume of the same size; and a nonce that only this docking's record has tells it from a copy.
public struct EraseMarker: Hashable, Sendable {
    /// 32 lower-case hexadecimal digits, never used twice.
    public let nonce: String
    /// Name of the docking that erases.
    public let docking: String

    /// Its size.
    public static let bytes = 4096
    private static let title = "BODYDOCK ERASE UNDER WAY\n"
    private static let fromEnd: Int64 = 1 << 20
    private static let leastVolume: Int64 = 8 << 20

    /// Takes both; nil unless the nonce is 32 lower-case hexadecimal digits, and the name 1 to 200 bytes of visible ASCII.
    public init?(nonce: String, docking: String) {
        guard nonce.utf8.count == 32, nonce.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }),
            (1...200).contains(docking.utf8.count), docking.utf8.allSatisfy({ (33...126).contains($0) })
        else { return nil }
        self.nonce = nonce
        self.docking = docking
    }

    /// Where it stands on a volume of `bytes` bytes: 1 MiB before the end, at a multiple of 4096. nil on a volume below 8 MiB,
    /// which takes none.
    ///
    /// No program that makes a FAT or exFAT writes there: their structures are at the start. Those of ext4 are at the start of any
    /// block group, so ``FileSystemMaker`` lets a new ext4 end here: moving the marker or writing it again after the new file
    /// system would leave moments in which a pulled plug is not recognised, or damage what was just made.
    public static func place(onVolumeOf bytes: Int64) -> Range<Int64>? {
        guard bytes >= leastVolume else { return nil }
        let start = (bytes - fromEnd) & ~4095
        return start..<(start + Int64(EraseMarker.bytes))
    }

    /// Writes it, forces it to the medium, and reads it back from there. If this returns, it is there.
    /// - Throws: ``DockError/Code/limit`` if the volume takes none; ``DockError/Code/mismatch`` if something else is read back;
    ///   what a write, sync or read answered.
    public func write(to volume: borrowing BlockVolume) throws(DockError) {
        let place = try EraseMarker.place(on: volume)
        try volume.write(try encoded(forVolumeOf: volume.bytes), at: place.lowerBound)
        try volume.synchronize()
        guard try EraseMarker.read(from: volume) == self else {
            throw DockError(
                .mismatch, "cannot mark a medium before its erase", at: volume.node.path,
                because: "the medium does not read back what was written to it",
                next: "nothing was erased; do not use this card again")
        }
    }

    /// The marker on a volume, from the device; nil if there is none, or if anything in it is off.
    public static func read(from volume: borrowing BlockVolume) throws(DockError) -> EraseMarker? {
        guard let place = place(onVolumeOf: volume.bytes) else { return nil }
        return try decode(try volume.read(at: place.lowerBound, count: bytes), onVolumeOf: volume.bytes)
    }

    /// The marker on a device, opened for reading; nil as above.
    public static func read(from node: BlockNode) throws(DockError) -> EraseMarker? {
        try read(from: BlockVolume.open(node, forWriting: false))
    }

    /// Takes the marker away: zeros, forced to the medium. What is no valid marker is left as it is: a file may have that place.
    /// - Returns: whether there was one.
    @discardableResult
    public static func clear(from volume: borrowing BlockVolume) throws(DockError) -> Bool {
        guard try read(from: volume) != nil else { return false }
        try volume.write([UInt8](repeating: 0, count: bytes), at: try place(on: volume).lowerBound)
        try volume.synchronize()
        guard try read(from: volume) == nil else {
            throw DockError(
                .mismatch, "cannot take the erase marker off a medium", at: volume.node.path,
                because: "the medium reads as before", next: "do not use this card again")
        }
        return true
    }

    /// The 4096 bytes: text that people can read, then zeros. The SHA-256 is that of all text before its line.
    func encoded(forVolumeOf bytes: Int64) throws(DockError) -> [UInt8] {
        var text = Array("\(EraseMarker.title)nonce \(nonce)\ndocking \(docking)\nvolume \(bytes)\n".utf8)
        text += Array("sha256 \(try SHA256Digest(hashing: text))\n".utf8)
        return text + [UInt8](repeating: 0, count: EraseMarker.bytes - text.count)
    }

    /// The marker that `record` is; nil if one byte differs from how it would be written.
    static func decode(_ record: [UInt8], onVolumeOf bytes: Int64) throws(DockError) -> EraseMarker? {
        guard record.count == EraseMarker.bytes, record.starts(with: EraseMarker.title.utf8) else { return nil }
        let lines = record.prefix(512).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count >= 3, let nonce = value("nonce ", lines[1]), let docking = value("docking ", lines[2]),
            let marker = EraseMarker(nonce: nonce, docking: docking),
            try marker.encoded(forVolumeOf: bytes) == record
        else { return nil }
        return marker
    }

    private static func value(_ key: String, _ line: ArraySlice<UInt8>) -> String? {
        line.starts(with: key.utf8) ? String(validating: line.dropFirst(key.utf8.count), as: UTF8.self) : nil
    }

    private static func place(on volume: borrowing BlockVolume) throws(DockError) -> Range<Int64> {
        guard let place = place(onVolumeOf: volume.bytes), volume.logicalBlockBytes <= bytes else {
            throw DockError(
                .limit, "cannot mark a medium before its erase", at: volume.node.path,
                because: "a volume of \(volume.bytes) bytes in blocks of \(volume.logicalBlockBytes) takes no marker",
                next: "use a card of at least 8 MiB")
        }
        return place
    }
}
