import DockCore
import DockIntake
import DockSystem
import DockTestSupport
import Foundation
import Glibc
import Testing

@Suite struct ManifestReaderTests {
    private static let pattern = "{device}_{wearer}_{date}_{time}_{segment}.MP4"

    /// A camera in a folder, with the listing that a walk of it gives.
    private struct Camera {
        let folder: TemporaryFolder
        var files: [CameraFile] = []

        init(_ contents: [String: [UInt8]]) throws {
            folder = try TemporaryFolder()
            for (name, bytes) in contents {
                let status = try FileStatus.of(try folder.write(bytes, to: name))
                files.append(CameraFile(path: try CameraPath(name), identity: status.identity))
            }
        }

        func read(_ profile: CameraProfile) throws -> ReadManifest {
            try ManifestReader(profile: profile, limits: IntakeLimits(), pinnedKeys: [:]).read(
                files.shuffled(),
                open: { (path) throws(DockError) in
                    do throws(Errno) {
                        return try Descriptor.open(
                            folder.at(String(decoding: path.bytes, as: UTF8.self)), flags: O_RDONLY | O_NOFOLLOW)
                    } catch {
                        throw error.error("cannot open a file", at: path.description, next: "nothing")
                    }
                }, verify: { (_, _, _) throws(DockError) in false })
        }

        func inspect(_ profile: CameraProfile) throws -> Inspection {
            let read = try read(profile)
            return Inspection(of: read.manifest, files: files, profile: profile, now: Instant(seconds: 1_800_000_000)) {
                _, _ in false
            }
        }
    }

    private func profile(_ manifest: CameraProfile.ManifestSource, _ pattern: String? = pattern) throws -> CameraProfile
    {
        CameraProfile(
            name: "test", summary: "", priority: 0, requiredPaths: [], requiresMatchingName: false, manifest: manifest,
            footageFolders: [try CameraPath("DCIM")], footageExtensions: ["mp4"],
            fileName: try pattern.map { try FileNamePattern.parse($0).get() }, serialFile: nil,
            preserve: [try CameraPath("SYSTEM")])
    }

    private let footage: [String: [UInt8]] = [
        "DCIM/100MEDIA/B1_7_20261001_083000_0001.MP4": [1], "DCIM/101MEDIA/B1_7_20261001_083000_0002.MP4": [2],
        "DCIM/101MEDIA/B1_7_20261001_093000_0001.MP4": [3], "SYSTEM/intro.mp4": [4],
    ]

    @Test func withoutAManifestFootageIsGroupedByItsNames() throws {
        let camera = try Camera(footage.merging(["DCIM/100MEDIA/B1.THM": [5]]) { $1 })
        let read = try camera.read(try profile(.none))
        #expect(read.findings.isEmpty)
        #expect(read.manifest.kind == .none)
        #expect(read.manifest.camera?.serial == "B1")
        #expect(read.manifest.wearer == "7")
        #expect(read.manifest.recordings.map(\.name) == ["B1_7_20261001_083000", "B1_7_20261001_093000"])
        let inspection = try camera.inspect(try profile(.none))
        #expect(inspection.plan.map(\.role) == [.listed, .listed, .listed, .unlisted])
        #expect(inspection.plan.allSatisfy { $0.expected == nil })
        #expect(inspection.findings.map(\.code) == [.fileUnlisted])
    }

    @Test func withoutAPatternEachFileIsARecordingNamedByItsPath() throws {
        let camera = try Camera(["DCIM/100MEDIA/IMG_1.MP4": [1], "DCIM/101MEDIA/IMG_1.MP4": [2], "DCIM/b.d/x.MP4": [3]])
        let read = try camera.read(try profile(.none, nil))
        #expect(read.codes == [.wearerUnknown])
        #expect(read.manifest.recordings.map(\.name) == ["DCIM-100MEDIA-IMG_1", "DCIM-101MEDIA-IMG_1", "DCIM-b.d-x"])
        #expect(read.manifest.camera == nil)
    }

    @Test func footageOfTwoDevicesHoldsAndOfTwoWearersIsReported() throws {
        let stray = "DCIM/100MEDIA/A9_8_20261001_103000_0001.MP4"
        let read = try Camera(footage.merging([stray: [9]]) { $1 }).read(try profile(.none))
        #expect(read.codes == [.identityConflict, .wearerUnknown])
        #expect(read.findings.map(\.holds) == [true, false])
        #expect(read.findings[0].message.contains("A9, B1"))
        #expect(read.manifest.camera?.serial == "B1")
        #expect(read.manifest.wearer == nil)
    }

    @Test func aNameWithADateThatDoesNotExistHolds() throws {
        let read = try Camera(["DCIM/B1_7_20261399_083000_0001.MP4": [1]]).read(try profile(.none))
        #expect(read.codes == [.timeImpossible])
        #expect(read.findings[0].holds)
    }

    @Test func theOwnManifestIsReadWhereTheProfileSays() throws {
        let camera = try Camera([manifestPlace: try ManifestText.sample().bytes, "DCIM/A1.MP4": [1, 2, 3, 4, 5]])
        let read = try camera.read(try profile(.bodydock(try CameraPath(manifestPlace))))
        #expect(read.findings.isEmpty)
        #expect(read.paths.count == 3)
        let inspection = try camera.inspect(try profile(.bodydock(try CameraPath(manifestPlace))))
        #expect(inspection.findings.map(\.code) == [.fileMissing, .fileMissing])
        #expect(inspection.plan.map(\.role) == [.listed, .manifest])
    }

    @Test func aManifestWhoseNameDiffersByCaseIsFound() throws {
        let camera = try Camera(["bodydock/MANIFEST.JSONL": try ManifestText.sample().bytes])
        let read = try camera.read(try profile(.bodydock(try CameraPath(manifestPlace))))
        #expect(read.manifest.files.map(\.description) == ["bodydock/MANIFEST.JSONL"])
        #expect(read.paths.count == 3)
    }

    @Test func withoutTheDemandedManifestNamesAreUsedAndTheCameraIsHeld() throws {
        for source in [
            CameraProfile.ManifestSource.bodydock(try CameraPath(manifestPlace)), .sums(try CameraPath("SHA256SUMS")),
        ] {
            let camera = try Camera(footage)
            #expect(try camera.read(try profile(source)).manifest.kind == .none)
            let inspection = try camera.inspect(try profile(source))
            #expect(inspection.findings.map(\.code) == [.manifestMissing])
            #expect(inspection.findings[0].holds)
            #expect(inspection.plan.count == 3)
        }
    }

    @Test func sumsWrittenBySha256sumFitTheCamera() throws {
        var camera = try Camera(footage)
        let script = #"cd "$0/DCIM" && find . -name '*.MP4' -exec sha256sum {} + > SHA256SUMS"#
        #expect(try Tool.run("sh", ["-c", script, camera.folder.path]).status == 0)
        let place = try CameraPath("DCIM/SHA256SUMS")
        camera.files.append(
            CameraFile(path: place, identity: try FileStatus.of(camera.folder.at("DCIM/SHA256SUMS")).identity))
        let inspection = try camera.inspect(try profile(.sums(place)))
        #expect(inspection.findings.isEmpty)
        #expect(inspection.plan.map(\.role) == [.listed, .listed, .listed, .manifest])
        #expect(inspection.plan[0].expected == .sha256(try SHA256Digest(hashing: [1])))
    }

    @Test func checksumFilesBesideFootageListIt() throws {
        let name = "DCIM/B1_7_20261001_083000_0001.MP4"
        let gone = "DCIM/B1_7_20261001_083000_0002.MP4"
        let hash = try SHA256Digest(hashing: [1])
        let camera = try Camera([
            name: [1], name + ".md5": Array("\(String(repeating: "0", count: 32))\n".utf8),
            name + ".SHA256": Array("\(hash)\n".utf8),
            gone + ".sha256": Array("\(hash)\n".utf8), "SYSTEM/x.mp4.sha256": [1], "DCIM/readme.txt.md5": [1],
        ])
        let read = try camera.read(try profile(.sidecar))
        #expect(read.findings.isEmpty)
        #expect(read.manifest.files.count == 3)
        #expect(read.manifest.recordings[0].segments.map(\.digest) == [.sha256(hash), .sha256(hash)])
        let inspection = try camera.inspect(try profile(.sidecar))
        #expect(inspection.findings.map(\.code) == [.fileMissing, .fileUnlisted])
        #expect(inspection.findings[0].path?.description == gone)
    }

    @Test func aChecksumFileThatCannotBeReadHoldsAndStillListsItsFile() throws {
        let name = "DCIM/B1_7_20261001_083000_0001.MP4"
        let camera = try Camera([name: [1], name + ".sha256": Array("garbage".utf8)])
        let read = try camera.read(try profile(.sidecar))
        #expect(read.codes == [.manifestBroken])
        #expect(try camera.inspect(try profile(.sidecar)).plan.map(\.role) == [.listed, .manifest])
        #expect(try camera.inspect(try profile(.sidecar)).findings.isEmpty)
    }

    @Test func aManifestThatCannotBeOpenedHolds() throws {
        var camera = try Camera(footage)
        let place = try CameraPath(manifestPlace)
        camera.files.append(CameraFile(path: place, identity: FileIdentity(device: 1, inode: 1, size: 1, modified: 0)))
        let read = try camera.read(try profile(.bodydock(place)))
        #expect(read.codes == [.readFailed])
        #expect(read.findings[0].holds)
        #expect(try camera.inspect(try profile(.bodydock(place))).plan.filter { $0.role == .unlisted }.count == 3)
    }

    @Test func aCameraThatIsGoneStopsTheReading() throws {
        let place = try CameraPath(manifestPlace)
        let files = [CameraFile(path: place, identity: FileIdentity(device: 1, inode: 1, size: 1, modified: 0))]
        let gone = DockError(.disconnected, "cannot open", at: "camera", because: "it is gone", next: "dock it again")
        #expect(throws: gone) {
            try ManifestReader(profile: try profile(.bodydock(place)), limits: IntakeLimits(), pinnedKeys: [:])
                .read(
                    files, open: { (_) throws(DockError) in throw gone },
                    verify: { (_, _, _) throws(DockError) in false })
        }
    }
}
