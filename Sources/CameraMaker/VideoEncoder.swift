import DockCore
import Foundation

/// Real H.264 in MP4, made by the `ffmpeg` program: a moving test picture with the camera's name and time burnt in, as body
/// cameras do.
struct VideoEncoder {
    private let program: String
    private let font: String?

    /// Finds the program along `searchPath` (as in `PATH`).
    init(searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "") throws(DockError) {
        let programs = searchPath.split(separator: ":").map { "\($0)/ffmpeg" }
        guard let program = programs.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw DockError(
                .notFound, "cannot make video", at: "ffmpeg", because: "the program is not installed (not along PATH)",
                next: "apt install ffmpeg, or make a camera without --video")
        }
        self.program = program
        // Without a font the time is only in the file's metadata.
        font = [
            "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        ]
        .first { FileManager.default.isReadableFile(atPath: $0) }
    }

    /// Makes one segment.
    /// - Parameters:
    ///   - file: where; must not exist.
    ///   - title: what is burnt in before the time: letters, digits and `-`.
    ///   - start: the moment of the first picture.
    ///   - seconds: its length.
    ///   - bytes: its size, met roughly through the bit rate; nil for what a constant quality needs.
    func encode(to file: String, title: String, start: Instant, seconds: Double, bytes: Int64?, seed: UInt64)
        throws(DockError)
    {
        let picture = "testsrc2=size=640x360:rate=25:duration=\(seconds)\(caption(title, start))"
        var arguments = ["-nostdin", "-hide_banner", "-loglevel", "error", "-n", "-f", "lavfi", "-i", picture]
        // One thread and no versions in the file: the same plan gives the same bytes.
        arguments += ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-threads", "1"]
        arguments += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50"]
        if let bytes {
            let rate = String(max(1000, Int64(Double(bytes) * 8 / seconds)))
            arguments += [
                "-b:v", rate, "-minrate", rate, "-maxrate", rate, "-bufsize", rate, "-x264-params", "nal-hrd=cbr",
            ]
        }
        arguments += [
            "-metadata", "creation_time=\(start)", "-metadata", "comment=\(title) seed \(seed)", "-f", "mp4",
            "file:\(file)",
        ]
        try run(arguments, for: file)
    }

    private func caption(_ title: String, _ start: Instant) -> String {
        guard let font else { return "" }
        let time = "%{pts\\:gmtime\\:\(start.milliseconds / 1000)}"
        return
            ",drawtext=fontfile=\(font):fontsize=20:fontcolor=white:box=1:boxcolor=black:x=8:y=h-32:text='\(title) \(time)'"
    }

    private func run(_ arguments: [String], for file: String) throws(DockError) {
        let process = Process()
        let complaints = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = complaints
        do { try process.run() } catch { throw VideoEncoder.failure(file, "\(program) does not start: \(error)") }
        let text = String(decoding: complaints.fileHandleForReading.readDataToEndOfFile().prefix(2000), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            let reason =
                text.split(separator: "\n").last.map(String.init) ?? "it ended with status \(process.terminationStatus)"
            throw VideoEncoder.failure(file, reason)
        }
    }

    private static func failure(_ file: String, _ reason: String) -> DockError {
        DockError(
            .library, "cannot make video", at: file, because: "ffmpeg: \(reason)",
            next: "check that the disk has room and that ffmpeg has libx264")
    }
}
