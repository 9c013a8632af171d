import DockCore

/// What the boxes of one track say: its kind (`hdlr`), its times (`mdhd`), its codec (`stsd`) and how many samples it has (`stsz`).
struct MovieTrack: Sendable {
    private var handler: FourCC?
    private var scale: UInt64 = 0
    private var duration: UInt64?
    private var samples: UInt64 = 0
    private var entry: [UInt8] = []

    /// Takes in the first bytes of a box; false if they make no sense.
    mutating func take(_ type: FourCC, _ bytes: [UInt8]) -> Bool {
        switch type {
        case "mdhd":
            guard let times = MovieTimes(bytes) else { return false }
            (scale, duration) = (times.scale, times.duration)
        case "hdlr":
            guard bytes.count >= 12 else { return false }
            handler = FourCC(bytes[8..<12])
        case "stsz", "stz2": samples = bytes.number(at: 8, bytes: 4)
        case "stsd":
            // Behind version and count comes the first entry: size, codec, and what goes with it.
            guard bytes.count >= 16 else { return bytes.count >= 8 && bytes.number(at: 4, bytes: 4) == 0 }
            let size = bytes.number(at: 8, bytes: 4)
            guard size >= 16 else { return false }
            entry = Array(bytes[8...].prefix(Int(min(size, 4096))))
        default: break
        }
        return true
    }

    /// Nil if it is no track of pictures.
    var video: MediaFacts.Video? {
        guard handler == "vide", entry.count >= 36 else { return nil }
        let codec = FourCC(entry[4..<8])
        // Both have 32 bits.
        let rate = duration.flatMap { Movie.ratio(samples * scale, $0) }
        return MediaFacts.Video(
            codec: MovieTrack.names[codec] ?? "\(codec)", format: "\(codec)" + (profile ?? ""),
            width: Int(entry.number(at: 32, bytes: 2)), height: Int(entry.number(at: 34, bytes: 2)),
            frames: samples > 0 ? Int64(samples) : nil, framesPerSecond: samples > 0 ? rate : nil)
    }

    /// Nil if it is no track of sound.
    var audio: MediaFacts.Audio? {
        guard handler == "soun", entry.count >= 36 else { return nil }
        let codec = FourCC(entry[4..<8])
        let told = codec == "mp4a" ? box("esds", from: entry.number(at: 16, bytes: 2) == 1 ? 52 : 36) : nil
        let stream = told.flatMap { ElementaryStream($0) }
        return MediaFacts.Audio(
            codec: stream.map { $0.codec ?? "\(codec)" } ?? MovieTrack.names[codec] ?? "\(codec)",
            format: "\(codec)\(stream?.suffix ?? "")",
            channels: stream?.channels ?? Int(entry.number(at: 24, bytes: 2)),
            sampleRate: stream?.sampleRate ?? Int(entry.number(at: 32, bytes: 2)))
    }

    /// Names as ffmpeg has them.
    private static let names: [FourCC: String] = [
        "avc1": "h264", "avc3": "h264", "hvc1": "hevc", "hev1": "hevc", "mp4v": "mpeg4", "av01": "av1", "jpeg": "mjpeg",
        "mjpa": "mjpeg", "s263": "h263", "vp09": "vp9", "sowt": "pcm_s16le", "twos": "pcm_s16be", "alaw": "pcm_alaw",
        "ulaw": "pcm_mulaw", "samr": "amr_nb", "Opus": "opus", "ac-3": "ac3", "fLaC": "flac",
    ]

    // MARK: Inside the entry

    /// Profile, constraints and level of H.264: three bytes of `avcC`.
    private var profile: String? {
        guard let box = box("avcC", from: 86), box.count >= 4 else { return nil }
        return "." + box[1..<4].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The content of a box among those that follow an entry's fixed part.
    private func box(_ type: FourCC, from start: Int) -> [UInt8]? {
        var at = start
        while at + 8 <= entry.count {
            let size = Int(entry.number(at: at, bytes: 4))
            guard size >= 8, size <= entry.count - at else { return nil }
            if FourCC(entry[at + 4..<at + 8]) == type { return Array(entry[at + 8..<at + size]) }
            at += size
        }
        return nil
    }
}
