/// What a file of footage says of itself in its container's header, word for word as the camera wrote it: nothing of it is checked or
/// corrected.
public struct MediaFacts: Hashable, Sendable, Codable {
    /// A track of pictures.
    public struct Video: Hashable, Sendable, Codable {
        /// `h264`, `hevc`, …, as ffmpeg names it; the container's own four characters where that has no other name.
        public var codec: String
        /// The codec as RFC 6381 writes it, such as `avc1.640028`, as far as it is known.
        public var format: String
        /// Picture size in pixels.
        public var width: Int
        /// Picture size in pixels.
        public var height: Int
        /// Pictures; nil where the header does not count them.
        public var frames: Int64?
        /// Average frame rate, to a thousandth; nil where it does not follow.
        public var framesPerSecond: Double?

        /// Takes all values.
        public init(
            codec: String, format: String, width: Int, height: Int, frames: Int64? = nil,
            framesPerSecond: Double? = nil
        ) {
            self.codec = codec
            self.format = format
            self.width = width
            self.height = height
            self.frames = frames
            self.framesPerSecond = framesPerSecond
        }
    }

    /// A track of sound.
    public struct Audio: Hashable, Sendable, Codable {
        /// As of ``Video``.
        public var codec: String
        /// As of ``Video``.
        public var format: String
        /// Channels.
        public var channels: Int
        /// Samples a second.
        public var sampleRate: Int

        /// Takes all values.
        public init(codec: String, format: String, channels: Int, sampleRate: Int) {
            self.codec = codec
            self.format = format
            self.channels = channels
            self.sampleRate = sampleRate
        }
    }

    /// `mp4` or `quicktime`; nil if it could not be read.
    public var container: String?
    /// The brand that it gives itself, such as `isom`.
    public var brand: String?
    /// When it was made, by the camera's clock.
    public var created: Instant?
    /// How long it is, to a thousandth; nil where it does not say.
    public var seconds: Double?
    /// Tracks of pictures.
    public var video: [Video]
    /// Tracks of sound.
    public var audio: [Audio]
    /// Why nothing could be read; nil if it could.
    public var unreadable: String?

    /// What was read.
    public init(
        container: String, brand: String? = nil, created: Instant? = nil, seconds: Double? = nil, video: [Video] = [],
        audio: [Audio] = []
    ) {
        self.container = container
        self.brand = brand
        self.created = created
        self.seconds = seconds
        self.video = video
        self.audio = audio
    }

    /// Nothing could be read.
    public init(unreadable why: String) {
        unreadable = why
        (video, audio) = ([], [])
    }
}

extension MediaFacts {
    private enum CodingKeys: String, CodingKey {
        case container, brand, created, seconds, video, audio, unreadable
    }

    /// Tracks that there are none of may be left out.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        container = try values.decodeIfPresent(String.self, forKey: .container)
        brand = try values.decodeIfPresent(String.self, forKey: .brand)
        created = try values.decodeIfPresent(Instant.self, forKey: .created)
        seconds = try values.decodeIfPresent(Double.self, forKey: .seconds)
        video = try values.decodeIfPresent([Video].self, forKey: .video) ?? []
        audio = try values.decodeIfPresent([Audio].self, forKey: .audio) ?? []
        unreadable = try values.decodeIfPresent(String.self, forKey: .unreadable)
    }

    /// Leaves out tracks that there are none of.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encodeIfPresent(container, forKey: .container)
        try values.encodeIfPresent(brand, forKey: .brand)
        try values.encodeIfPresent(created, forKey: .created)
        try values.encodeIfPresent(seconds, forKey: .seconds)
        if !video.isEmpty { try values.encode(video, forKey: .video) }
        if !audio.isEmpty { try values.encode(audio, forKey: .audio) }
        try values.encodeIfPresent(unreadable, forKey: .unreadable)
    }
}

extension MediaFacts: CustomStringConvertible {
    /// On one line: `h264 1920×1080, 25 fps; aac; 60.02 s`.
    public var description: String {
        if let unreadable { return unreadable }
        let pictures = video.map { track in
            "\(track.codec) \(track.width)×\(track.height)"
                + (track.framesPerSecond.map { ", \(MediaFacts.short($0)) fps" } ?? "")
        }
        return (pictures + audio.map(\.codec) + [seconds.map { "\(MediaFacts.short($0)) s" }].compactMap(\.self))
            .joined(separator: "; ")
    }

    private static func short(_ number: Double) -> String {
        let text = "\(number)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
