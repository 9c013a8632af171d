import Testing

@testable import DockCore

/// From when until when footage is kept.
@Suite struct RetentionTimeTests {
    private static let read = RetentionSample.read
    private static let configuration = RetentionSample.configuration()

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
        let kept = RetentionSample.sealed(camera, recorded).retention(readAt: Self.read, Self.configuration)
        #expect(kept == RetentionTime(begin: sampleTime(begin), deadline: deadline.map(sampleTime)))
    }

    /// A camera that changed hands since.
    @Test func theTeamOfThenCounts() {
        var sealed = RetentionSample.sealed("B1")
        sealed.team = "parkeren"
        #expect(sealed.retention(readAt: Self.read, Self.configuration).deadline == sampleTime("2026-10-04T17:00:00Z"))
        sealed.team = "dissolved"
        #expect(sealed.retention(readAt: Self.read, Self.configuration).deadline == nil)
    }

    @Test func recordsOfTheDockAreNoFootage() {
        #expect(
            RetentionSample.sealed("B1", nil, .record).retention(readAt: Self.read, Self.configuration).deadline == nil)
    }
}
