import DockCore
import Testing

@Suite struct FileNamePatternTests {
    private func match(_ pattern: String, _ name: String) throws -> FileNamePattern.Match? {
        try FileNamePattern.parse(pattern).get().match(name.utf8)
    }

    @Test func aNameCarriesAllThatItsPatternSays() throws {
        let match = try #require(
            try match("{device}_{wearer}_{date}_{time}_{sequence}.MP4", "BWC0042_004711_20261001_083000_0001.MP4"))
        #expect(match.device == "BWC0042")
        #expect(match.wearer == "004711")
        #expect(match.start == sampleTime("2026-10-01T08:30:00Z"))
        #expect(match.sequence == 1)
        #expect(match.segmentNumber == 1)
        #expect(match.recordingNumber == nil)
        #expect(match.stem == "BWC0042_004711_20261001_083000")
    }

    @Test(arguments: [
        ("{device}_{date}_{time}_{segment}.MP4", "B1_20261001_083000_07.mp4", "B1_20261001_083000"),
        ("{sequence}_{date}_{time}.MP4", "0007_20261001_083000.MP4", "20261001_083000"),
        ("{device}_{sequence}_{segment}.MP4", "B1_0017_02.MP4", "B1_0017"),
        ("{date}_{time}_{segment}_HD.MP4", "20261001_083000_02_HD.MP4", "20261001_083000_HD"),
        ("IMG_{sequence}.MP4", "IMG_0001.MP4", "IMG_0001"),
        ("{device}.MP4", "B1.MP4", "B1"),
    ])
    func theStemIsWhatSegmentsOfOneRecordingShare(pattern: String, name: String, stem: String) throws {
        #expect(try match(pattern, name)?.stem == stem)
    }

    @Test func numbersOfRecordingAndSegmentAreKeptApart() throws {
        let match = try #require(try match("{device}_{sequence}_{segment}.MP4", "B1_0017_02.MP4"))
        #expect(match.recordingNumber == 17)
        #expect(match.segmentNumber == 2)
    }

    @Test(arguments: [
        "BWC0042_20261001_083000_0001.MP", "BWC0042_20261001_083000_0001.MP4x", "_20261001_083000_0001.MP4",
        "BWC0042_2026100_083000_0001.MP4", "BWC0042_20261001_083000_.MP4", "BWC0042_20261001_083000_00A1.MP4",
        "BWC0042_20261001_083000_99999999999999999999.MP4", "BWC 42_20261001_083000_0001.MP4",
        "BWC0042_\u{301}20261001_083000_0001.MP4", "",
    ])
    func whatDoesNotFitIsNoMatch(name: String) throws {
        #expect(try match("{device}_{date}_{time}_{sequence}.MP4", name) == nil)
    }

    @Test func bytesThatAreNoTextAreNoMatchAndNoCrash() throws {
        let pattern = try FileNamePattern.parse("{device}_{segment}.MP4").get()
        #expect(pattern.match([0xff, 0x5f, 0x31, 0x2e, 0x4d, 0x50, 0x34]) == nil)
        #expect(pattern.match([UInt8](repeating: 0x41, count: 10_000)) == nil)
        #expect(pattern.match([UInt8](repeating: 0x41, count: 255)) == nil)
    }

    @Test func lettersOfTheLiteralMatchInEitherCaseAndOnlyInASCII() throws {
        #expect(try match("vid_{segment}.mp4", "VID_1.MP4") != nil)
        // The Kelvin sign folds to k in Unicode, and is another name on a camera.
        #expect(try match("k_{segment}.mp4", "\u{212a}_1.mp4") == nil)
    }

    @Test func aDateThatDoesNotExistLeavesTheStartOpen() throws {
        let match = try #require(try match("{date}_{time}_{segment}.MP4", "20261399_083000_01.MP4"))
        #expect(match.start == nil)
    }

    @Test(arguments: [
        "{device", "{device}{wearer}", "{device}_{device}", "{place}", "plain.mp4", "{date}.mp4", "{time}.mp4",
    ])
    func patternsThatCannotWorkAreRefused(pattern: String) {
        #expect(throws: FileNamePattern.PatternError.self) { try FileNamePattern.parse(pattern).get() }
    }
}
