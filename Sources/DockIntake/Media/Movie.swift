import DockCore

/// What the boxes of a movie say (ISO/IEC 14496-12: 4.3 `ftyp`, 8.2.2 `mvhd`, 8.4 `mdia`, 8.5 `stbl`, 8.8.2 `mehd`).
struct Movie: Sendable {
    static let trackLimit = 32

    private var brand: FourCC?
    private var hasIndex = false
    private var created: UInt64 = 0
    private var scale: UInt64 = 0
    private var duration: UInt64?
    private var fragments: UInt64?
    private var tracks: [MovieTrack] = []

    /// How many bytes of a box are needed; nil for none.
    static func wanted(_ type: FourCC, in parent: FourCC?) -> Int? {
        switch (parent, type) {
        case (nil, "ftyp"): 8
        case ("moov", "mvhd"), ("mdia", "mdhd"): 32
        case ("mvex", "mehd"): 12
        case ("mdia", "hdlr"): 12
        case ("stbl", "stsd"): 4096
        case ("stbl", "stsz"), ("stbl", "stz2"): 12
        default: nil
        }
    }

    /// A box that is descended into begins; false if there are too many.
    mutating func enter(_ type: FourCC) -> Bool {
        if type == "moov" {
            defer { hasIndex = true }
            return !hasIndex
        }
        if type == "trak" { tracks.append(MovieTrack()) }
        return tracks.count <= Movie.trackLimit
    }

    /// Takes in the first bytes of a box; false if they make no sense.
    mutating func take(_ type: FourCC, _ bytes: [UInt8]) -> Bool {
        switch type {
        case "ftyp":
            guard bytes.count >= 4 else { return false }
            brand = FourCC(bytes[..<4])
        case "mvhd":
            guard let times = MovieTimes(bytes) else { return false }
            (created, scale, duration) = (times.created, times.scale, times.duration)
        case "mehd": fragments = bytes.number(at: 4, bytes: bytes.first == 1 ? 8 : 4)
        default:
            guard let last = tracks.indices.last else { return false }
            return tracks[last].take(type, bytes)
        }
        return true
    }

    /// What it comes to.
    var facts: MediaFacts {
        guard hasIndex else {
            return MediaFacts(
                unreadable: "it has no index (box 'moov'): the camera did not finish it, or it was cut off")
        }
        let length = duration.flatMap { $0 > 0 ? $0 : nil } ?? fragments
        return MediaFacts(
            container: brand == nil || brand == "qt  " ? "quicktime" : "mp4", brand: brand.map { "\($0)" },
            created: Movie.moment(created), seconds: length.flatMap { Movie.ratio($0, scale) },
            video: tracks.compactMap(\.video), audio: tracks.compactMap(\.audio))
    }

    /// To a thousandth; nil for what is none.
    static func ratio(_ count: UInt64, _ scale: UInt64) -> Double? {
        guard scale > 0 else { return nil }
        let value = (Double(count) / Double(scale) * 1000).rounded() / 1000
        return value < 1e9 ? value : nil
    }

    /// Seconds since 1904, as the standard has it; a number that would be before 1970 is taken for seconds since 1970, which some cameras write
    /// (ffmpeg does so too). Nil for zero, and for what is no date.
    private static func moment(_ seconds: UInt64) -> Instant? {
        let between: UInt64 = 2_082_844_800
        let since1970 = seconds >= between ? seconds - between : seconds
        return seconds > 0 && since1970 <= 253_402_300_799 ? Instant(seconds: Int64(since1970)) : nil
    }
}

/// The times of `mvhd` and `mdhd`, which begin alike.
struct MovieTimes {
    let created: UInt64
    let scale: UInt64
    /// Nil if it is not known.
    let duration: UInt64?

    init?(_ bytes: [UInt8]) {
        let isWide = bytes.first == 1
        guard bytes.count >= (isWide ? 32 : 20) else { return nil }
        created = bytes.number(at: 4, bytes: isWide ? 8 : 4)
        scale = bytes.number(at: isWide ? 20 : 12, bytes: 4)
        let duration = bytes.number(at: isWide ? 24 : 16, bytes: isWide ? 8 : 4)
        self.duration = duration == (isWide ? .max : UInt64(UInt32.max)) ? nil : duration
    }
}
