import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockIntake

/// What is put on a camera, and what is taken along before: a camera is never trusted to be what it looks like.
@Suite("Writing to a camera")
struct CameraWriterTests {
    let folder: TemporaryFolder
    let camera: TestMount
    let volume: Volume
    private var files: FileManager { FileManager.default }

    init() throws {
        folder = try TemporaryFolder()
        camera = try TestMount(["-t", "tmpfs", "-o", "size=1m", "bodydock-test"], on: "camera", in: folder)
        volume = try Volume(camera.path)
    }

    private func content(_ name: String) throws -> String {
        try String(contentsOfFile: camera.path + "/" + name, encoding: .utf8)
    }

    @Test func aFileIsWrittenWithItsFoldersAndReplacesTheOldOne() throws {
        let writer = CameraWriter(volume)
        try writer.write(Array("one".utf8), to: CameraPath("A/B/file.txt"))
        try writer.write(Array("2".utf8), to: CameraPath("A/B/file.txt"))
        #expect(try content("A/B/file.txt") == "2")
        #expect(try files.contentsOfDirectory(atPath: camera.path + "/A/B") == ["file.txt"])
        try writer.make(folders: [CameraPath("A/B"), CameraPath("C/D")])
        #expect(files.fileExists(atPath: camera.path + "/C/D"))
    }

    /// Links out of the volume, where a folder, the file, and the unfinished file would stand.
    @Test func aLinkLeadsNowhere() throws {
        let outside = folder.at("outside")
        try files.createDirectory(atPath: outside, withIntermediateDirectories: true)
        try folder.write(Array("untouched".utf8), to: "outside/file.txt")
        try files.createSymbolicLink(atPath: camera.path + "/LINKED", withDestinationPath: outside)
        let writer = CameraWriter(volume)
        #expect(throws: DockError.self) { try writer.write([1], to: CameraPath("LINKED/file.txt")) }
        #expect(throws: DockError.self) { try writer.write([1], to: CameraPath("LINKED/deep/file.txt")) }
        #expect(throws: DockError.self) { try writer.make(folders: [CameraPath("LINKED/deep")]) }
        for name in ["direct.txt", "other.txt.bodydock"] {
            try files.createSymbolicLink(
                atPath: camera.path + "/" + name, withDestinationPath: outside + "/file.txt")
        }
        try writer.write(Array("new".utf8), to: CameraPath("direct.txt"))
        try writer.write(Array("new".utf8), to: CameraPath("other.txt"))
        #expect(try content("direct.txt") == "new" && content("other.txt") == "new")
        #expect(try String(contentsOfFile: outside + "/file.txt", encoding: .utf8) == "untouched")
        #expect(try files.contentsOfDirectory(atPath: outside) == ["file.txt"])
        #expect(try FileStatus.of(camera.path + "/direct.txt").kind == .file, "the link is replaced, not followed")
    }

    @Test(arguments: ["../out", "A/../../out", "/etc/out", "A//B", "", "./A"]) func aPathThatLeavesTheVolumeIsNone(
        path: String
    ) throws {
        #expect(throws: (any Error).self) { try CameraPath(Array(path.utf8)) }
        // Nor does one come back from what was saved on the dock.
        let saved = #"{"folders":[],"files":[{"path":"\#(path)","content":[1]}]}"#
        #expect(throws: (any Error).self) { try JSONDecoder().decode(Keepsakes.self, from: Data(saved.utf8)) }
        let whole = saved.replacing("\"\(path)\"", with: "\"A/B\"")
        #expect(try JSONDecoder().decode(Keepsakes.self, from: Data(whole.utf8)).files.count == 1)
    }

    @Test func aCardThatIsFullKeepsTheOldFile() throws {
        let writer = CameraWriter(volume)
        try writer.write(Array("old".utf8), to: CameraPath("SETTINGS/file"))
        let error = #expect(throws: DockError.self) {
            try writer.write([UInt8](repeating: 1, count: 2 << 20), to: CameraPath("SETTINGS/file"))
        }
        #expect(error?.code == .noSpace, "\(String(describing: error))")
        #expect(try content("SETTINGS/file") == "old")
        // What was left of it does not stand in the way.
        try writer.write(Array("new".utf8), to: CameraPath("SETTINGS/file"))
        #expect(try files.contentsOfDirectory(atPath: camera.path + "/SETTINGS") == ["file"])
    }

    @Test func aWriteProtectedCardIsSaid() throws {
        try camera.remount("ro")
        let error = #expect(throws: DockError.self) { try CameraWriter(volume).write([1], to: CameraPath("file")) }
        #expect(error?.description.contains("file") == true)
        #expect(throws: DockError.self) { try CameraWriter(volume).make(folders: [CameraPath("A")]) }
    }

    // MARK: Keepsakes

    private func profile() throws -> CameraProfile {
        CameraProfile(
            name: "test", summary: "", priority: 1, requiredPaths: [try CameraPath("DCIM")],
            requiresMatchingName: false,
            manifest: .none, footageFolders: [], footageExtensions: ["mp4"], fileName: nil, serialFile: nil,
            preserve: [try CameraPath("SETTINGS")])
    }

    @Test func whatBelongsToTheCameraIsTakenAlongAndNothingElse() throws {
        try folder.write(Array("mine".utf8), to: "camera/SETTINGS/deep/camera.cfg")
        try folder.write(Array("footage".utf8), to: "camera/DCIM/A.MP4")
        try files.createSymbolicLink(atPath: camera.path + "/SETTINGS/link", withDestinationPath: "/etc/hostname")
        let keepsakes = try Keepsakes(of: volume.list(limits: IntakeLimits()), on: volume, profile: profile())
        #expect(keepsakes.files.map(\.path.description) == ["SETTINGS/deep/camera.cfg"])
        #expect(keepsakes.files.first?.content == Array("mine".utf8))
        #expect(keepsakes.folders.map(\.description) == ["DCIM", "SETTINGS", "SETTINGS/deep"], "parents first")
        let decoded = try JSONDecoder().decode(Keepsakes.self, from: JSONEncoder().encode(keepsakes))
        #expect(decoded == keepsakes)
    }

    @Test func moreThanCanBeSavedIsSaidBeforeItIsRead() throws {
        let large = camera.path + "/SETTINGS/large"
        try folder.write(Data(), to: "camera/SETTINGS/large")
        try FileHandle(forWritingTo: URL(fileURLWithPath: large)).truncate(atOffset: UInt64(Keepsakes.mostBytes) + 1)
        let error = #expect(throws: DockError.self) {
            try Keepsakes(of: volume.list(limits: IntakeLimits()), on: volume, profile: profile())
        }
        #expect(error?.code == .limit)
    }
}
