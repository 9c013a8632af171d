import DockCore
import Testing

@Suite struct SequenceCheckTests {
    @Test func aRecordingThatIsMissingBetweenTwoHolds() {
        var camera = SampleCamera(recordings: 5)
        camera.manifest.recordings.removeSubrange(2...3)
        camera.files.removeAll { $0.path.description.contains("R19") || $0.path.description.contains("R20") }
        #expect(camera.findings == [.plain(.sequenceGap, "R21", nil, .items(2), holds: true)])
        #expect(camera.inspect().findings[0].message == "recordings 19 to 20 are missing")
    }

    @Test func twoRecordingsWithOneNumberHold() {
        var camera = SampleCamera(recordings: 2)
        camera.manifest.recordings[1].sequence = 17
        #expect(camera.findings == [.plain(.sequenceGap, "R18", holds: true)])
    }

    @Test func aSegmentThatIsMissingInTheMiddleNamesItsSecondsOnce() {
        var camera = SampleCamera()
        camera.manifest.recordings[0].segments.remove(at: 1)
        camera.files.remove(at: 2)
        #expect(camera.findings == [.plain(.sequenceGap, "R17", nil, .seconds(60), holds: true)])
        #expect(camera.inspect().findings[0].message == "segment 2 is missing: 60 s")
    }

    @Test func aSegmentThatIsMissingAtTheBeginningLeavesThePreRecordPartOut() {
        var camera = SampleCamera()
        camera.manifest.recordings[0].segments.remove(at: 0)
        camera.files.remove(at: 1)
        #expect(
            camera.findings == [
                .plain(.sequenceGap, "R17", nil, .items(1), holds: true),
                .plain(.preRecordShort, "R17", "DCIM/100MEDIA/R17_2.MP4", .seconds(60), holds: true),
            ])
    }

    @Test func twoSegmentsWithOneNumberHold() {
        var camera = SampleCamera()
        camera.manifest.recordings[0].segments[2].sequence = 2
        #expect(camera.findings == [.plain(.sequenceGap, "R17", holds: true)])
    }

    @Test func hugeNumbersAreGapsAndNothingWorse() {
        var camera = SampleCamera()
        camera.manifest.recordings[2].sequence = .max
        camera.manifest.recordings[2].segments[2].sequence = .max
        #expect(camera.findings.filter { $0.code == .sequenceGap && $0.holds }.count == 2)
    }

    @Test func recordingNumbersOfTheManifestNeverStartOver() {
        var camera = SampleCamera(recordings: 2)
        camera.manifest.recordings[0].sequence = 1
        camera.manifest.recordings[1].sequence = 9999
        #expect(camera.findings == [.plain(.sequenceGap, "R18", nil, .items(9997), holds: true)])
    }

    @Test(arguments: [[1, 2, 3], [0, 1, 2]] as [[UInt64]])
    func numbersInARecordingMayBeginAtOneOrZero(numbers: [UInt64]) throws {
        let camera = try SampleCamera(
            pattern: "{device}_{date}_{time}_{segment}.MP4",
            names: ["B1_20261001_083000": numbers, "B1_20261001_093000": numbers])
        #expect(camera.findings.isEmpty)
    }

    @Test func numbersInARecordingShowWhatIsMissing() throws {
        let camera = try SampleCamera(
            pattern: "{device}_{date}_{time}_{segment}.MP4",
            names: ["B1_20261001_083000": [1, 2, 5], "B1_20261001_093000": [3]])
        #expect(
            camera.findings == [
                .plain(.sequenceGap, "B1_20261001_083000", nil, .items(2), holds: true),
                .plain(.sequenceGap, "B1_20261001_093000", nil, .items(2), holds: true),
            ])
    }

    @Test func runningNumbersShowARecordingThatIsGone() throws {
        let camera = try SampleCamera(
            pattern: "{device}_{date}_{time}_{sequence}.MP4",
            names: ["B1_20261001_083000": [41, 42], "B1_20261001_093000": [44, 45]])
        #expect(camera.findings == [.plain(.sequenceGap, "B1_20261001_093000", nil, .items(1), holds: true)])
    }

    @Test func runningNumbersMayBeginAnywhereAndStartOver() throws {
        let names: [String: [UInt64]] = ["B1_20261001_083000": [9998, 9999], "B1_20261001_093000": [1, 2]]
        #expect(try SampleCamera(pattern: "{device}_{date}_{time}_{sequence}.MP4", names: names).findings.isEmpty)
    }

    @Test func runningNumbersThatComeBackAreCountedInEachRecording() throws {
        let names: [String: [UInt64]] = ["B1_20261001_083000": [1, 2], "B1_20261001_093000": [1, 3]]
        let camera = try SampleCamera(pattern: "{device}_{date}_{time}_{sequence}.MP4", names: names)
        #expect(camera.findings == [.plain(.sequenceGap, "B1_20261001_093000", nil, .items(1), holds: true)])
    }

    @Test func numbersOfFilesThatWereErasedEarlierAreNoGap() throws {
        var camera = try SampleCamera(
            pattern: "{device}_{date}_{time}_{segment}.MP4", names: ["B1_20261001_083000": [1, 4]])
        #expect(camera.findings.count == 1)
        camera.namesErased = ["2", "3"].map { samplePath("DCIM/B1_20261001_083000_000\($0).MP4") }
        #expect(camera.findings.isEmpty)
    }
}
