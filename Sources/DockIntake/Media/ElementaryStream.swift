/// What an `esds` box says of sound (ISO/IEC 14496-1, 7.2.6): the kind, and for AAC its configuration (ISO/IEC 14496-3, 1.6.2.1), which is
/// right where the fields of the sample's entry are by custom always two channels.
struct ElementaryStream {
    /// As ffmpeg names it; nil if it is another.
    let codec: String?
    /// What RFC 6381 puts behind `mp4a`.
    let suffix: String
    /// Nil where it does not say.
    let channels: Int?
    /// Samples a second; nil where it does not say.
    let sampleRate: Int?

    private static let codecs: [UInt8: String] = [
        0x40: "aac", 0x66: "aac", 0x67: "aac", 0x68: "aac", 0x69: "mp3", 0x6b: "mp3",
    ]
    private static let rates = [
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350,
    ]

    /// Reads the content of the box, behind its head; nil if it makes no sense.
    init?(_ box: [UInt8]) {
        var at = 4
        /// Goes on inside the next description if it has this tag.
        func open(_ tag: UInt8) -> Bool {
            guard at < box.count, box[at] == tag else { return false }
            at += 1
            for _ in 0..<4 where at < box.count {
                at += 1
                if box[at - 1] & 0x80 == 0 { return true }
            }
            return false
        }
        guard open(3), at + 3 <= box.count else { return nil }
        let flags = box[at + 2]
        at += 3
        // A dependence, an address and a clock may stand in between.
        if flags & 0x80 != 0 { at += 2 }
        if flags & 0x40 != 0, at < box.count { at += 1 + Int(box[at]) }
        if flags & 0x20 != 0 { at += 2 }
        guard open(4), at + 13 <= box.count else { return nil }
        let kind = box[at]
        at += 13
        codec = ElementaryStream.codecs[kind]
        guard kind == 0x40, open(5), at + 2 <= box.count else {
            suffix = "." + String(kind, radix: 16)
            (channels, sampleRate) = (nil, nil)
            return
        }
        // 5 bits kind of AAC, 4 bits sample rate, 4 bits channels; other lengths are rare, and then nothing is said.
        let bits = box.number(at: at, bytes: 2)
        let (object, rate, layout) = (bits >> 11, Int(bits >> 7 & 15), Int(bits >> 3 & 15))
        let isPlain = object != 31 && rate != 15
        suffix = ".40" + (object == 31 ? "" : ".\(object)")
        channels = isPlain && (1...7).contains(layout) ? (layout == 7 ? 8 : layout) : nil
        sampleRate = isPlain && rate < ElementaryStream.rates.count ? ElementaryStream.rates[rate] : nil
    }
}
