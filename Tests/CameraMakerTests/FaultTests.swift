import CameraMaker
import DockCore
import DockTestSupport
import Foundation
import Testing

/// Each fault against the whole camera of the same plan: what differs, and that nothing else does.
@Suite struct FaultTests {
    private let manifest = "BODYDOCK/manifest.jsonl"

    private struct Case {
        var whole: CameraTree
        var broken: CameraTree
        var camera: MadeCamera
        var place: MadeCamera.Break

        init(_ fault: CameraFault, _ profile: CameraPlan.Profile = .bodydock, key: String? = nil) throws {
            var plan = smallPlan(profile)
            plan.signingKeyFile = key
            whole = try make(plan).tree
            plan.faults = [fault]
            (camera, broken) = try make(plan)
            try #require(camera.breaks.count == 1)
            place = camera.breaks[0]
            #expect(place.fault == fault)
        }

        var changes: Set<String> { broken.changes(from: whole) }

        /// The file that is broken, before and after.
        func file() throws -> (path: CameraPath, before: Data?, after: Data?) {
            let path = try #require(place.path)
            return (path, whole[path], broken[path])
        }

        /// Lines of the manifest that differ but for the chain, before and after.
        func lines() throws -> (gone: [String], new: [String]) {
            let (before, after) = (try whole.manifestLines(), try broken.manifestLines())
            return (before.filter { !after.contains($0) }, after.filter { !before.contains($0) })
        }
    }

    @Test(arguments: [CameraPlan.Profile.bodydock, .sums, .sidecar], [CameraFault.hash, .truncate, .grow, .missing])
    func damageIsDoneToOneFileThatStaysListedAsItWas(profile: CameraPlan.Profile, fault: CameraFault) throws {
        let result = try Case(fault, profile)
        let (path, before, after) = try result.file()
        #expect(result.changes == [path.description])
        let whole = [UInt8](try #require(before))
        switch fault {
        case .hash:
            let bytes = [UInt8](try #require(after))
            #expect(
                bytes.count == whole.count && zip(bytes, whole).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount } == 1)
        case .truncate: #expect(after == before?.prefix(1500))
        case .grow: #expect(after?.count == 3512 && after?.prefix(3000) == before)
        default: #expect(after == nil)
        }
        #expect(result.camera.segments.first { $0.path == path }?.sha256 == (try SHA256Digest(hashing: whole)))
    }

    @Test(arguments: [CameraPlan.Profile.bodydock, .sums, .sidecar])
    func anUnlistedFileIsAllThatIsNew(profile: CameraPlan.Profile) throws {
        let result = try Case(.unlisted, profile)
        let path = try result.file().path
        #expect(result.changes == [path.description] && path.description.hasSuffix("_0007.MP4"))
        #expect(result.camera.segments.filter { !$0.isListed }.map(\.path) == [path])
    }

    @Test func aWrongSizeIsOneByteInOneLine() throws {
        let result = try Case(.wrongSize)
        #expect(result.changes == [manifest])
        let (gone, new) = try result.lines()
        #expect(gone.map { $0.replacing("\"bytes\":3000", with: "\"bytes\":3001") } == new && new.count == 1)
    }

    @Test(arguments: CameraPlan.Profile.allCases) func anEmptySegmentIsListedAsSuch(profile: CameraPlan.Profile) throws
    {
        let result = try Case(.empty, profile)
        let (path, _, after) = try result.file()
        #expect(after?.isEmpty == true)
        #expect(result.changes.count == (profile == .plain ? 1 : 2))
        #expect(result.camera.segments.first { $0.path == path }?.bytes == 0)
    }

    @Test func aDuplicateIsAFurtherLineForTheFirstFile() throws {
        let result = try Case(.duplicate)
        #expect(result.changes == [manifest])
        let new = try result.lines().new
        #expect(new.count == 2 && new[0].contains("_0001.MP4") && new[1].contains("\"segments\":7"))
        let sums = try Case(.duplicate, .sums)
        let text = String(decoding: try #require(sums.broken["SHA256SUMS"]), as: UTF8.self).split(separator: "\n")
        #expect(text.count == 7 && text.first == text.last)
    }

    @Test(arguments: CameraPlan.Profile.allCases) func twoNamesDifferOnlyByCase(profile: CameraPlan.Profile) throws {
        let result = try Case(.caseClash, profile)
        let path = try result.file().path
        let twins = result.broken.files.keys.filter {
            String(decoding: $0, as: UTF8.self).lowercased() == path.description.lowercased()
        }
        #expect(twins.count == 2)
        #expect(result.changes.count == (profile == .plain ? 1 : 2))
    }

    @Test(arguments: CameraPlan.Profile.allCases, [CameraFault.nonUTF8, .longName])
    func anOddNameChangesNoByteOfTheFile(profile: CameraPlan.Profile, fault: CameraFault) throws {
        let result = try Case(fault, profile)
        let (path, before, after) = try result.file()
        #expect(before == nil)
        let original = try #require(result.whole.files.first { $0.value == after })
        #expect(result.broken.files[original.key] == nil)
        if fault == .longName {
            #expect(path.name.count == (profile == .sidecar ? 248 : 255))
            #expect(result.broken.files.keys.allSatisfy { $0.split(separator: 47).allSatisfy { $0.count <= 255 } })
        } else {
            #expect(String(validating: path.name, as: UTF8.self) == nil)
        }
    }

    @Test(arguments: [(CameraFault.symlink, "l"), (.fifo, "p")])
    func aSpecialFileIsNamedLikeASegment(fault: CameraFault, kind: String) throws {
        for profile in CameraPlan.Profile.allCases {
            let result = try Case(fault, profile)
            let (path, _, after) = try result.file()
            #expect(result.changes == [path.description] && after == Data(kind.utf8))
        }
    }

    @Test(arguments: [(CameraFault.dotdot, "../OUTSIDE.MP4"), (.absolute, "/etc/hostname")])
    func aNameThatLeavesTheVolumeIsOnlyListed(fault: CameraFault, name: String) throws {
        let folder = try TemporaryFolder()
        _ = try CameraMaker.make(smallPlan(.bodydock, [fault]), at: folder.at("camera"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["camera"])
        let result = try Case(fault)
        #expect(result.changes == [manifest])
        let raw = String(decoding: try #require(result.broken[manifest]), as: UTF8.self)
        #expect(raw.contains("\"file\":\"\(name)\""))
        let sums = try Case(fault, .sums)
        #expect(sums.changes == ["SHA256SUMS"])
        #expect(String(decoding: try #require(sums.broken["SHA256SUMS"]), as: UTF8.self).hasSuffix("  \(name)\n"))
    }

    @Test(arguments: CameraPlan.Profile.allCases) func aSequenceGapSkipsOneRecordingsNumbers(
        profile: CameraPlan.Profile
    ) throws {
        let result = try Case(.sequenceGap, profile)
        let numbers = result.camera.segments.map { $0.path.description.suffix(8).prefix(4) }
        #expect(numbers == ["0001", "0002", "0003", "0004", "0007", "0008"])
        let names = result.camera.segments.map { Int($0.recording.dropFirst()) ?? 0 }
        #expect(names == [0, 0, 1, 1, 3, 3].map { names[0] + $0 })
    }

    @Test(arguments: [(CameraFault.preRecord, "08:30:15"), (.preRecordMissing, "08:30:00")])
    func aBrokenPromiseOfPreRecordMovesTheTriggerOnly(fault: CameraFault, trigger: String) throws {
        let result = try Case(fault)
        #expect(result.changes == [manifest])
        let (gone, new) = try result.lines()
        #expect(gone.map { $0.replacing("T08:30:30Z", with: "T\(trigger)Z") } == new && new.count == 1)
    }

    @Test func anOverlapIsALongerDuration() throws {
        let result = try Case(.overlap)
        #expect(result.changes == [manifest])
        let (gone, new) = try result.lines()
        #expect(gone.map { $0.replacing("\"duration\":60", with: "\"duration\":65") } == new && new.count == 1)
    }

    @Test func aGapIsALaterSecondSegment() throws {
        let result = try Case(.gap)
        let (gone, new) = try result.lines()
        #expect(
            gone.map { $0.replacing("083100", with: "083105").replacing("08:31:00", with: "08:31:05") } == new
                && new.count == 1)
        #expect(result.changes.count == 3)
    }

    @Test(
        arguments: CameraPlan.Profile.allCases,
        [(CameraFault.clock1970, "19700101_000042"), (.clock2106, "21060207_062815")])
    func aResetClockShowsInTheLastRecording(profile: CameraPlan.Profile, fault: (CameraFault, String)) throws {
        let result = try Case(fault.0, profile)
        let year = Int(fault.1.prefix(4))
        #expect(
            result.camera.segments.map { $0.start.civilDate.year == year } == [false, false, false, false, true, true])
        #expect(result.camera.segments[4].path.description.contains(fault.1))
    }

    @Test func aBrokenChainIsWrongInOnePlaceOnly() throws {
        let result = try Case(.chain)
        #expect(result.changes == [manifest])
        #expect(try result.lines() == ([], []))
        let raw = try #require(result.broken[manifest]).split(separator: 10)
        var wrong: [Int] = []
        for index in raw.indices.dropFirst() {
            let sum = try SHA256Digest(hashing: [UInt8](raw[index - 1])).description
            if !String(decoding: raw[index], as: UTF8.self).contains("\"previous\":\"\(sum)\"") { wrong.append(index) }
        }
        #expect(wrong == [7])
        #expect(String(decoding: raw[7], as: UTF8.self).hasPrefix("{\"type\":\"recording\""))
    }

    @Test func aBrokenSignatureIsAllThatDiffers() throws {
        let folder = try TemporaryFolder()
        let result = try Case(.signature, key: try makeKey(in: folder))
        #expect(result.changes == [manifest])
        let (before, after) = (try #require(result.whole[manifest]), try #require(result.broken[manifest]))
        #expect(before.count == after.count && zip(before, after).filter { $0.0 != $0.1 }.count == 1)
    }

    @Test func aTornManifestBreaksOffInItsLastLine() throws {
        let result = try Case(.torn)
        #expect(result.changes == [manifest])
        let (before, after) = (try #require(result.whole[manifest]), try #require(result.broken[manifest]))
        #expect(before.starts(with: after) && after.last != 10)
        #expect(after.split(separator: 10).count == before.split(separator: 10).count)
    }

    @Test func aNestedLineIsDeepAndStillWithinTheLimit() throws {
        let result = try Case(.nested)
        #expect(result.changes == [manifest])
        let lines = try #require(result.broken[manifest]).split(separator: 10)
        #expect(lines[1].count(where: { $0 == UInt8(ascii: "[") }) == 30_000)
        #expect(lines.allSatisfy { $0.count < 65_536 } && lines.count == 11)
    }

    @Test func manyEntriesAreCountedAndNotThere() throws {
        let result = try Case(.manyEntries)
        #expect(result.changes == [manifest])
        let new = try result.lines().new
        #expect(new.count == 501 && new.last?.contains("\"segments\":506") == true)
        let sums = try Case(.manyEntries, .sums)
        #expect(sums.changes == ["SHA256SUMS"] && sums.broken["SHA256SUMS"]?.split(separator: 10).count == 506)
    }

    @Test(arguments: [(CameraPlan.Profile.bodydock, 1), (.sums, 1), (.sidecar, 6)])
    func withoutAManifestAllElseIsThere(profile: CameraPlan.Profile, count: Int) throws {
        let result = try Case(.noManifest, profile)
        #expect(result.changes.count == count)
        #expect(
            result.changes.allSatisfy { $0.hasPrefix("BODYDOCK/") || $0 == "SHA256SUMS" || $0.hasSuffix(".sha256") })
        #expect(result.camera.segments.allSatisfy { !$0.isListed })
    }

    @Test func allFaultsTogetherEachHaveAPlaceOfTheirOwn() throws {
        for profile in CameraPlan.Profile.allCases {
            let folder = try TemporaryFolder()
            var plan = smallPlan(profile, Set(CameraFault.allCases.filter { $0.profiles.contains(profile) }))
            plan.segmentsPerRecording = 3
            if profile == .bodydock { plan.signingKeyFile = try makeKey(in: folder) }
            let camera = try make(plan).camera
            #expect(Set(camera.breaks.map(\.fault)) == plan.faults && camera.breaks.count == plan.faults.count)
            let paths = camera.breaks.compactMap(\.path)
            #expect(Set(paths).count == paths.count)
        }
    }

    @Test func everyFaultIsExplainedInOneLineOfATable() {
        for fault in CameraFault.allCases {
            #expect((1...59).contains(fault.explanation.count) && !fault.profiles.isEmpty)
        }
        #expect(Set(CameraFault.allCases.map(\.explanation)).count == CameraFault.allCases.count)
    }
}
