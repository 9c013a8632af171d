import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockIntake

@Suite("Listing a volume")
struct VolumeListTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func list(_ limits: IntakeLimits = IntakeLimits()) throws -> VolumeListing {
        try Volume(folder.path).list(limits: limits)
    }

    @Test func findsFilesAndFoldersSortedByTheirBytes() throws {
        for name in ["DCIM/101/B.MP4", "DCIM/100MEDIA/Z.MP4", "DCIM/100MEDIA/A.MP4", "DCIM/100MEDIA.TXT"] {
            try folder.write(name.utf8, to: name)
        }
        let listing = try list()
        #expect(
            listing.files.map(\.path.description)
                == ["DCIM/100MEDIA.TXT", "DCIM/100MEDIA/A.MP4", "DCIM/100MEDIA/Z.MP4", "DCIM/101/B.MP4"])
        #expect(listing.folders.map(\.description) == ["DCIM", "DCIM/100MEDIA", "DCIM/101"])
        #expect(listing.findings.isEmpty && listing.isComplete)
        #expect(listing.files.map(\.identity.size) == [17, 19, 19, 14])
        #expect(listing.contains(try CameraPath("DCIM/100MEDIA")))
        #expect(!listing.contains(try CameraPath("DCIM/100")))
        #expect(listing.file(at: try CameraPath("DCIM/101/B.MP4")) == listing.files[3])
    }

    @Test func anEmptyFolderIsAnEmptyListing() throws {
        let listing = try list()
        #expect(listing == VolumeListing(files: [], folders: [], findings: [], isComplete: true))
    }

    @Test func namesAreBytesWhateverTheyAre() throws {
        let odd: [[UInt8]] = [
            [0xff, 0xfe, 0x41], Array(repeating: 0x78, count: 255), [0x0a, 0x1b], Array("%41".utf8),
        ]
        let root = try Descriptor.open(folder.path, flags: O_RDONLY | O_DIRECTORY)
        for name in odd { _ = try Descriptor.open(name, under: root.number, flags: O_CREAT | O_WRONLY) }
        let listing = try list()
        #expect(Set(listing.files.map(\.path.bytes)) == Set(odd))
        #expect(listing.findings.isEmpty)
    }

    @Test func whatIsNoRegularFileIsReportedAndNeverOpened() throws {
        let outside = try TemporaryFolder()
        try outside.write([1], to: "secret")
        for arguments in [
            ["ln", "-s", outside.at("secret"), "link"], ["ln", "-s", outside.path, "folder-link"], ["mkfifo", "pipe"],
            ["mknod", "device", "c", "1", "3"], ["python3", "-c", "import socket; socket.socket(1).bind('socket')"],
        ] {
            let made = try Tool.run("env", ["-C", folder.path] + arguments)
            try #require(made.status == 0, "\(made.errors)")
        }
        try folder.write([2], to: "good")
        let listing = try list()
        #expect(listing.files.map(\.path.description) == ["good"])
        #expect(listing.findings.allSatisfy { $0.code == .specialFile && $0.holds })
        let names = Set(listing.findings.compactMap(\.path?.description))
        #expect(names == ["link", "folder-link", "pipe", "device", "socket"])

        let volume = try Volume(folder.path)
        for name in ["link", "pipe", "device", "socket", "folder-link/secret"] {
            let error = #expect(throws: DockError.self) { _ = try volume.openFile(try CameraPath(name)) }
            #expect(error?.code == .refused, "\(name)")
        }
    }

    @Test func whatIsMountedBelowIsNotEntered() throws {
        let outside = try TemporaryFolder()
        try outside.write([1], to: "foreign")
        try folder.write([2], to: "DCIM/own")
        try folder.write([3], to: "single")
        let memory = try TestMount.memory(on: "DCIM/memory", in: folder)
        // Bind mounts from the same file system: the device number does not give them away.
        let bound = try TestMount(["--bind", outside.path], on: "DCIM/bound", in: folder)
        let boundFile = try TestMount(["--bind", outside.at("foreign")], on: "single", in: folder)
        try Data([4]).write(to: URL(fileURLWithPath: memory.path + "/hidden"))

        let listing = try list()
        #expect(!listing.files.contains { $0.path.description.hasPrefix("DCIM/memory") })
        #expect(!listing.files.contains { $0.path.description.hasPrefix("DCIM/bound") })
        #expect(Set(listing.findings.compactMap(\.path?.description)).isSuperset(of: ["DCIM/memory", "DCIM/bound"]))
        #expect(listing.findings.allSatisfy { $0.code == .specialFile && $0.holds })
        #expect(!listing.isComplete)
        for name in ["DCIM/memory/hidden", "DCIM/bound/foreign", "single"] {
            let error = #expect(throws: DockError.self) { _ = try Volume(folder.path).openFile(try CameraPath(name)) }
            #expect(error?.why.contains("another file system is mounted") == true, "\(name)")
        }
        withExtendedLifetime((bound, boundFile)) {}
    }

    @Test func tooManyFilesAreCutOffAndHold() throws {
        for number in 1...5 { try folder.write([0], to: "\(number)") }
        #expect(try list(IntakeLimits(files: 5)).findings.isEmpty)
        let listing = try list(IntakeLimits(files: 4))
        #expect(listing.files.count == 4)
        #expect(listing.findings.map(\.code) == [.limitExceeded])
        #expect(listing.findings[0].holds && !listing.isComplete)
    }

    @Test func tooManyFoldersAreCutOffAndHold() throws {
        for number in 1...5 {
            try FileManager.default.createDirectory(atPath: folder.at("\(number)"), withIntermediateDirectories: true)
        }
        #expect(try list(IntakeLimits(files: 5)).isComplete)
        let listing = try list(IntakeLimits(files: 4))
        #expect(listing.findings.map(\.code) == [.limitExceeded] && !listing.isComplete)
    }

    @Test func foldersBeyondTheDepthAreNamedAndNotEntered() throws {
        try folder.write([0], to: "1/2/3/deep")
        try folder.write([0], to: "1/2/fine")
        let listing = try list(IntakeLimits(depth: 2))
        #expect(listing.files.map(\.path.description) == ["1/2/fine"])
        #expect(listing.findings.map(\.path?.description) == ["1/2/3"])
        #expect(listing.findings.map(\.code) == [.limitExceeded])
    }

    @Test func aFileThatClaimsAnImpossibleSizeIsReportedAndNotTaken() throws {
        let camera = try TestMount.memory(on: "camera", in: folder)
        try folder.write([1], to: "camera/good")
        let script = "cd \(camera.path); for name in a b c; do truncate -s 7E $name; done"
        #expect(try Tool.run("sh", ["-ec", script]).status == 0)
        let listing = try Volume(camera.path).list(limits: IntakeLimits())
        #expect(listing.files.map(\.path.description) == ["good"])
        #expect(listing.findings.map(\.code) == [.limitExceeded, .limitExceeded, .limitExceeded])
        #expect(!listing.isComplete)
    }

    @Test func manyFindingsAreCountedNotListed() throws {
        for number in 1...130 {
            try FileManager.default.createSymbolicLink(atPath: folder.at("\(number)"), withDestinationPath: "/")
        }
        let listing = try list()
        #expect(listing.findings.count == 101)
        #expect(listing.findings.last?.missing == .items(30))
    }

    @Test func aPathThatIsNoFolderIsRefused() throws {
        try folder.write([], to: "file")
        for path in [folder.at("file"), folder.at("nothing"), ""] {
            let error = #expect(throws: DockError.self) { try Volume(path) }
            #expect(error?.code == .notFound)
        }
    }
}
