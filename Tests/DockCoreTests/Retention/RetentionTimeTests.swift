import Testing

@testable import DockCore

/// From when until when footage is kept.
@Suite struct RetentionTimeTests {
    private static let read = sampleTime("2026-10-01T17:00:00Z")

    private static let configuration = Configuration(
        dock: "test", state: "/state", spool: .init(path: "/spool", keepFree: 0), recipients: [], vaults: [],
        release: ReleasePolicy(),
        cameras: [
            RegisteredCamera(serial: "B1", team: "handhaving"), RegisteredCamera(serial: "B2", team: "parkeren"),
            RegisteredCamera(serial: "B3"),
        ],
        teams: [
            TeamSettings(name: "handhaving", regime: .wpg),
            TeamSettings(name: "parkeren", regime: .avg, retention: 72 * 3600),
        ])

    private static func sealed(
        _ camera: String, _ recorded: Instant?, _ role: PlannedSegment.Role = .listed
    ) -> SegmentSealed {
        SegmentSealed(
            docking: "D1", camera: camera, recording: "R1", path: samplePath("DCIM/A.MP4"), role: role,
            verification: .matchedManifest, modified: 0, recorded: recorded,
            sealed: SealedSegment(
                id: "s", plaintext: sampleDigest(1), plaintextBytes: 1, bytes: 2, parts: nil,
                object: ObjectName(
                    camera: camera, date: read, recording: "R1", segment: "A.MP4".utf8, content: sampleDigest(1))))
    }

    @Test(
        arguments: [
            // As the camera says.
            ("B1", "2026-10-01T08:30:00Z", "2026-10-01T08:30:00Z", "2026-10-29T08:30:00Z"),
            ("B2", "2026-10-01T08:30:00Z", "2026-10-01T08:30:00Z", "2026-10-04T08:30:00Z"),
            ("B1", "2026-09-01T08:30:00Z", "2026-09-01T08:30:00Z", "2026-09-29T08:30:00Z"),
            // No time, or one that cannot be: when it was read.
            ("B1", nil, "2026-10-01T17:00:00Z", "2026-10-29T17:00:00Z"),
            ("B1", "1970-01-01T00:00:09Z", "2026-10-01T17:00:00Z", "2026-10-29T17:00:00Z"),
            ("B1", "2026-10-03T17:00:00Z", "2026-10-01T17:00:00Z", "2026-10-29T17:00:00Z"),
            // A clock that is a little fast.
            ("B1", "2026-10-01T18:00:00Z", "2026-10-01T17:00:00Z", "2026-10-29T17:00:00Z"),
            // Nobody says.
            ("B3", "2026-10-01T08:30:00Z", "2026-10-01T08:30:00Z", nil),
            ("B9", "2026-10-01T08:30:00Z", "2026-10-01T08:30:00Z", nil),
        ] as [(String, String?, String, String?)])
    func itBeginsWithTheRecording(camera: String, recorded: String?, begin: String, deadline: String?) {
        let kept = Self.sealed(camera, recorded.map(sampleTime)).retention(readAt: Self.read, Self.configuration)
        #expect(kept == RetentionTime(begin: sampleTime(begin), deadline: deadline.map(sampleTime)))
    }

    /// A camera that changed hands since.
    @Test func theTeamOfThenCounts() {
        var sealed = Self.sealed("B1", nil)
        sealed.team = "parkeren"
        #expect(sealed.retention(readAt: Self.read, Self.configuration).deadline == sampleTime("2026-10-04T17:00:00Z"))
        sealed.team = "dissolved"
        #expect(sealed.retention(readAt: Self.read, Self.configuration).deadline == nil)
    }

    @Test func recordsOfTheDockAreNoFootage() {
        #expect(Self.sealed("B1", nil, .record).retention(readAt: Self.read, Self.configuration).deadline == nil)
    }
}
