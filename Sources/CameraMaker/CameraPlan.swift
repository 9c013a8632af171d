import DockCore

/// What a made camera shall be like. Everything but the moment has a default; the same plan always makes the same camera
/// (video as far as the same `ffmpeg` does).
public struct CameraPlan: Sendable, Equatable {
    /// How a camera lists its footage. File names are the same for all:
    /// `DCIM/100MEDIA/{device}_{wearer}_{date}_{time}_{sequence}.MP4`.
    public enum Profile: String, Sendable, CaseIterable {
        /// The project's own manifest, `BODYDOCK/manifest.jsonl` (`docs/manifest.md`).
        case bodydock
        /// `SHA256SUMS` at the root, GNU lines, names relative to the root.
        case sums = "dcim-sums"
        /// `NAME.sha256` beside each file, as `sha256sum NAME` writes it.
        case sidecar = "dcim-sidecar"
        /// Nothing but the files.
        case plain = "dcim-plain"
    }

    /// The moment at which the camera is docked; only used for the default of ``start``.
    public var now: Instant
    /// How the camera lists its footage.
    public var profile: Profile = .bodydock
    /// Number of recordings.
    public var recordings = 2
    /// Segments in each recording.
    public var segmentsPerRecording = 2
    /// H.264 video made by `ffmpeg`; otherwise pseudo-random bytes.
    public var video = false
    /// Bytes of a segment. Nil: 1 MiB, or whatever the video needs; for video it sets the bit rate, so the size is met roughly.
    public var bytesPerSegment: Int64?
    /// Seconds of footage in a segment. Nil: 60, or 20 for video.
    public var secondsPerSegment: Double?
    /// The camera's serial number: 1 to 64 letters, digits and `-`, as file names can carry it.
    public var serial = "BWC0042"
    /// The wearer's badge: 1 to 64 letters, digits and `-`.
    public var wearer = "004711"
    /// When the first footage begins. Nil: at 08:30 UTC of the last day from which all footage ends before ``now``.
    public var start: Instant?
    /// What the camera's clock shows in the end. Nil: the end of its last pause.
    public var clock: Instant?
    /// Seconds that a recording begins before its trigger. Nil: 30, or half of a recording that is too short for it.
    public var preRecordSeconds: Double?
    /// Numbers of the recordings, from 1, that the wearer marked (only ``Profile/bodydock``).
    public var flagged: Set<Int> = []
    /// Decides the footage's bytes, the pauses between recordings, the battery and the first recording's number.
    public var seed: UInt64 = 1
    /// A PEM file with an Ed25519 private key that signs the manifest (only ``Profile/bodydock``).
    public var signingKeyFile: String?
    /// What is broken on purpose, each in a place of its own.
    public var faults: Set<CameraFault> = []
    /// Additional manifest lines of ``CameraFault/manyEntries``.
    public var entries = 1_000_000

    /// A whole camera with every default, docked at `now`.
    public init(now: Instant) { self.now = now }

    var segmentSeconds: Double { secondsPerSegment ?? (video ? 20 : 60) }
    var preRecord: Double { preRecordSeconds ?? min(30, segmentSeconds * Double(segmentsPerRecording) / 2) }

    /// Throws ``DockError/Code/configuration`` for the first value that cannot be.
    func check() throws(DockError) {
        try require(
            (1...CameraPlan.mostSegments).contains(recordings), "recordings",
            "there must be 1 to \(CameraPlan.mostSegments)")
        let files = recordings.multipliedReportingOverflow(by: segmentsPerRecording)
        try require(
            segmentsPerRecording >= 1 && !files.overflow && files.partialValue <= CameraPlan.mostSegments, "segments",
            "there must be 1 to \(CameraPlan.mostSegments) in all, as many as the folders 100MEDIA to 999MEDIA hold")
        try require(segmentSeconds >= 1 && segmentSeconds <= 86_400, "seconds", "a segment has 1 to 86400 seconds")
        try require(
            (bytesPerSegment ?? 1) >= 1, "bytes", "a segment has at least 1 byte; an empty one is the fault 'empty'")
        let longest = segmentSeconds * Double(segmentsPerRecording)
        try require(
            preRecord >= 0 && preRecord < longest, "pre-record", "it must end within the recording's \(longest) seconds"
        )
        try require(CameraPlan.fitsName(serial), "serial", "it must be 1 to 64 letters, digits and '-'")
        try require(CameraPlan.fitsName(wearer), "wearer", "it must be 1 to 64 letters, digits and '-'")
        try require((1...100_000_000).contains(entries), "entries", "there must be 1 to 100000000")
        try require(
            signingKeyFile == nil || profile == .bodydock, "sign", "only the profile 'bodydock' has a signature")
        try require(
            flagged.allSatisfy((1...recordings).contains), "flag", "there are recordings 1 to \(recordings)")
        try require(
            flagged.isEmpty || profile == .bodydock, "flag", "only the profile 'bodydock' says what the wearer marked")
        try checkFaults()
    }

    private func checkFaults() throws(DockError) {
        for fault in faults.sorted() {
            let profiles = fault.profiles.map(\.rawValue).joined(separator: ", ")
            try require(
                fault.profiles.contains(profile), "break \(fault.rawValue)",
                "the profile '\(profile.rawValue)' cannot show it; \(profiles) can")
        }
        try require(
            !faults.contains(.signature) || signingKeyFile != nil, "break signature", "a signature needs a key (--sign)"
        )
        let promisesEnough = preRecord >= 4
        try require(
            promisesEnough || faults.isDisjoint(with: [.preRecord, .preRecordMissing]), "break pre-record",
            "at least 4 seconds of pre-record must be promised before half of it can be missed")
        try require(
            segmentsPerRecording >= 2 || faults.isDisjoint(with: [.overlap, .gap]), "break overlap, gap",
            "they lie between two segments of a recording")
        try require(
            segmentSeconds >= 2 || !faults.contains(.overlap), "break overlap", "segments must have at least 2 seconds")
        try require(
            recordings >= 2 || !faults.contains(.sequenceGap), "break sequence-gap", "it lies between two recordings")
    }

    /// What 900 folders of 999 files hold.
    static let mostSegments = 900 * 999

    private static func fitsName(_ text: String) -> Bool {
        CameraIdentity.isName(text) && !text.utf8.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") }
    }

    private func require(_ condition: Bool, _ option: String, _ reason: String) throws(DockError) {
        if condition { return }
        throw DockError(
            .configuration, "cannot make such a camera", at: option, because: reason,
            next: "see bodydock camera make --help")
    }
}
