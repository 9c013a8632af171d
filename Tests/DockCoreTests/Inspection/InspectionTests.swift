import DockCore
import Testing

@Suite struct InspectionTests {
    @Test func aCleanCameraHasNoFindingsAndEveryFileIsPlanned() {
        let camera = SampleCamera()
        let inspection = camera.inspect()
        #expect(inspection.findings.isEmpty)
        #expect(inspection.plan.count == 10)
        #expect(inspection.plan.map(\.role) == Array(repeating: .listed, count: 9) + [.manifest])
        #expect(inspection.plan[0].recording == "R17")
        #expect(inspection.plan[0].recordingStart == sampleTime("2026-10-01T08:00:00Z"))
        #expect(inspection.plan[4].expected == .sha256(sampleDigest(1)))
        #expect(inspection.plan[9].recording == "manifest")
    }

    @Test func whatTheWearerMarkedIsTakenInFirst() {
        var camera = SampleCamera()
        camera.manifest.recordings[2].isFlagged = true
        let plan = camera.inspect().plan
        #expect(plan.map(\.recording) == ["R19", "R19", "R19", "R17", "R17", "R17", "R18", "R18", "R18", "manifest"])
        #expect(plan.map(\.isFlagged) == Array(repeating: true, count: 3) + Array(repeating: false, count: 7))
        #expect(camera.inspect().findings.isEmpty)
    }

    @Test func aFolderOfProtectedFilesFlagsWholeRecordings() {
        var camera = SampleCamera(segments: 2)
        camera.profile.flaggedFolders = ["EMR"]
        for (file, place) in [(3, "DCIM/emr/R18_1.MP4"), (1, "DCIM/EMRE/R17_1.MP4"), (5, "DCIM/R19/EMR")] {
            let old = camera.files[file].path
            camera.files[file].path = samplePath(place)
            for recording in camera.manifest.recordings.indices {
                for segment in 0..<2 where camera.manifest.recordings[recording].segments[segment].path == old {
                    camera.manifest.recordings[recording].segments[segment].path = samplePath(place)
                }
            }
        }
        camera.files.append(sampleFile(samplePath("DCIM/EMR/deeper/x.MP4"), bytes: 1))
        let plan = camera.inspect().plan
        #expect(plan.filter(\.isFlagged).map(\.recording) == ["R18", "R18", "unlisted"])
        #expect(plan.prefix(2).map(\.recording) == ["R18", "R18"])
    }

    @Test func theOrderOfTheListingChangesNothing() {
        var camera = SampleCamera(recordings: 5, segments: 4)
        camera.files.append(sampleFile(samplePath("DCIM/b.MP4"), bytes: 1))
        camera.files.append(sampleFile(samplePath("DCIM/B.mp4"), bytes: 1))
        camera.files.append(sampleFile(samplePath("note.txt"), bytes: 1))
        camera.files.removeAll { $0.path == samplePath("DCIM/100MEDIA/R18_2.MP4") }
        let expected = camera.inspect()
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            camera.files.shuffle(using: &generator)
            #expect(camera.inspect() == expected)
        }
    }

    @Test func aListedFileThatIsNotThereHoldsAndNamesItsBytes() {
        var camera = SampleCamera()
        camera.files.removeAll { $0.path == samplePath("DCIM/100MEDIA/R18_2.MP4") }
        #expect(camera.findings == [.plain(.fileMissing, "R18", "DCIM/100MEDIA/R18_2.MP4", .bytes(1001), holds: true)])
        #expect(camera.inspect().findings[0].message.contains("1001 bytes (60 s) missing"))
        #expect(camera.inspect().plan.count == 9)
    }

    @Test func aCameraThatReadsAsEmptyMissesEverything() {
        var camera = SampleCamera()
        camera.files = []
        #expect(camera.findings.filter { $0.code == .fileMissing && $0.holds }.count == 9)
        #expect(camera.inspect().plan.isEmpty)
    }

    @Test func aListedFileThatWasErasedEarlierDoesNotHold() {
        var camera = SampleCamera()
        camera.files.removeAll { $0.path == samplePath("DCIM/100MEDIA/R18_2.MP4") }
        camera.erased = [samplePath("DCIM/100MEDIA/R18_2.MP4")]
        #expect(camera.findings == [.plain(.erasedEarlier, "R18", "DCIM/100MEDIA/R18_2.MP4", holds: false)])
    }

    @Test func anUnlistedFileIsTakenInMarkedAndDoesNotHold() throws {
        var camera = SampleCamera()
        camera.files.append(sampleFile(samplePath("DCIM/100MEDIA/EXTRA.MP4"), bytes: 7))
        #expect(camera.findings == [.plain(.fileUnlisted, nil, "DCIM/100MEDIA/EXTRA.MP4", holds: false)])
        let planned = try #require(camera.inspect().plan.first { $0.role == .unlisted })
        #expect(planned.recording == "unlisted")
        #expect(planned.expected == nil)
    }

    @Test func theCamerasOwnFilesAreLeftAloneUnlessListed() {
        var camera = SampleCamera()
        camera.profile = .sample(
            manifest: camera.profile.manifest, preserve: [samplePath("SYSTEM"), samplePath("BODYDOCK")],
            serialFile: samplePath("SERIAL.TXT"))
        for name in ["SYSTEM/a/b.bin", "system/config", "SERIAL.TXT", "SYSTEM2"] {
            camera.files.append(sampleFile(samplePath(name), bytes: 3))
        }
        #expect(camera.inspect().plan.filter { $0.role == .unlisted }.map(\.file.path) == [samplePath("SYSTEM2")])
        #expect(camera.inspect().plan.contains { $0.role == .manifest })
        camera.manifest.recordings[0].segments[0].path = samplePath("SYSTEM/a/b.bin")
        #expect(camera.inspect().plan.contains { $0.role == .listed && $0.file.path == samplePath("SYSTEM/a/b.bin") })
    }

    @Test(arguments: [(400, .bytes(600)), (1500, nil)] as [(Int64, Finding.Loss?)])
    func aWrongSizeHoldsAndNamesWhatIsMissing(size: Int64, missing: Finding.Loss?) {
        var camera = SampleCamera()
        camera.files[1] = sampleFile(camera.files[1].path, bytes: size)
        #expect(camera.findings == [.plain(.sizeWrong, "R17", "DCIM/100MEDIA/R17_1.MP4", missing, holds: true)])
        #expect(camera.inspect().plan.count == 10)
    }

    @Test func aListedFileWithoutBytesHolds() {
        var camera = SampleCamera()
        camera.files[1] = sampleFile(camera.files[1].path, bytes: 0)
        #expect(camera.findings == [.plain(.fileEmpty, "R17", "DCIM/100MEDIA/R17_1.MP4", .bytes(1000), holds: true)])
        camera.manifest.recordings[0].segments[0].bytes = 0
        #expect(camera.findings == [.plain(.fileEmpty, "R17", "DCIM/100MEDIA/R17_1.MP4", .bytes(0), holds: true)])
    }

    @Test func aFileThatIsListedTwiceHoldsAndIsTakenInOnce() {
        var camera = SampleCamera()
        camera.manifest.recordings[1].segments[2].path = samplePath("DCIM/100MEDIA/R17_1.MP4")
        camera.files.removeAll { $0.path == samplePath("DCIM/100MEDIA/R18_3.MP4") }
        #expect(camera.findings == [.plain(.nameClash, "R18", "DCIM/100MEDIA/R17_1.MP4", holds: true)])
        #expect(Set(camera.inspect().plan.map(\.file.path)).count == camera.inspect().plan.count)
    }

    @Test func aManifestThatListsItselfHolds() {
        var camera = SampleCamera()
        camera.manifest.recordings[0].segments[0].path = samplePath("BODYDOCK/manifest.jsonl")
        #expect(camera.findings.contains(.plain(.nameClash, "R17", "BODYDOCK/manifest.jsonl", holds: true)))
        #expect(
            camera.inspect().plan.filter { $0.file.path == samplePath("BODYDOCK/manifest.jsonl") }.map(\.role) == [
                .manifest
            ])
    }

    @Test func namesThatDifferOnlyByCaseAreBothTakenIn() {
        var camera = SampleCamera()
        camera.manifest.recordings[0].segments[1].path = samplePath("DCIM/100MEDIA/r17_1.mp4")
        camera.files[2] = sampleFile(samplePath("DCIM/100MEDIA/r17_1.mp4"), bytes: 1001)
        #expect(camera.findings == [.plain(.nameClash, nil, "DCIM/100MEDIA/R17_1.MP4", holds: true)])
        #expect(camera.inspect().plan.filter { $0.role == .listed }.count == 9)
    }

    @Test func aFileThatIsListedInOtherCaseIsFound() {
        var camera = SampleCamera()
        camera.files[1] = sampleFile(samplePath("dcim/100media/r17_1.mp4"), bytes: 1000)
        #expect(camera.findings == [.plain(.nameClash, "R17", "DCIM/100MEDIA/R17_1.MP4", holds: false)])
        #expect(camera.inspect().plan[0].file.path == samplePath("dcim/100media/r17_1.mp4"))
        #expect(camera.inspect().plan[0].expected == .sha256(sampleDigest(0)))
    }

    @Test func anEntryThatFitsTwoFilesByCaseHoldsAndBothAreTakenIn() {
        var camera = SampleCamera()
        camera.files[1] = sampleFile(samplePath("DCIM/100MEDIA/r17_1.mp4"), bytes: 1000)
        camera.files.append(sampleFile(samplePath("DCIM/100MEDIA/r17_1.MP4"), bytes: 1000))
        #expect(camera.findings.contains(.plain(.nameClash, "R17", "DCIM/100MEDIA/R17_1.MP4", holds: true)))
        #expect(camera.inspect().plan.filter { $0.role == .unlisted }.count == 2)
    }

    @Test func aMissingManifestHolds() {
        var camera = SampleCamera()
        camera.files = [sampleFile(samplePath("DCIM/100MEDIA/R17_1.MP4"), bytes: 5)]
        camera.manifest = Manifest(
            kind: .none, recordings: [Recording(name: "R17_1", segments: [ListedSegment(path: camera.files[0].path)])])
        let missing = [Finding.plain(.manifestMissing, nil, "BODYDOCK/manifest.jsonl", holds: true)]
        #expect(camera.findings == missing)
        // Even if one of that name was erased before: this footage was not on it.
        camera.erased = [samplePath("BODYDOCK/manifest.jsonl")]
        #expect(camera.findings == missing)
    }

    @Test func anEmptyCameraHoldsUnlessItsManifestWasErasedLast() {
        var camera = SampleCamera()
        camera.files = []
        camera.manifest = Manifest(kind: .none)
        #expect(camera.findings == [.plain(.manifestMissing, nil, "BODYDOCK/manifest.jsonl", holds: true)])
        camera.erased = [samplePath("BODYDOCK/manifest.jsonl")]
        #expect(camera.findings == [.plain(.erasedEarlier, nil, "BODYDOCK/manifest.jsonl", holds: false)])
    }

    @Test func footageWithoutItsChecksumFileHoldsWhereTheProfileDemandsOne() {
        var camera = SampleCamera()
        camera.profile = .sample(manifest: .sidecar)
        let places = ["DCIM/A.MP4", "DCIM/B.MP4"].map { samplePath($0) }
        camera.files = (places + [samplePath("DCIM/A.MP4.sha256")]).map { sampleFile($0, bytes: 9) }
        camera.manifest = Manifest(
            kind: .sidecar,
            recordings: [
                Recording(name: "A", segments: [ListedSegment(path: places[0], digest: .sha256(sampleDigest(1)))]),
                Recording(name: "B", segments: [ListedSegment(path: places[1])]),
            ], files: [samplePath("DCIM/A.MP4.sha256")])
        #expect(camera.findings == [.plain(.manifestMissing, "B", "DCIM/B.MP4", holds: true)])
        #expect(camera.inspect().plan.map(\.role) == [.listed, .listed, .manifest])
    }

    @Test func aHundredThousandSegmentsAreAllPlanned() {
        let camera = SampleCamera(recordings: 1000, segments: 100)
        let inspection = camera.inspect()
        #expect(inspection.findings.isEmpty)
        #expect(inspection.plan.count == 100_001)
        #expect(Set(inspection.plan.map(\.file.path)).count == 100_001)
    }

    @Test func findingsBeyondTheNamedOnesAreSummedUp() throws {
        var camera = SampleCamera(recordings: 30, segments: 10)
        camera.files = [camera.files[0]]
        let findings = camera.inspect().findings
        #expect(findings.count == FindingList.namedPerCode + 1)
        let rest = try #require(findings.last)
        #expect(rest.code == .fileMissing && rest.holds)
        // 30 recordings of 1000…1009 bytes, of which the first ten are named.
        #expect(rest.missing == .bytes(20 * 10_045))
        #expect(rest.message.hasPrefix("200 more"))
    }
}
