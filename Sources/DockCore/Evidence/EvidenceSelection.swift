/// Which footage is asked for. Whatever is given must hold.
public struct EvidenceSelection: Sendable, Equatable, Codable {
    /// A recording by which an incident is known: everything that any camera recorded at the same time is of it.
    public struct Incident: Sendable, Equatable, Codable {
        /// Serial number of the camera.
        public var camera: String
        /// The recording's name on it.
        public var recording: String

        /// From `CAMERA/RECORDING`; nil if it is not that.
        public init?(text: String) {
            guard let slash = text.firstIndex(of: "/") else { return nil }
            camera = String(text[..<slash])
            recording = String(text[text.index(after: slash)...])
            if camera.isEmpty || recording.isEmpty { return nil }
        }
    }

    /// Names of dockings; empty for any.
    public var dockings: [String]
    /// Names of recordings on the camera; empty for any.
    public var recordings: [String]
    /// Serial numbers of cameras; empty for any.
    public var cameras: [String]
    /// Badge numbers; empty for any.
    public var wearers: [String]
    /// Of one incident; nil for any.
    public var incident: Incident?
    /// Only what its wearer marked; nil for all.
    public var flagged: Bool?
    /// Footage that ends before this is left out.
    public var from: Instant?
    /// Footage that begins after this is left out.
    public var to: Instant?

    /// Takes all values.
    public init(
        dockings: [String] = [], recordings: [String] = [], cameras: [String] = [], wearers: [String] = [],
        incident: Incident? = nil, flagged: Bool? = nil, from: Instant? = nil, to: Instant? = nil
    ) {
        self.dockings = dockings
        self.recordings = recordings
        self.cameras = cameras
        self.wearers = wearers
        self.incident = incident
        self.flagged = flagged
        self.from = from
        self.to = to
    }

    /// Whether nothing is asked for in particular.
    public var isEmpty: Bool {
        dockings.isEmpty && recordings.isEmpty && cameras.isEmpty && wearers.isEmpty && incident == nil
            && flagged == nil
            && from == nil && to == nil
    }

    /// Whether a docking may have taken in what is asked for.
    public func mayBe(in start: DockingStarted) -> Bool {
        (dockings.isEmpty || dockings.contains(start.docking))
            && (cameras.isEmpty || cameras.contains(start.camera.serial))
            && (wearers.isEmpty || start.wearer.map(wearers.contains) ?? false)
    }

    /// What is asked for of a docking.
    /// - Parameter times: when the incident was, where one is asked for (``time(of:in:)``).
    public func files(of record: CustodyRecord, during times: [ClosedRange<Instant>] = []) -> [EvidenceFile] {
        record.recordings.filter { matches($0, record) && isOfIncident($0, record, times) }.flatMap { row in
            row.files.map {
                EvidenceFile(
                    docking: record.docking, camera: record.camera.serial, recording: row.recording, file: $0)
            }
        }
    }

    /// From when to when a recording was made at most, by the dock's clock as far as the camera's was measured; nil if the camera gives no
    /// times.
    public static func time(of row: CustodyRecord.RecordingFiles, in record: CustodyRecord) -> ClosedRange<Instant>? {
        guard let start = row.coverage?.start ?? row.coverage?.trigger else { return nil }
        let end = max(start, row.coverage?.end ?? start)
        guard let bounds = record.clock?.bounds else { return start...end }
        let (earliest, latest) = (
            start.adding(seconds: -bounds.aheadAtMost), end.adding(seconds: -bounds.aheadAtLeast)
        )
        // A clock that is off by ages cannot be reckoned with.
        return earliest <= latest ? earliest...latest : start...end
    }

    private func isOfIncident(
        _ row: CustodyRecord.RecordingFiles, _ record: CustodyRecord, _ times: [ClosedRange<Instant>]
    ) -> Bool {
        guard let incident else { return true }
        if row.recording == incident.recording, record.camera.serial == incident.camera { return true }
        guard let time = EvidenceSelection.time(of: row, in: record) else { return false }
        return times.contains { $0.overlaps(time) }
    }

    /// A camera's clock may be wrong: a recording counts as within the time if it is so by the camera's clock, or by the dock's as far
    /// as the difference was measured.
    private func matches(_ row: CustodyRecord.RecordingFiles, _ record: CustodyRecord) -> Bool {
        guard recordings.isEmpty || recordings.contains(row.recording), flagged != true || row.flagged == true else {
            return false
        }
        guard from != nil || to != nil else { return true }
        guard let time = EvidenceSelection.time(of: row, in: record),
            let start = row.coverage?.start ?? row.coverage?.trigger
        else { return isWithin(record.began, record.began) }
        return isWithin(start, row.coverage?.end ?? start) || isWithin(time.lowerBound, time.upperBound)
    }

    private func isWithin(_ start: Instant, _ end: Instant) -> Bool {
        from.map { end >= $0 } ?? true && to.map { start <= $0 } ?? true
    }
}

/// A file that is asked for.
public struct EvidenceFile: Sendable, Equatable {
    /// Name of the docking that took it in.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// The recording that it belongs to.
    public var recording: String
    /// What is known of it.
    public var file: CustodyRecord.File
}
