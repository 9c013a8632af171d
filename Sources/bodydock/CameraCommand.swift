import ArgumentParser
import CameraMaker
import DockCore
import DockSystem
import Foundation

/// `bodydock camera`: cameras for demonstrations and tests.
struct CameraCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "camera", abstract: "Make cameras for demonstrations and tests.", subcommands: [Make.self])

    /// `bodydock camera make DIR`.
    struct Make: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a believable camera, whole or broken, in a new or empty folder.",
            discussion: """
                The folder holds what a camera's volume would: DCIM/100MEDIA/BWC0042_004711_20261001_083000_0001.MP4 and so on, \
                the manifest of the profile, and a settings file of the camera. The same options and --start make the same camera.

                Each --break breaks one thing and leaves all else as it would be.
                \(CameraPlan.Profile.faultTable)
                """)

        @Argument(help: ArgumentHelp("A new or empty folder.", valueName: "dir"))
        var directory: String

        @Option(
            help:
                "How the camera lists its footage: its own manifest, SHA256SUMS, NAME.sha256 beside each file, or not at all."
        )
        var profile = CameraPlan.Profile.bodydock

        @Option(help: "Number of recordings.")
        var recordings = 2

        @Option(help: ArgumentHelp("Segments in each recording.", valueName: "per-recording"))
        var segments = 2

        @Flag(help: "H.264 video made by ffmpeg, instead of pseudo-random bytes.")
        var video = false

        @Option(
            help: ArgumentHelp(
                "Size of a segment, such as '16 MiB'; roughly so for video. (default: 1 MiB, or what the video needs)",
                valueName: "size"))
        var bytes: ByteSize?

        @Option(help: "Seconds of footage in a segment. (default: 60, or 20 for video)")
        var seconds: Double?

        @Option(help: "Serial number of the camera.")
        var serial = "BWC0042"

        @Option(help: "Badge of the wearer.")
        var wearer = "004711"

        @Option(
            help: ArgumentHelp(
                "When the first footage begins, RFC 3339. (default: 08:30 UTC, so recent that all of it is over)",
                valueName: "time"))
        var start: Moment?

        @Option(
            help: ArgumentHelp(
                "What the camera's clock shows in the end, RFC 3339. (default: shortly after the last footage)",
                valueName: "time"))
        var clock: Moment?

        @Option(
            help: ArgumentHelp(
                "Seconds that a recording begins before its trigger. (default: 30, or half of a shorter recording)",
                valueName: "seconds"))
        var preRecord: Double?

        @Option(
            name: .customLong("flag"),
            help: ArgumentHelp(
                "Number of a recording, from 1, that the wearer marked; can be given several times.",
                valueName: "number"))
        var flagged: [Int] = []

        @Option(help: "Decides the bytes, the pauses and the numbers.")
        var seed: UInt64 = 1

        @Option(help: ArgumentHelp("Sign the manifest with the Ed25519 key in this PEM file.", valueName: "keyfile"))
        var sign: String?

        @Option(
            name: .customLong("break"),
            help: ArgumentHelp("Break one thing (see above); can be given several times.", valueName: "fault"))
        var faults: [CameraFault] = []

        @Option(help: ArgumentHelp("Lines that --break many-entries adds.", valueName: "count"))
        var entries = 1_000_000

        func run() throws {
            do {
                report(try CameraMaker.make(plan(now: WallClock.now()), at: directory))
            } catch {
                Console.complain(error)
                throw error.code == .configuration ? ExitCode.validationFailure : ExitCode.failure
            }
        }
    }
}

extension CameraCommand.Make {
    /// The plan that the options ask for.
    func plan(now: Instant) -> CameraPlan {
        var plan = CameraPlan(now: now)
        plan.profile = profile
        plan.recordings = recordings
        plan.segmentsPerRecording = segments
        plan.video = video
        plan.bytesPerSegment = bytes?.count
        plan.secondsPerSegment = seconds
        plan.serial = serial
        plan.wearer = wearer
        plan.start = start?.instant
        plan.clock = clock?.instant
        plan.preRecordSeconds = preRecord
        plan.flagged = Set(flagged)
        plan.seed = seed
        plan.signingKeyFile = sign
        plan.faults = Set(faults)
        plan.entries = entries
        return plan
    }

    private func report(_ camera: MadeCamera) {
        let size = ByteCount.text(camera.bytes)
        Console.say(
            "made camera \(camera.serial), worn by \(camera.wearer), profile \(profile.rawValue), in \(directory)")
        Console.say("  \(camera.recordings) recordings, \(camera.segments.count) segments, \(size)")
        if let first = camera.segments.first?.start { Console.say("  from \(first); camera's clock \(camera.clock)") }
        if let key = camera.publicKey { Console.say("  signed; public key to pin: \(Hex.encode(key))") }
        for place in camera.breaks {
            Console.say("  broken: \(place.fault.rawValue), \(place.place): \(place.fault.explanation)")
        }
    }
}

extension CameraPlan.Profile {
    /// The faults, grouped by the profiles that can show them.
    fileprivate static var faultTable: String {
        let groups = Dictionary(grouping: CameraFault.allCases, by: \.profiles).sorted { $0.key.count > $1.key.count }
        return groups.map { profiles, faults in
            let names = profiles.map(\.rawValue).joined(separator: ", ")
            let rows = faults.map {
                "  " + $0.rawValue.padding(toLength: 19, withPad: " ", startingAt: 0) + $0.explanation
            }
            return "With \(names):\n" + rows.joined(separator: "\n")
        }.joined(separator: "\n")
    }
}

/// A number of bytes on the command line, with a unit.
struct ByteSize: ExpressibleByArgument {
    /// Bytes.
    let count: Int64

    /// Takes what ``ByteCount`` reads.
    init?(argument: String) {
        guard let count = ByteCount.parse(argument) else { return nil }
        self.count = count
    }
}

/// A moment on the command line, as RFC 3339.
struct Moment: ExpressibleByArgument {
    /// The moment.
    let instant: Instant

    /// Takes RFC 3339 with any offset.
    init?(argument: String) {
        guard let instant = Instant(rfc3339: argument) else { return nil }
        self.instant = instant
    }
}

extension CameraPlan.Profile: ExpressibleByArgument {}
extension CameraFault: ExpressibleByArgument {}
