import DockCore

/// What was filmed when, and what lies where: the whole camera before a byte of it is written.
struct Scenario {
    /// A recording as it will be listed.
    struct Take {
        var sequence: UInt64
        var trigger: Instant
        var preRecord: Double
        var warning: Recording.SpokenWarning
        var segments: [Piece]

        var name: String { "R" + padded(sequence, to: 6) }
    }

    /// A segment as it will be made and listed.
    struct Piece {
        enum Content: Equatable {
            case footage
            case nothing
            /// Listed only: the very first segment once more.
            case firstAgain
            /// Listed only, under a name that no ``CameraPath`` can have.
            case phantom(String)
        }

        enum Damage {
            case flippedBit, cutInHalf, grown, removed
        }

        /// Decides the bytes of the footage: the same whatever the segment is called.
        var ordinal: Int
        /// From 1, within the recording.
        var number: Int
        /// The running number in the file name.
        var sequence: Int
        var path: CameraPath
        var start: Instant
        var duration: Double
        var content = Content.footage
        var damage: Damage?
        /// What the manifest says too much of its bytes.
        var sizeError: Int64 = 0
        var isListed = true

        var end: Instant { start.adding(seconds: duration) }
    }

    /// What lies on the camera and is no file.
    enum Special {
        case link(to: String)
        case pipe
    }

    var takes: [Take]
    var specials: [(path: CameraPath, kind: Special)] = []
    var clock: Instant
    var battery: Int

    /// A whole camera: recordings with pauses of 3 to 20 minutes between them.
    init(_ plan: CameraPlan) throws(DockError) {
        var chance = SplitMix64(seed: plan.seed)
        battery = chance.next(in: 20...95)
        let firstNumber = UInt64(chance.next(in: 1...900))
        let length = plan.segmentSeconds * Double(plan.segmentsPerRecording)
        var offset = 0.0
        var offsets: [Double] = []
        for _ in 0..<plan.recordings {
            offsets.append(offset)
            offset += (length + Double(chance.next(in: 180...1200))).rounded(.up)
        }
        let start = try Scenario.start(plan, lasting: offset)
        clock = plan.clock ?? start.adding(seconds: offset)
        takes = []
        takes.reserveCapacity(plan.recordings)
        for (index, offset) in offsets.enumerated() {
            takes.append(
                try Scenario.take(
                    plan, from: start.adding(seconds: offset), sequence: firstNumber + UInt64(index),
                    firstOrdinal: index * plan.segmentsPerRecording))
        }
    }

    /// The plan's start or the default one, if all of the footage then lies in years that file names can carry.
    private static func start(_ plan: CameraPlan, lasting seconds: Double) throws(DockError) -> Instant {
        let day = 86_400.0
        let halfPastEight = 8.5 * 3600
        let latest = plan.now.adding(seconds: -seconds - halfPastEight).seconds(since: Instant(milliseconds: 0))
        let start =
            plan.start ?? Instant(milliseconds: 0).adding(seconds: (latest / day).rounded(.down) * day + halfPastEight)
        guard start >= Instant(milliseconds: 0), start.adding(seconds: seconds + 2 * day).civilDate.year <= 9999 else {
            throw DockError(
                .configuration, "cannot make such a camera", at: "start",
                because: "its footage would begin before 1970 or end after 9999",
                next: "give another --start or fewer recordings")
        }
        return start
    }

    private static func take(
        _ plan: CameraPlan, from start: Instant, sequence: UInt64, firstOrdinal: Int
    ) throws(DockError) -> Take {
        let warnings: [Recording.SpokenWarning] = [.before, .after, .none]
        var take = Take(
            sequence: sequence, trigger: start.adding(seconds: plan.preRecord), preRecord: plan.preRecord,
            warning: warnings[Int(sequence % 3)], segments: [])
        take.segments.reserveCapacity(plan.segmentsPerRecording)
        for index in 0..<plan.segmentsPerRecording {
            let begin = start.adding(seconds: Double(index) * plan.segmentSeconds)
            let ordinal = firstOrdinal + index
            take.segments.append(
                Piece(
                    ordinal: ordinal, number: index + 1, sequence: ordinal + 1,
                    path: try path(plan, sequence: ordinal + 1, start: begin), start: begin,
                    duration: plan.segmentSeconds))
        }
        return take
    }

    /// `DCIM/100MEDIA/BWC0042_004711_20261001_083000_0001.MP4`: folders are numbered from 100 to 999 (DCF, JEITA CP-3461),
    /// and a new one begins after 999 files, as on many cameras.
    static func path(_ plan: CameraPlan, sequence: Int, start: Instant) throws(DockError) -> CameraPath {
        // `2026-10-01T08:30:00.250Z` to `20261001_083000`.
        let moment = start.description.utf8.prefix(19).filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }
            .map { $0 == UInt8(ascii: "T") ? UInt8(ascii: "_") : $0 }
        let folder = 100 + (sequence - 1) / 999
        let name =
            "\(plan.serial)_\(plan.wearer)_\(String(decoding: moment, as: UTF8.self))_\(padded(UInt64(sequence), to: 4)).MP4"
        return try CameraPath("DCIM/\(folder)MEDIA/\(name)")
    }
}

/// `number` with zeros before it, at least `width` digits.
func padded(_ number: UInt64, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
