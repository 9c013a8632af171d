import DockCore
import DockSystem
import Glibc

/// Makes segments: their bytes are hashed while they are written, and damaged only after that.
struct FootageWriter: ~Copyable {
    /// What a segment held before it was damaged.
    typealias Truth = (bytes: Int64, sha256: SHA256Digest)

    private let plan: CameraPlan
    private let video: VideoEncoder?
    private var noise: NoiseStream
    private var digester: Digester
    private let buffer: UnsafeMutableRawBufferPointer

    init(_ plan: CameraPlan) throws(DockError) {
        let video = plan.video ? try VideoEncoder() : nil
        let noise = try NoiseStream(seed: plan.seed, serial: plan.serial)
        let digester = try Digester(.sha256)
        self.plan = plan
        self.video = video
        self.noise = noise
        self.digester = digester
        buffer = .allocate(byteCount: NoiseStream.stride, alignment: 4096)
    }

    deinit { buffer.deallocate() }

    /// Makes the file of `piece`; its time of change is the end of its footage.
    mutating func make(_ piece: Scenario.Piece, on volume: inout CameraVolume) throws(DockError) -> Truth {
        let truth: Truth
        if let video, piece.content == .footage {
            try film(piece, with: video, on: &volume)
            truth = try hash(piece.path, on: volume)
            try finish(volume.open(piece.path), piece, truth.bytes, volume)
        } else {
            let file = try volume.create(piece.path)
            let bytes = piece.content == .nothing ? 0 : plan.bytesPerSegment ?? 1 << 20
            truth = (bytes, try fill(file, bytes, of: piece, volume))
            try finish(file, piece, bytes, volume)
        }
        if piece.damage == .removed { try volume.remove(piece.path) }
        return truth
    }

    /// The program needs a name that is text, and one that it may seek in.
    private func film(_ piece: Scenario.Piece, with video: VideoEncoder, on volume: inout CameraVolume)
        throws(DockError)
    {
        let temporary = try CameraPath("FOOTAGE.TMP")
        try video.encode(
            to: "\(volume.place)/\(temporary)", title: "\(plan.serial) \(plan.wearer)", start: piece.start,
            seconds: piece.duration, bytes: plan.bytesPerSegment, seed: plan.seed)
        try volume.move(temporary, to: piece.path)
    }

    private mutating func hash(_ path: CameraPath, on volume: borrowing CameraVolume) throws(DockError) -> Truth {
        let file = try volume.open(path)
        var bytes: Int64 = 0
        while true {
            var count = 0
            do throws(Errno) { count = try file.readFully(into: buffer) } catch { throw volume.failure(error, path) }
            if count == 0 { break }
            try digester.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            bytes += Int64(count)
        }
        return (bytes, try digester.finishSHA256())
    }

    private mutating func fill(
        _ file: borrowing Descriptor, _ bytes: Int64, of piece: Scenario.Piece, _ volume: borrowing CameraVolume
    ) throws(DockError) -> SHA256Digest {
        try noise.begin(piece.ordinal)
        var left = bytes
        while left > 0 {
            let stretch = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(min(left, Int64(buffer.count)))])
            try noise.fill(stretch)
            try digester.update(UnsafeRawBufferPointer(stretch))
            do throws(Errno) { try file.writeAll(UnsafeRawBufferPointer(stretch)) } catch {
                throw volume.failure(error, piece.path)
            }
            left -= Int64(stretch.count)
        }
        return try digester.finishSHA256()
    }

    private func finish(
        _ file: borrowing Descriptor, _ piece: Scenario.Piece, _ bytes: Int64, _ volume: borrowing CameraVolume
    ) throws(DockError) {
        do throws(Errno) {
            try damage(file, of: bytes, by: piece.damage)
            let end = timespec(
                tv_sec: Int(piece.end.milliseconds / 1000), tv_nsec: Int(piece.end.milliseconds % 1000) * 1_000_000)
            let times = [end, end]
            try retrying { futimens(file.number, times) }
        } catch {
            throw volume.failure(error, piece.path)
        }
    }

    private func damage(_ file: borrowing Descriptor, of bytes: Int64, by damage: Scenario.Piece.Damage?) throws(Errno)
    {
        let number = file.number
        switch damage {
        case .flippedBit:
            var byte: UInt8 = 0
            let middle = off_t(bytes / 2)
            try retrying { pread(number, &byte, 1, middle) }
            byte ^= 1
            try retrying { pwrite(number, &byte, 1, middle) }
        case .cutInHalf:
            try retrying { ftruncate(number, off_t(bytes / 2)) }
        case .grown:
            let more = [UInt8](repeating: 0x47, count: 512)
            try retrying { pwrite(number, more, more.count, off_t(bytes)) }
        case .removed, nil: break
        }
    }
}
