import Testing

@testable import DockCore

/// Which footage is of an incident, when cameras' clocks are off.
@Suite struct EvidenceSelectionTests {
    /// A camera that recorded from `start` for a minute, by a clock that was ahead of the dock's by `offset` seconds.
    private static func record(
        _ camera: String, start: Int64?, offset: Double? = nil, flagged: Bool = false
    ) throws -> CustodyRecord {
        var story = CustodyStory()
        var begin = try DockingStory().docking.terms.start
        begin.camera.serial = camera
        let sealed = try DockingStory.sealed(0)
        let event = SegmentSealed(
            docking: begin.docking, camera: camera, recording: "R1", path: try CameraPath("DCIM/1.MP4"), role: .listed,
            verification: .matchedManifest, modified: 5, isFlagged: flagged, sealed: sealed)
        story.add(.dockingStarted(begin), at: Instant(seconds: 9000), entry: 0)
        if let offset {
            let clock = ClockMeasured(
                docking: begin.docking, camera: camera, cameraClock: Instant(seconds: 9000).adding(seconds: offset),
                dockClock: Instant(seconds: 9000))
            story.add(.clockMeasured(clock), at: Instant(seconds: 9000), entry: 1)
        }
        story.add(.sealed(event), at: Instant(seconds: 9001), entry: 2)
        var record = try #require(story.record(edition: 1, sums: DockingStory.digest(1)))
        record.recordings[0].coverage = start.map { start in
            RecordingCoverage(
                recording: "R1", start: Instant(seconds: start), end: Instant(seconds: start + 60),
                spokenWarning: .unknown, segments: .init(listed: 1, taken: 1), bytes: 1, isComplete: true, gaps: [])
        }
        return record
    }

    private static func isFound(_ record: CustodyRecord, at time: ClosedRange<Instant>?) throws -> Bool {
        let selection = EvidenceSelection(incident: EvidenceSelection.Incident(text: "A/R1"))
        return !selection.files(of: record, during: time.map { [$0] } ?? []).isEmpty
    }

    @Test func whatAnyCameraRecordedAtTheSameTimeIsOfTheIncident() throws {
        let it = try EvidenceSelectionTests.record("A", start: 1000)
        let time = try #require(EvidenceSelection.time(of: it.recordings[0], in: it))
        #expect(time == Instant(seconds: 1000)...Instant(seconds: 1060))
        for (start, offset, isFound) in [
            (1059, nil, true), (1061, nil, false), (939, nil, false), (nil, nil, false),
            // By its clock an hour later, and really at the same time.
            (4600, 3600, true), (4600, 0, false),
            // The camera may have needed two minutes to show its disk; not four.
            (1160, 0, true), (1300, 0, false),
        ] as [(Int64?, Double?, Bool)] {
            let other = try EvidenceSelectionTests.record("B", start: start, offset: offset)
            #expect(
                try EvidenceSelectionTests.isFound(other, at: time) == isFound,
                "\(String(describing: start)), \(String(describing: offset))")
        }
        #expect(try EvidenceSelectionTests.isFound(try EvidenceSelectionTests.record("A", start: nil), at: nil))
        #expect(EvidenceSelection.Incident(text: "A") == nil && EvidenceSelection.Incident(text: "/R1") == nil)
    }

    @Test func aClockThatIsOffByAgesIsNotReckonedWith() throws {
        let record = try EvidenceSelectionTests.record("A", start: 1000, offset: 1e14)
        #expect(EvidenceSelection.time(of: record.recordings[0], in: record) != nil)
    }

    @Test func theWearersMarkIsAsked() throws {
        let selection = EvidenceSelection(flagged: true)
        #expect(!selection.isEmpty)
        #expect(selection.files(of: try EvidenceSelectionTests.record("A", start: 1, flagged: true)).count == 1)
        #expect(selection.files(of: try EvidenceSelectionTests.record("A", start: 1)).isEmpty)
    }
}
