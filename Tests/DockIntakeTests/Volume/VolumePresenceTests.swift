import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockIntake

@Suite("Noticing that a camera was pulled")
struct VolumePresenceTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func expectGone(_ volume: Volume) throws {
        #expect(!volume.isPresent())
        let error = #expect(throws: DockError.self) { try volume.list(limits: IntakeLimits()) }
        #expect(error?.code == .disconnected)
    }

    @Test func aVolumeThatListsAsEmptyWithoutAnErrorIsGone() throws {
        try folder.write([1], to: "DCIM/A.MP4")
        let camera = try FaultyCamera(serving: folder)
        let volume = try Volume(camera.path)
        #expect(try volume.list(limits: IntakeLimits()).files.count == 1)
        try camera.pull()
        #expect(try FileManager.default.contentsOfDirectory(atPath: camera.path).isEmpty)
        try expectGone(volume)
    }

    @Test func inodeNumbersThatDoNotLastAreNotBelieved() throws {
        try folder.write([1], to: "A.MP4")
        let camera = try FaultyCamera(serving: folder)
        #expect(try Volume(camera.path).list(limits: IntakeLimits()).files.map(\.identity.inode) == [0])
        #expect(try Volume(folder.path).list(limits: IntakeLimits()).files.allSatisfy { $0.identity.inode != 0 })
    }

    @Test func aDeadFileSystemIsGone() throws {
        try folder.write([1], to: "A.MP4")
        let camera = try FaultyCamera(serving: folder)
        let volume = try Volume(camera.path)
        #expect(volume.isPresent())
        camera.kill()
        try expectGone(volume)
    }

    @Test func anEmptyFileSystemMountedOverItIsNotIt() throws {
        let first = try TestMount.memory(on: "camera", in: folder)
        let volume = try Volume(first.path)
        #expect(volume.isPresent())
        let second = try TestMount.memory(on: "camera", in: folder)
        try expectGone(volume)
        second.detach()
        #expect(volume.isPresent())
    }

    @Test func aVolumeThatWasUnmountedUnderneathIsGone() throws {
        let mount = try TestMount.ext4(on: "camera", in: folder)
        try Data([1]).write(to: URL(fileURLWithPath: mount.path + "/A.MP4"))
        let volume = try Volume(mount.path)
        #expect(try volume.list(limits: IntakeLimits()).files.count == 1)
        mount.detach()
        try expectGone(volume)
    }

    @Test func differencesBetweenListingsAreCountedAndNamed() throws {
        func file(_ name: String, _ size: Int64) throws -> CameraFile {
            CameraFile(path: try CameraPath(name), identity: FileIdentity(device: 1, inode: 2, size: size, modified: 3))
        }
        let before = try [file("a", 1), file("b", 1), file("d", 1)]
        let after = try [file("b", 2), file("c", 1), file("d", 1), file("e", 1)]
        let difference = ListingDifference(from: before, to: after)
        #expect(difference.vanished == 1 && difference.changed == 1 && difference.appeared == 2)
        #expect(difference.examples.map(\.description) == ["a", "b", "c", "e"])
        #expect(difference.finding?.holds == true)
        #expect(difference.finding?.message.contains("2 appeared, 1 vanished, 1 changed: a, b, c, e") == true)
        #expect(ListingDifference(from: after, to: after).finding == nil)
        #expect(ListingDifference(from: before, to: []).vanished == 3)
        #expect(ListingDifference(from: [], to: before).appeared == 3)
    }
}
