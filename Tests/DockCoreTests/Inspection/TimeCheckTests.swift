import DockCore
import Testing

@Suite struct TimeCheckTests {
    @Test func aPreRecordPartThatIsShorterThanPromisedHoldsAndNamesTheSeconds() {
        var camera = SampleCamera()
        camera.manifest.recordings[1].trigger = camera.manifest.recordings[1].trigger?.adding(seconds: -12)
        let finding = camera.inspect().findings[0]
        #expect(
            camera.findings == [.plain(.preRecordShort, "R18", "DCIM/100MEDIA/R18_1.MP4", .seconds(12), holds: true)])
        #expect(finding.message.contains("12 s short"))
    }

    @Test func aPreRecordPartThatIsMissingHolds() {
        var camera = SampleCamera()
        camera.manifest.recordings[1].trigger = camera.manifest.recordings[1].segments[0].start
        #expect(
            camera.findings == [.plain(.preRecordShort, "R18", "DCIM/100MEDIA/R18_1.MP4", .seconds(30), holds: true)])
        #expect(camera.inspect().findings[0].message.contains("is missing"))
    }

    @Test func footageThatEndsBeforeTheTriggerHolds() {
        var camera = SampleCamera()
        camera.manifest.recordings[2].trigger = camera.manifest.recordings[2].trigger?.adding(seconds: 200)
        #expect(
            camera.findings == [.plain(.preRecordShort, "R19", "DCIM/100MEDIA/R19_3.MP4", .seconds(50), holds: true)])
    }

    @Test func aSecondIsAllowedForRounding() {
        var camera = SampleCamera()
        camera.manifest.recordings[0].trigger = camera.manifest.recordings[0].trigger?.adding(seconds: -1)
        camera.manifest.recordings[1].segments[0].duration = 59
        camera.manifest.recordings[2].segments[0].duration = 61
        #expect(camera.findings.isEmpty)
    }

    @Test func aRecordingWithoutSegmentsHolds() {
        var camera = SampleCamera()
        camera.manifest.recordings[1].segments = []
        camera.files.removeAll { $0.path.description.contains("R18") }
        #expect(camera.findings == [.plain(.fileMissing, "R18", nil, .seconds(30), holds: true)])
    }

    @Test func timeThatIsMissingBetweenSegmentsHolds() {
        var camera = SampleCamera()
        camera.manifest.recordings[0].segments[1].duration = 41.5
        #expect(camera.findings == [.plain(.timeGap, "R17", "DCIM/100MEDIA/R17_3.MP4", .seconds(18.5), holds: true)])
        #expect(camera.inspect().findings[0].message.contains("18.5 s"))
    }

    @Test func segmentsOfOneRecordingThatOverlapHold() {
        var camera = SampleCamera()
        camera.manifest.recordings[0].segments[1].duration = 75
        #expect(camera.findings == [.plain(.timeOverlap, "R17", "DCIM/100MEDIA/R17_3.MP4", holds: true)])
    }

    @Test func recordingsThatOverlapAreReportedOnly() {
        var camera = SampleCamera()
        camera.manifest.recordings[1].trigger = camera.manifest.recordings[1].trigger?.adding(seconds: -3500)
        for index in 0..<3 {
            let start = camera.manifest.recordings[1].segments[index].start
            camera.manifest.recordings[1].segments[index].start = start?.adding(seconds: -3500)
        }
        #expect(camera.findings == [.plain(.timeOverlap, "R18", holds: false)])
        #expect(camera.inspect().findings[0].message.contains("80 s that recording R17"))
    }

    @Test(arguments: ["1970-01-01T00:00:10Z", "2009-12-31T23:00:00Z", "2026-10-03T08:00:00Z", "2106-02-07T06:28:15Z"])
    func aClockThatIsWrongIsSaidOnceAndHolds(start: String) {
        var camera = SampleCamera()
        let shift = sampleTime(start).seconds(since: sampleTime("2026-10-01T10:00:00Z"))
        camera.manifest.recordings[2].trigger = camera.manifest.recordings[2].trigger?.adding(seconds: shift)
        for index in 0..<3 {
            let time = camera.manifest.recordings[2].segments[index].start
            camera.manifest.recordings[2].segments[index].start = time?.adding(seconds: shift)
        }
        #expect(camera.findings == [.plain(.timeImpossible, "R19", holds: true)])
        #expect(camera.inspect().plan.last { $0.role == .listed }?.recordingStart == sampleTime(start))
    }

    @Test func theCamerasOwnClockIsCheckedToo() {
        var camera = SampleCamera()
        camera.manifest.cameraClock = sampleTime("1970-01-01T00:03:00Z")
        #expect(camera.findings == [.plain(.timeImpossible, holds: true)])
    }

    @Test(arguments: [-1, .nan, .infinity, -.infinity, 86_401, 1e300])
    func durationsThatCannotBeHold(duration: Double) {
        var camera = SampleCamera()
        camera.manifest.recordings[0].segments[2].duration = duration
        #expect(camera.findings == [.plain(.timeImpossible, "R17", "DCIM/100MEDIA/R17_3.MP4", holds: true)])
    }

    @Test(arguments: [-30, .nan, 1e9])
    func promisesThatCannotBeHold(promise: Double) {
        var camera = SampleCamera()
        camera.manifest.recordings[0].preRecord = promise
        #expect(camera.findings == [.plain(.timeImpossible, "R17", holds: true)])
    }

    @Test func timesAtTheEdgeOfWhatCanBeWrittenDoNoHarm() {
        var camera = SampleCamera()
        camera.manifest.recordings[0].trigger = Instant(milliseconds: .max)
        camera.manifest.recordings[0].segments[0].start = Instant(milliseconds: .min)
        camera.manifest.recordings[1].segments[0].start = Instant(milliseconds: .max)
        camera.manifest.recordings[1].segments[0].bytes = .min
        #expect(camera.findings.contains { $0.code == .timeImpossible })
    }
}
