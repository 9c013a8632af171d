import Testing

@testable import DockCore

/// What a docking says it took in, while the camera still holds the original.
@Suite struct CoverageTests {
    private static func recording(
        _ name: String, files: ClosedRange<Int>, preRecord: Double? = 30, listedToo: [Int] = []
    ) throws -> Recording {
        let begin = Instant(seconds: 1000 * Int64(files.lowerBound + 1))
        return Recording(
            name: name, sequence: 17, trigger: begin.adding(seconds: 30), preRecord: preRecord, warning: .before,
            segments: try (Array(files) + listedToo).enumerated().map { place, index in
                ListedSegment(
                    path: try CameraPath("DCIM/\(index).MP4"), bytes: 1000 + Int64(index),
                    start: begin.adding(seconds: 60 * Double(place)), duration: 60,
                    digest: .sha256(DockingStory.digest(index)), sequence: UInt64(place + 1))
            })
    }

    private static func statement(_ actions: [DockingAction]) throws -> CoverageStatement {
        let all = actions.compactMap { if case .attest(let statement) = $0 { statement } else { nil } }
        try #require(all.count == 1)
        return all[0]
    }

    /// Tells a docking of two segments to its last look at the camera.
    private func told(
        _ recordings: [Recording], findings: [Finding] = [], segments: Int = 2, keep: Bool = false,
        read: (inout DockingStory) throws -> Void
    ) throws -> (statement: CoverageStatement, words: [String]) {
        var story = try DockingStory(segments: segments, keep: keep)
        story.tell(.inspected(plan: story.plan, findings: findings, recordings: recordings))
        try read(&story)
        if segments > 0 { #expect(story.words.last == "relist") }
        story.tell(.relisted(differences: [], at: Instant(seconds: 77)))
        return (try CoverageTests.statement(story.actions), story.allWords)
    }

    private func readAll(_ story: inout DockingStory) throws {
        for index in story.plan.indices {
            try story.seals(index)
            try story.receipt(index)
        }
    }

    @Test func aWholeRecordingIsStatedBeforeThePermitIsWritten() throws {
        let (statement, words) = try told([try CoverageTests.recording("R0", files: 0...1)], read: readAll)
        #expect(words == ["attest", "record erase.permitted", "erase 2"])
        #expect(statement.isComplete && !statement.nothingRecorded)
        #expect(statement.stated == Instant(seconds: 77))
        let own = try #require(statement.recordings.first)
        #expect(own.isComplete && own.gaps.isEmpty)
        #expect(own.segments == .init(listed: 2, taken: 2, first: 1, last: 2))
        #expect(own.preRecord == .init(promised: 30, present: 30))
        #expect(own.bytes == 2001)
        #expect(own.end == Instant(seconds: 1120))
        #expect(own.spokenWarning == .before)
    }

    @Test func whatWasKeptOrHeldIsStatedToo() throws {
        let recordings = [try CoverageTests.recording("R0", files: 0...1)]
        #expect(
            try told(recordings, keep: true, read: readAll).words == ["attest", "record docking.ended", "close kept"])
        let held = try told(recordings) { story in
            try story.seals(0)
            try story.receipt(0)
            story.tell(.failed(1, DockError(.io, "cannot read", at: "1.MP4", because: "bad sector", next: "look")))
        }
        #expect(held.words.first == "attest" && held.words.last == "close held")
        #expect(!held.statement.isComplete)
        let gap = try #require(held.statement.recordings.first?.gaps.first)
        #expect(gap.missing == .bytes(1001))
        #expect(gap.path == (try CameraPath("DCIM/1.MP4")))
        #expect(held.statement.recordings.first?.segments == .init(listed: 2, taken: 1, first: 1, last: 1))
    }

    @Test func aPromiseThatWasNotKeptIsNamedWithItsSeconds() throws {
        let short = Finding(
            .preRecordShort, recording: "R0", missing: .seconds(12), "the pre-record part is 12 s short")
        let (statement, _) = try told(
            [try CoverageTests.recording("R0", files: 0...1, preRecord: 42)], findings: [short], read: readAll)
        let own = try #require(statement.recordings.first)
        #expect(own.preRecord == .init(promised: 42, present: 30))
        #expect(own.gaps == [.init(missing: .seconds(12), why: "the pre-record part is 12 s short")])
        #expect(!own.isComplete && !statement.isComplete)
    }

    @Test func contentThatIsNotWhatWasPromisedIsNotCounted() throws {
        let (statement, _) = try told([try CoverageTests.recording("R0", files: 0...1)]) { story in
            try story.seals(0, .mismatch)
            try story.receipt(0)
            try story.seals(1)
            try story.receipt(1)
        }
        let own = try #require(statement.recordings.first)
        #expect(own.segments == .init(listed: 2, taken: 1, first: 2, last: 2))
        #expect(!own.isComplete && own.gaps.count == 1)
        #expect(own.preRecord?.present == 0, "the part before the trigger was in the first segment")
    }

    @Test func whatAnEarlierDockingErasedIsNoGap() throws {
        let gone = Finding(.erasedEarlier, recording: "R0", path: try CameraPath("DCIM/9.MP4"), "delivered earlier")
        let recordings = [try CoverageTests.recording("R0", files: 0...1, listedToo: [9])]
        let (statement, _) = try told(recordings, findings: [gone], read: readAll)
        #expect(statement.isComplete)
        #expect(statement.recordings.first?.segments.earlier == 1)
        let unexplained = try told(recordings, read: readAll)
        #expect(unexplained.statement.recordings.first?.gaps.first?.missing == .items(1))
    }

    @Test func withMoreFaultsThanAreNamedNothingIsCalledComplete() throws {
        let rest = Finding(.timeGap, missing: .seconds(500), holds: true, "12 more findings of this kind")
        let (statement, _) = try told(
            [try CoverageTests.recording("R0", files: 0...1)], findings: [rest], read: readAll)
        #expect(statement.recordings.first?.isComplete == false)
        #expect(statement.doubts.first?.missing == .seconds(500))
    }

    @Test func thatNothingWasRecordedIsStated() throws {
        let (statement, _) = try told([], segments: 0) { _ in }
        #expect(statement.nothingRecorded && statement.isComplete && statement.recordings.isEmpty)
        let listedButGone = try told(
            [try CoverageTests.recording("R0", files: 0...1)],
            findings: [Finding(.fileMissing, recording: "R0", missing: .bytes(1000), "is not on the camera")],
            segments: 0
        ) { _ in }
        #expect(!listedButGone.statement.nothingRecorded && !listedButGone.statement.isComplete)
    }

    @Test func filesThatNoRecordingListsAreCountedBeside() throws {
        let (statement, _) = try told([try CoverageTests.recording("R0", files: 0...1)], segments: 3) { story in
            try readAll(&story)
        }
        #expect(statement.recordings.first?.segments.taken == 2)
        #expect(statement.others == .init(files: 1, taken: 1, bytes: 1002))
        #expect(statement.isComplete)
    }
}
