import DockCore
import DockIntake
import DockTestSupport
import Foundation
import Testing

/// What a file says of itself, against ffprobe on files that ffmpeg made.
@Suite struct MediaReaderTests {
    /// What ffprobe says.
    private struct Probe: Decodable {
        struct Stream: Decodable {
            let codec_type: String
            let codec_name: String
            let codec_tag_string: String
            let width: Int?
            let height: Int?
            let avg_frame_rate: String?
            let nb_frames: String?
            let channels: Int?
            let sample_rate: String?
        }
        struct Format: Decodable {
            let duration: String
            let tags: [String: String]?
        }
        let streams: [Stream]
        let format: Format

        init(_ path: String) throws {
            let run = try Tool.run("ffprobe", ["-v", "error", "-show_streams", "-show_format", "-of", "json", path])
            self = try JSONDecoder().decode(Probe.self, from: run.output)
        }
    }

    /// ffmpeg's options behind two inputs, a picture of 30000/1001 a second and a tone of 16 kHz.
    private static let kinds: [String: [String]] = [
        "mp4": ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-ac", "2"],
        "front.mp4": ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-movflags", "+faststart"],
        "mute.mp4": ["-c:v", "mpeg4", "-an"],
        "hevc.mp4": [
            "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-c:a", "libmp3lame", "-ac",
            "2",
        ],
        "mov": ["-c:v", "mjpeg", "-c:a", "pcm_s16le"],
        "pieces.mp4": ["-c:v", "libx264", "-preset", "ultrafast", "-an", "-movflags", "+frag_keyframe+empty_moov"],
    ]

    private static func make(_ kind: String, in folder: TemporaryFolder) throws -> String {
        let path = folder.at("video.\(kind)")
        let inputs = [
            "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=size=162x90:rate=30000/1001:duration=0.5",
            "-f", "lavfi",
            "-i", "sine=sample_rate=16000:duration=0.5", "-metadata", "creation_time=2026-11-24T08:30:00Z", "-threads",
            "1",
        ]
        let made = try Tool.run("ffmpeg", inputs + (kinds[kind] ?? []) + [path])
        try #require(made.status == 0, "\(kind): \(made.errors)")
        return path
    }

    private static func facts(_ bytes: [UInt8], pieces: Int = 65_536) -> MediaFacts {
        var reader = MediaReader()
        bytes.withUnsafeBytes { all in
            for start in stride(from: 0, to: all.count, by: pieces) {
                reader.take(UnsafeRawBufferPointer(rebasing: all[start..<min(start + pieces, all.count)]))
            }
        }
        return reader.facts
    }

    @Test(arguments: kinds.keys.sorted())
    func aRealFileIsWhatFfprobeSays(_ kind: String) throws {
        let folder = try TemporaryFolder()
        let path = try MediaReaderTests.make(kind, in: folder)
        let probe = try Probe(path)
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        let facts = MediaReaderTests.facts(bytes)
        for pieces in [1, 7, 4096] { #expect(MediaReaderTests.facts(bytes, pieces: pieces) == facts) }
        #expect(facts.unreadable == nil)
        #expect(facts.container == (kind == "mov" ? "quicktime" : "mp4"))
        #expect(facts.created.map { "\($0)" } == "2026-11-24T08:30:00Z")
        #expect(probe.format.tags?["creation_time"]?.hasPrefix("2026-11-24T08:30:00") == true)
        let videos = probe.streams.filter { $0.codec_type == "video" }
        #expect(facts.video.map(\.codec) == videos.map(\.codec_name))
        #expect(facts.video.map(\.width) == videos.map(\.width) && facts.video.map(\.height) == videos.map(\.height))
        for (track, stream) in zip(facts.video, videos) { #expect(track.format.hasPrefix(stream.codec_tag_string)) }
        let audios = probe.streams.filter { $0.codec_type == "audio" }
        #expect(facts.audio.map(\.codec) == audios.map(\.codec_name))
        #expect(facts.audio.map(\.channels) == audios.map(\.channels))
        #expect(facts.audio.map { "\($0.sampleRate)" } == audios.map(\.sample_rate))
        guard kind != "pieces.mp4" else {
            // Its index counts nothing: that is in the pieces.
            #expect(facts.video[0].frames == nil && facts.video[0].framesPerSecond == nil)
            return
        }
        #expect(facts.video.map { "\($0.frames ?? 0)" } == videos.map(\.nb_frames))
        let rate = try #require(videos[0].avg_frame_rate).split(separator: "/").compactMap { Double($0) }
        #expect(abs((facts.video[0].framesPerSecond ?? 0) - rate[0] / rate[1]) < 0.001)
        #expect(abs((facts.seconds ?? 0) - (Double(probe.format.duration) ?? -1)) < 0.0011)
    }

    @Test func aFileThatWasCutOffAnywhereIsNotReadableAndSaysWhy() throws {
        let folder = try TemporaryFolder()
        for kind in ["mp4", "front.mp4"] {
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: MediaReaderTests.make(kind, in: folder))))
            #expect(MediaReaderTests.facts(bytes).unreadable == nil)
            for length in stride(from: 0, to: bytes.count, by: 61) {
                let facts = MediaReaderTests.facts(Array(bytes[..<length]))
                #expect(facts.unreadable != nil && facts.video.isEmpty, "\(kind): \(length) of \(bytes.count) bytes")
            }
        }
    }

    /// Whatever a byte becomes: no crash, no hang, and an answer.
    @Test func aDamagedIndexHarmsNothing() throws {
        let folder = try TemporaryFolder()
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: MediaReaderTests.make("mp4", in: folder))))
        let index = try #require((4..<bytes.count - 4).last { Array(bytes[$0..<$0 + 4]) == Array("moov".utf8) })
        var answers = Set<MediaFacts>()
        for place in index - 4..<bytes.count {
            for value in [UInt8(0), 0xff] where bytes[place] != value {
                var changed = bytes
                changed[place] = value
                answers.insert(MediaReaderTests.facts(changed))
            }
        }
        #expect(answers.contains { $0.unreadable != nil } && answers.contains { $0.unreadable == nil })
    }

    // MARK: Files that nobody's camera wrote

    private static func box(_ type: String, _ content: [UInt8] = [], size: UInt32? = nil) -> [UInt8] {
        let size = size ?? UInt32(8 + content.count)
        return (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } + Array(type.utf8) + content
    }

    private static func wide(_ type: String, size: UInt64, _ content: [UInt8] = []) -> [UInt8] {
        box(type, (0..<8).map { UInt8(truncatingIfNeeded: size >> (56 - 8 * $0)) } + content, size: 1)
    }

    private static let front = box("ftyp", Array("isom".utf8) + [0, 0, 0, 0])

    private static let hostile: [(name: String, bytes: [UInt8], says: String)] = [
        ("nothing", [], "empty"),
        ("text", Array("hello, this is no video".utf8), "does not begin as an MP4"),
        ("AVI", Array("RIFF".utf8) + [0, 0, 0, 0] + Array("AVI LIST".utf8), "another kind: AVI"),
        ("JPEG", [0xff, 0xd8, 0xff, 0xe0, 0, 16] + Array("JFIF".utf8), "another kind: JPEG"),
        (
            "transport stream", (0..<3).flatMap { _ in [0x47] + [UInt8](repeating: 0xff, count: 187) },
            "another kind: MPEG"
        ),
        ("no index", front + box("mdat", [1, 2, 3]), "no index"),
        ("to the end", front + box("mdat", [1, 2, 3], size: 0), "no index"),
        ("index without size", front + box("moov", [], size: 0), "no size"),
        ("zero sizes within", front + box("moov", (0..<1000).flatMap { _ in box("free", size: 0) }), "no size"),
        ("smaller than its head", front + box("free", size: 7), "smaller than its head"),
        ("wide and smaller", front + wide("free", size: 15), "smaller than its head"),
        ("wide and enormous", front + wide("mdat", size: .max - 3), "larger than"),
        ("wide and missing", front + wide("mdat", size: 1 << 62), "bytes of box 'mdat' are missing"),
        ("larger than its parent", front + box("moov", box("trak", size: 5000)), "larger than the one that it lies in"),
        ("two indexes", front + box("moov") + box("moov"), "several indexes"),
        ("many tracks", front + box("moov", (0..<40).flatMap { _ in box("trak") }), "more than 32 tracks"),
        ("short times", front + box("moov", box("mvhd", [0, 0, 0, 0])), "'mvhd' makes no sense"),
        ("head of a box", front + [0, 0, 0], "within the head of a box"),
    ]

    @Test func whatIsNoVideoSaysSo() {
        for (name, bytes, words) in MediaReaderTests.hostile {
            for pieces in [1, 5, 65_536] {
                let facts = MediaReaderTests.facts(bytes, pieces: pieces)
                #expect(facts.unreadable?.contains(words) == true, "\(name): \(facts)")
                #expect(facts.container == nil && facts.video.isEmpty)
            }
        }
        // Any number of boxes without content, and a chain of boxes in boxes, are gone through without memory or depth.
        let tail = MediaReaderTests.box("moov", [])
        let empty = (0..<200_100).flatMap { _ in MediaReaderTests.box("free") }
        #expect(MediaReaderTests.facts(MediaReaderTests.front + empty + tail).unreadable?.contains("boxes") == true)
        var deep: [UInt8] = []
        for _ in 0..<2000 { deep = MediaReaderTests.box("trak", deep) }
        #expect(MediaReaderTests.facts(MediaReaderTests.front + MediaReaderTests.box("moov", deep)).unreadable == nil)
    }
}
