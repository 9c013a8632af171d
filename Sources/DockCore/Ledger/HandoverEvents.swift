// What is written down so that a handover can be told from the ledger alone.

/// What a camera said of its recordings when its docking began. It is what the camera says: what was taken in is told by the other entries.
public struct RecordingsListed: Sendable, Equatable, Codable {
    /// A recording, as the camera lists it. What it does not say is left out.
    public struct Recording: Sendable, Equatable, Codable {
        /// Its name on the camera.
        public var name: String
        /// When its footage begins, by the camera's clock.
        public var start: Instant?
        /// When the wearer pressed the button, by the camera's clock.
        public var trigger: Instant?
        /// Seconds of footage, as far as its files give a length.
        public var seconds: Double?
        /// Pre-record seconds that are promised before the trigger.
        public var preRecord: Double?
        /// The spoken warning.
        public var warning: DockCore.Recording.SpokenWarning
        /// Its files.
        public var segments: Int
    }

    /// Name of the docking.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// The recordings, at most ``named``.
    public var recordings: [Recording]
    /// How many there are.
    public var count: Int

    /// Recordings that are named at most.
    public static let named = 1000

    /// Takes what a manifest lists.
    public init(docking: String, camera: String, _ recordings: [DockCore.Recording]) {
        self.docking = docking
        self.camera = camera
        count = recordings.count
        self.recordings = recordings.prefix(RecordingsListed.named).map { recording in
            let lengths = recording.segments.compactMap(\.duration).filter { $0.isFinite && $0 >= 0 }
            return Recording(
                name: recording.name, start: recording.start, trigger: recording.trigger,
                seconds: lengths.isEmpty ? nil : lengths.reduce(0, +),
                preRecord: recording.preRecord.flatMap { $0.isFinite ? $0 : nil }, warning: recording.warning,
                segments: recording.segments.count)
        }
    }
}

/// A camera was taken out of its bay after its docking was over.
public struct CameraTaken: Sendable, Equatable, Codable {
    /// Name of its docking.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// Name of the bay.
    public var bay: String
    /// Charge in percent, as far as it was known.
    public var battery: Int?
    /// Whether it was emptied and charged, as far as that is known.
    public var wasReady: Bool

    /// Takes all values.
    public init(docking: String, camera: String, bay: String, battery: Int?, wasReady: Bool) {
        self.docking = docking
        self.camera = camera
        self.bay = bay
        self.battery = battery
        self.wasReady = wasReady
    }

    /// The cameras that are gone from where they were, once their docking was over.
    public static func between(_ before: [BayStatus], _ after: [BayStatus]) -> [CameraTaken] {
        let there = Set(after.compactMap(\.camera))
        return before.compactMap { bay in
            guard [.charging, .ready, .kept, .held].contains(bay.state), let camera = bay.camera,
                let docking = bay.docking, !there.contains(camera)
            else { return nil }
            return CameraTaken(
                docking: docking, camera: camera, bay: bay.bay, battery: bay.battery?.percent,
                wasReady: bay.state == .ready)
        }
    }
}

/// The report of a shift was made.
public struct ShiftReported: Sendable, Equatable, Codable {
    /// The shift's name.
    public var shift: String
    /// The day on which it began.
    public var date: CivilDate
    /// Which report of it: 1, then one more for each.
    public var edition: Int
    /// When the shift ended.
    public var end: Instant
    /// Points that were open then.
    public var open: Int
    /// SHA-256 of the report, as it is kept.
    public var sha256: SHA256Digest

    /// Takes all values.
    public init(shift: String, date: CivilDate, edition: Int, end: Instant, open: Int, sha256: SHA256Digest) {
        self.shift = shift
        self.date = date
        self.edition = edition
        self.end = end
        self.open = open
        self.sha256 = sha256
    }
}
