import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import CameraMaker

@Suite struct VideoTests {
    private func videoPlan() -> CameraPlan {
        var plan = smallPlan()
        plan.recordings = 1
        plan.video = true
        plan.bytesPerSegment = nil
        plan.secondsPerSegment = 2
        return plan
    }

    @Test func segmentsAreH264OfTheLengthThatIsListed() throws {
        let folder = try TemporaryFolder()
        let camera = try CameraMaker.make(videoPlan(), at: folder.path)
        #expect(camera.segments.count == 2 && camera.segments[0].sha256 != camera.segments[1].sha256)
        for segment in camera.segments {
            let path = folder.at(segment.path.description)
            let probe = try Tool.run(
                "ffprobe",
                ["-v", "error", "-show_entries", "stream=codec_name:format=duration", "-of", "csv=p=0", path])
            #expect(probe.text == "h264\n2.000000\n")
            #expect(try Tool.run("sha256sum", [path]).text.prefix(64) == segment.sha256.description)
        }
        #expect(try CameraTree(folder.path).files.count == 4)
    }

    @Test func theSamePlanMakesTheSameVideo() throws {
        #expect(try make(videoPlan()) == make(videoPlan()))
    }

    @Test func aSizeSetsTheBitRate() throws {
        var plan = videoPlan()
        plan.segmentsPerRecording = 1
        plan.secondsPerSegment = 4
        plan.bytesPerSegment = 2_000_000
        let bytes = try make(plan).camera.bytes
        #expect((1_700_000...2_300_000).contains(bytes))
    }

    @Test func videoTakesAnyNameAndAnyDamage() throws {
        var plan = videoPlan()
        plan.recordings = 2
        plan.faults = [.nonUTF8, .truncate, .empty]
        let (camera, tree) = try make(plan)
        let cut = try #require(camera.breaks.first { $0.fault == .truncate }?.path)
        let truth = try #require(camera.segments.first { $0.path == cut })
        #expect(tree[cut].map { Int64($0.count) } == truth.bytes / 2)
        #expect(camera.segments.filter { $0.bytes == 0 }.count == 1)
        #expect(tree.files.count == 6)
    }

    @Test func aMachineWithoutFfmpegIsToldWhatToInstall() throws {
        let error = #expect(throws: DockError.self) { try VideoEncoder(searchPath: "/nowhere:/var/empty") }
        #expect(error?.code == .notFound)
        #expect(error?.next.contains("apt install ffmpeg") == true)
    }
}
