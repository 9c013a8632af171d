/// What a file is that is no MP4, by its first bytes: for a reason that a person understands.
enum MediaKind: String {
    case avi = "AVI"
    case transportStream = "MPEG transport stream"
    case matroska = "Matroska or WebM"
    case jpeg = "JPEG"
    case wave = "WAVE"

    /// First bytes that are needed.
    static let window = 189

    init?(_ start: [UInt8]) {
        if start.starts(with: "RIFF".utf8), start.count >= 12 {
            if start[8..<12].elementsEqual("AVI ".utf8) { self = .avi; return }
            if start[8..<12].elementsEqual("WAVE".utf8) { self = .wave; return }
        }
        if start.starts(with: [0x1a, 0x45, 0xdf, 0xa3]) {
            self = .matroska
        } else if start.starts(with: [0xff, 0xd8, 0xff]) {
            self = .jpeg
        } else if start.count == MediaKind.window, start[0] == 0x47, start[188] == 0x47 {
            self = .transportStream
        } else {
            return nil
        }
    }

    /// Why nothing is read of it.
    var reason: String { "it is a file of another kind: \(rawValue)" }

    /// Whether a file of this family may begin with this box.
    static func beginsMovie(_ type: FourCC) -> Bool {
        ["ftyp", "moov", "mdat", "free", "skip", "wide", "pnot", "uuid", "styp"].contains(type)
    }
}
