import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockCore
@testable import DockIntake

@Suite("Erasing")
struct FileEraserTests {
    let folder: TemporaryFolder
    let camera: TestMount

    init() throws {
        folder = try TemporaryFolder()
        camera = try TestMount.memory(on: "camera", in: folder)
        for name in [
            "DCIM/100MEDIA/A.MP4", "DCIM/100MEDIA/B.MP4", "DCIM/101MEDIA/C.MP4", "MISC/SYSTEM.INI", "SHA256SUMS",
        ] {
            try folder.write(pattern(5000), to: "camera/" + name)
        }
    }

    private func permit(_ names: [String], on volume: Volume) throws -> ErasePermit {
        let listing = try volume.list(limits: IntakeLimits())
        let files = try names.map { name in
            let file = try #require(listing.file(at: try CameraPath(name)))
            let digest = try #require(SHA256Digest(bytes: [UInt8](repeating: 0, count: 32)))
            return ErasableFile(
                path: file.path, identity: file.identity, role: name == "SHA256SUMS" ? .manifest : .listed,
                sha256: digest)
        }
        return ErasePermit(docking: "d1", camera: "BWC0042", vaults: [], files: files)
    }

    private func names(on volume: Volume) throws -> [String] {
        try volume.list(limits: IntakeLimits()).files.map(\.path.description)
    }

    @Test func whatThePermitCoversGoesAndNothingElse() throws {
        let volume = try Volume(camera.path)
        let permit = try permit(["DCIM/100MEDIA/A.MP4", "DCIM/101MEDIA/C.MP4", "SHA256SUMS"], on: volume)
        var progress: [Int] = []
        let report = try FileEraser.erase(permit, on: volume) { progress.append($0) }
        #expect(report.erased == 3 && report.left.isEmpty && report.leftCount == 0)
        #expect(progress == [1, 2, 3])
        #expect(try names(on: volume) == ["DCIM/100MEDIA/B.MP4", "MISC/SYSTEM.INI"])
        let folders = try volume.list(limits: IntakeLimits()).folders.map(\.description)
        #expect(folders == ["DCIM", "DCIM/100MEDIA", "DCIM/101MEDIA", "MISC"])
    }

    @Test(arguments: ["byte", "touch", "replace", "link", "folder", "grow"])
    func aFileThatIsNotTheOneThatWasReadStays(change: String) throws {
        let volume = try Volume(camera.path)
        let permit = try permit(["DCIM/100MEDIA/A.MP4", "DCIM/100MEDIA/B.MP4", "SHA256SUMS"], on: volume)
        let script = """
            cd \(camera.path)/DCIM/100MEDIA
            case \(change) in
            byte) printf X | dd of=A.MP4 conv=notrunc bs=1 seek=2500 status=none ;;
            touch) touch A.MP4 ;;
            replace) cp -p A.MP4 new; mv new A.MP4 ;;
            link) mv A.MP4 hidden; ln -s hidden A.MP4 ;;
            folder) rm A.MP4; mkdir A.MP4 ;;
            grow) cp -p A.MP4 old; printf X >> A.MP4; touch -r old A.MP4 ;;
            esac
            """
        #expect(try Tool.run("sh", ["-ec", script]).status == 0)
        let report = try FileEraser.erase(permit, on: volume)
        #expect(report.erased == 1 && report.leftCount == 2)
        #expect(report.left.map(\.path.description) == ["DCIM/100MEDIA/A.MP4", "SHA256SUMS"])
        #expect(report.left.last?.reason == "it describes footage that was left")
        let inode = try FileStatus.of(camera.path + "/DCIM/100MEDIA/A.MP4")
        #expect(inode.kind == (change == "link" ? .link : change == "folder" ? .folder : .file))
        #expect(try names(on: volume).contains("SHA256SUMS"))
    }

    @Test func aMissingFileIsReportedAndTheRestGoes() throws {
        let volume = try Volume(camera.path)
        let permit = try permit(["DCIM/100MEDIA/A.MP4", "DCIM/101MEDIA/C.MP4"], on: volume)
        try FileManager.default.removeItem(atPath: camera.path + "/DCIM/100MEDIA")
        let report = try FileEraser.erase(permit, on: volume)
        #expect(report.erased == 1 && report.left.map(\.path.description) == ["DCIM/100MEDIA/A.MP4"])
        #expect(report.left[0].reason.contains("No such file"))
    }

    @Test func aFolderThatBecameALinkLeadsNowhere() throws {
        let outside = try TemporaryFolder()
        let volume = try Volume(camera.path)
        let permit = try permit(["DCIM/101MEDIA/C.MP4"], on: volume)
        let moved = try Tool.run(
            "sh",
            ["-ec", "cd \(camera.path); mv DCIM/101MEDIA elsewhere; ln -s \(camera.path)/elsewhere DCIM/101MEDIA"])
        #expect(moved.status == 0)
        let report = try FileEraser.erase(permit, on: volume)
        #expect(report.erased == 0 && report.leftCount == 1)
        #expect(try names(on: volume).contains("elsewhere/C.MP4"))
        withExtendedLifetime(outside) {}
    }

    @Test func aReadOnlyVolumeIsAnErrorWithItsReason() throws {
        let volume = try Volume(camera.path)
        let permit = try permit(["DCIM/100MEDIA/A.MP4"], on: volume)
        try camera.remount("ro")
        let error = #expect(throws: DockError.self) { try FileEraser.erase(permit, on: volume) }
        #expect(error?.code == .refused && error?.why == "Read-only file system")
        #expect(try names(on: volume).count == 5)
    }

    @Test func aPulledCameraEndsTheErase() throws {
        let volume = try Volume(camera.path)
        let permit = try permit(["DCIM/100MEDIA/A.MP4", "DCIM/100MEDIA/B.MP4"], on: volume)
        let second = try TestMount.memory(on: "camera", in: folder)
        let error = #expect(throws: DockError.self) { try FileEraser.erase(permit, on: volume) }
        #expect(error?.code == .disconnected)
        second.detach()
    }

    @Test func aDeadFileSystemEndsTheErase() throws {
        let source = try TemporaryFolder()
        try source.write([1], to: "A.MP4")
        let faulty = try FaultyCamera(serving: source)
        let volume = try Volume(faulty.path)
        let permit = try permit(["A.MP4"], on: volume)
        faulty.kill()
        let error = #expect(throws: DockError.self) { try FileEraser.erase(permit, on: volume) }
        #expect(error?.code == .disconnected)
        #expect(FileManager.default.fileExists(atPath: source.at("A.MP4")))
    }

    @Test func anErasedFileStaysErasedAfterThePowerWentOut() throws {
        let disk = try TestMount.ext4(on: "disk", in: folder)
        try Data(pattern(5000)).write(to: URL(fileURLWithPath: disk.path + "/A.MP4"))
        #expect(try Tool.run("sync", ["-f", disk.path]).status == 0)
        let volume = try Volume(disk.path)
        let report = try FileEraser.erase(try permit(["A.MP4"], on: volume), on: volume)
        #expect(report.erased == 1)
        // What is on the disk at this instant, seen through a copy of it: nothing was unmounted or synced since.
        #expect(try Tool.run("cp", [folder.at("image"), folder.at("copy")]).status == 0)
        let after = try TestMount(["-o", "loop", folder.at("copy")], on: "after", in: folder)
        #expect(!FileManager.default.fileExists(atPath: after.path + "/A.MP4"))
    }

    @Test func anEmptyPermitDoesNothing() throws {
        let volume = try Volume(camera.path)
        let report = try FileEraser.erase(
            ErasePermit(docking: "d1", camera: "BWC0042", vaults: [], files: []), on: volume)
        #expect(report == ErasureReport())
        #expect(try names(on: volume).count == 5)
    }
}
