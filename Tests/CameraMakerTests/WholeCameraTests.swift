import CameraMaker
import DockCore
import DockTestSupport
import Foundation
import Testing

@Suite struct WholeCameraTests {
    @Test func everyFileNameCarriesDeviceWearerTimeAndARunningSequence() throws {
        let (camera, tree) = try make(smallPlan(.plain))
        let pattern = try FileNamePattern.parse("{device}_{wearer}_{date}_{time}_{sequence}.MP4").get()
        #expect(camera.segments.count == 6)
        for (index, segment) in camera.segments.enumerated() {
            let match = try #require(pattern.match(segment.path.name))
            #expect(match.device == "BWC0042" && match.wearer == "004711")
            #expect(match.start == segment.start)
            #expect(match.sequence == UInt64(index + 1))
            #expect(tree[segment.path]?.count == 3000)
        }
        #expect(camera.segments[0].path.description == "DCIM/100MEDIA/BWC0042_004711_20261001_083000_0001.MP4")
        #expect(tree.files.count == 7)
        #expect(tree["SETTINGS/camera.cfg"] != nil)
    }

    @Test func theSamePlanMakesTheSameCameraAndAnotherSeedAnother() throws {
        let first = try make(smallPlan())
        #expect(try make(smallPlan()) == first)
        var plan = smallPlan()
        plan.seed = 2
        let other = try make(plan)
        #expect(Set(other.camera.segments.map(\.sha256)).isDisjoint(with: first.camera.segments.map(\.sha256)))
        plan.seed = 1
        plan.serial = "BWC0043"
        #expect(Set(try make(plan).camera.segments.map(\.sha256)).isDisjoint(with: first.camera.segments.map(\.sha256)))
    }

    @Test func noTwoSegmentsHoldTheSameBytes() throws {
        let (camera, _) = try make(smallPlan())
        #expect(Set(camera.segments.map(\.sha256)).count == camera.segments.count)
    }

    @Test func sumsFileIsAcceptedBySha256sum() throws {
        let folder = try TemporaryFolder()
        let camera = try CameraMaker.make(smallPlan(.sums, [.nonUTF8, .longName, .empty]), at: folder.path)
        let check = try Tool.run("sh", ["-c", "cd \"$1\" && sha256sum -c --strict SHA256SUMS", "sh", folder.path])
        #expect(check.status == 0, "\(check.errors)")
        #expect(check.output.split(separator: 10).count == camera.segments.count)
    }

    @Test func sidecarsAreAcceptedBySha256sum() throws {
        let folder = try TemporaryFolder()
        let camera = try CameraMaker.make(smallPlan(.sidecar, [.nonUTF8, .longName, .empty]), at: folder.path)
        let check = try Tool.run(
            "sh", ["-c", "cd \"$1\"/DCIM/100MEDIA && sha256sum -c --strict *.sha256", "sh", folder.path])
        #expect(check.status == 0, "\(check.errors)")
        #expect(check.output.split(separator: 10).count == camera.segments.count)
    }

    @Test func bytesAreTheOnesThatAreReportedAlsoBeyondOneBuffer() throws {
        var plan = smallPlan(.plain)
        plan.bytesPerSegment = 3 << 20 | 5
        let folder = try TemporaryFolder()
        let camera = try CameraMaker.make(plan, at: folder.path)
        for segment in camera.segments {
            let sum = try Tool.run("sha256sum", [folder.at(segment.path.description)])
            #expect(sum.text.prefix(64) == segment.sha256.description)
            #expect(segment.bytes == 3 << 20 | 5)
        }
    }

    @Test func aFolderTakes999Files() throws {
        var plan = smallPlan()
        plan.recordings = 2
        plan.segmentsPerRecording = 500
        plan.bytesPerSegment = 1
        let (camera, tree) = try make(plan)
        let folders = Dictionary(grouping: tree.files.keys.filter { $0.starts(with: "DCIM".utf8) }) { $0.prefix(14) }
        #expect(folders[ArraySlice("DCIM/100MEDIA/".utf8)]?.count == 999)
        #expect(folders[ArraySlice("DCIM/101MEDIA/".utf8)]?.count == 1)
        #expect(camera.segments.last?.path.description.hasSuffix("_1000.MP4") == true)
    }

    @Test func withoutAStartAllFootageIsOverWhenTheCameraIsDocked() throws {
        var plan = smallPlan()
        plan.start = nil
        plan.now = try #require(Instant(rfc3339: "2026-10-01T08:31:00Z"))
        let camera = try make(plan).camera
        #expect(camera.segments[0].start == Instant(rfc3339: "2026-09-30T08:30:00Z"))
        #expect(camera.clock < plan.now)
        plan.now = try #require(Instant(rfc3339: "2026-10-01T23:00:00Z"))
        #expect(try make(plan).camera.segments[0].start == Instant(rfc3339: "2026-10-01T08:30:00Z"))
    }

    @Test func aFolderThatIsNotEmptyIsLeftAlone() throws {
        let folder = try TemporaryFolder()
        try folder.write("mine".utf8, to: "other.txt")
        let error = #expect(throws: DockError.self) { try CameraMaker.make(smallPlan(), at: folder.path) }
        #expect(error?.code == .conflict)
        #expect(try CameraTree(folder.path).files.count == 1)
    }

    @Test(
        arguments: [
            { $0.recordings = 0 }, { $0.segmentsPerRecording = 0 }, { $0.segmentsPerRecording = .max },
            { $0.bytesPerSegment = 0 },
            { $0.secondsPerSegment = .nan }, { $0.preRecordSeconds = 120 }, { $0.serial = "A_B" },
            { $0.wearer = "../x" },
            { $0.start = Instant(seconds: -1) }, { $0.start = Instant(rfc3339: "9999-12-31T23:00:00Z") },
            { $0.faults = [.signature] },
            {
                $0.profile = .plain; $0.faults = [.hash]
            },
            {
                $0.profile = .sums; $0.signingKeyFile = "key"
            }, { $0.entries = 0 },
            {
                $0.recordings = 1; $0.faults = [.sequenceGap]
            },
            {
                $0.segmentsPerRecording = 1; $0.faults = [.gap]
            },
            {
                $0.recordings = 1; $0.faults = [.preRecord, .preRecordMissing]
            },
            {
                $0.preRecordSeconds = 1; $0.faults = [.preRecord]
            },
        ] as [@Sendable (inout CameraPlan) -> Void])
    func aPlanThatCannotBeIsRefusedBeforeAnythingIsMade(spoil: @Sendable (inout CameraPlan) -> Void) throws {
        var plan = smallPlan()
        spoil(&plan)
        let folder = try TemporaryFolder()
        let error = #expect(throws: DockError.self) { try CameraMaker.make(plan, at: folder.path) }
        #expect(error?.code == .configuration)
        #expect(try CameraTree(folder.path).files.isEmpty)
    }
}
