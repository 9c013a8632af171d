import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Synchronization
import Testing

@testable import DockDevices

@Suite("Mounts of cameras")
struct CameraMountTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A card with a clean ext4, the one file system that every kernel here can mount.
    private func card(_ name: String = "image") throws -> LoopDevice {
        let loop = try LoopDevice(bytes: 16 << 20, in: folder, name: name)
        let made = try Tool.run("mkfs.ext4", ["-q", "-F", loop.node])
        guard made.status == 0 else { throw RigFailure(made.errors) }
        return loop
    }

    private func flags(of path: String) throws -> MountEntry? {
        try MountTable.all().last { $0.mount.point == path }
    }

    @Test func theFlagsAreReallyOn() throws {
        let loop = try card()
        let path = folder.at("deep/er/camera")
        let mount = try CameraMount(node: BlockNode(loop.node), kind: .ext4, at: path, access: .readOnly)
        #expect(mount.folder == path)
        let found = try #require(try flags(of: path))
        #expect(found.options == ["ro", "nosuid", "nodev", "noexec", "noatime"])
        #expect(found.superblock.isSuperset(of: ["ro", "norecovery"]) && found.mount.type == "ext4")
        #expect(try FileStatus.of(path + "/..").permissions == 0o700)
        #expect(throws: (any Error).self) { try Data("x".utf8).write(to: URL(fileURLWithPath: path + "/x")) }
        // Not even root writes to the device while its footage is read.
        #expect(try Tool.run("dd", ["if=/dev/zero", "of=\(loop.node)", "count=1", "conv=fsync"]).status != 0)
        #expect(try mount.unmount() == .unmounted)
        #expect(try flags(of: path) == nil)
        #expect(try mount.unmount() == .unmounted, "a second time")
        #expect(try Tool.run("blockdev", ["--getro", loop.node]).text == "0\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.at("deep/er")) == ["camera"])
    }

    @Test func whatIsWrittenIsThereAfterwards() throws {
        let loop = try card()
        let path = folder.at("camera")
        do {
            let mount = try CameraMount(node: BlockNode(loop.node), kind: .ext4, at: path, access: .readWrite)
            let found = try #require(try flags(of: path))
            #expect(found.options == ["rw", "nosuid", "nodev", "noexec", "noatime"] && found.superblock.contains("rw"))
            try Data("footage".utf8).write(to: URL(fileURLWithPath: path + "/file"))
            #expect(try mount.unmount() == .unmounted)
        }
        let facts = try #require(try Superblock.read(BlockNode(loop.node)))
        #expect(!facts.isDirty)
        let again = try CameraMount(node: BlockNode(loop.node), kind: .ext4, at: path, access: .readOnly)
        #expect(try String(contentsOfFile: path + "/file", encoding: .utf8) == "footage")
        withExtendedLifetime(again) {}
    }

    /// write(2) and close(2) succeed, and so does umount(2): only a sync tells.
    @Test func whatDidNotReachTheMediumIsTold() throws {
        let disk = try TestMount(["-t", "tmpfs", "-o", "size=3m", "bodydock-test"], on: "disk", in: folder)
        let loop = try card("disk/image")
        let mount = try CameraMount(
            node: BlockNode(loop.node), kind: .ext4, at: folder.at("camera"), access: .readWrite)
        // Without a sync of its own, which Foundation may do.
        do {
            let file = try Descriptor.open(mount.folder + "/file", flags: O_WRONLY | O_CREAT)
            let content = [UInt8](repeating: 7, count: 6 << 20)
            #expect(
                try file.call { number in content.withUnsafeBytes { write(number, $0.baseAddress, $0.count) } } == 6
                    << 20)
        }
        let error = #expect(throws: DockError.self) { try mount.unmount() }
        #expect(
            [.io, .noSpace].contains(error?.code) && error?.what.contains("to its medium") == true,
            "\(String(describing: error))")
        #expect(try flags(of: mount.folder) == nil, "it is gone all the same")
        withExtendedLifetime((loop, disk)) {}
    }

    @Test func whoLetsGoUnmounts() throws {
        let loop = try card()
        let path = folder.at("camera")
        do {
            let mount = try CameraMount(node: BlockNode(loop.node), kind: .ext4, at: path, access: .readWrite)
            #expect(try flags(of: path) != nil)
            withExtendedLifetime(mount) {}
        }
        #expect(try flags(of: path) == nil)
    }

    /// A journal to replay and an inode to clear away: what Linux does even on a read-only mount.
    @Test func readingADirtyExt4ChangesNoByte() throws {
        let loop = try card()
        let before = try TestMount([loop.node], on: "before", in: folder)
        for name in ["kept", "orphan"] {
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.write([1], to: "before/" + name)))
            try file.write(contentsOf: Data(repeating: 7, count: 300_000))
            try file.synchronize()
            guard name == "orphan" else { continue }
            try FileManager.default.removeItem(atPath: before.path + "/orphan")
            _ = try Tool.run("sync", ["-f", before.path])
            // The plug is pulled here.
            _ = try Tool.run("cp", [loop.image, folder.at("pulled")])
        }
        before.detach()
        let pulled = try LoopDevice(over: folder.at("pulled"), in: folder)
        #expect(try Superblock.read(BlockNode(pulled.node))?.isDirty == true)
        let hash = try Tool.run("sha256sum", [pulled.image]).text
        let mount = try CameraMount(
            node: BlockNode(pulled.node), kind: .ext4, at: folder.at("camera"), access: .readOnly)
        #expect(try Data(contentsOf: URL(fileURLWithPath: mount.folder + "/kept")).count == 300_000)
        #expect(try mount.unmount() == .unmounted)
        _ = try Tool.run("blockdev", ["--flushbufs", pulled.node])
        #expect(try Tool.run("sha256sum", [pulled.image]).text == hash)
        // And it can be told: mounted by hand in the same way, it does change.
        let byHand = try TestMount(["-o", "ro,noload", pulled.node], on: "by-hand", in: folder)
        byHand.detach()
        _ = try Tool.run("blockdev", ["--flushbufs", pulled.node])
        #expect(try Tool.run("sha256sum", [pulled.image]).text != hash)
    }

    @Test func aBusyMountIsDetachedInTheEnd() throws {
        let loop = try card()
        let mount = try CameraMount(
            node: BlockNode(loop.node), kind: .ext4, at: folder.at("camera"), access: .readOnly)
        do {
            let held = try Descriptor.open(mount.folder, flags: O_RDONLY)
            #expect(try mount.unmount(patience: 0.1) == .detached)
            #expect(try flags(of: mount.folder) == nil)
            // The device stays in use, and says so.
            let error = #expect(throws: DockError.self) { try open(BlockNode(loop.node)) }
            #expect(error?.code == .refused || error?.code == .conflict)
            _ = try held.status()
        }
        try CameraMount.sweep(below: folder.path)
        #expect(throws: Never.self) { try open(BlockNode(loop.node)) }
    }

    @Test func whoLetsGoInTimeIsWaitedFor() throws {
        let loop = try card()
        let mount = try CameraMount(
            node: BlockNode(loop.node), kind: .ext4, at: folder.at("camera"), access: .readOnly)
        let held = try Descriptor.open(mount.folder, flags: O_RDONLY).release()
        let other = Worker("holds") {
            usleep(200_000)
            close(held)
        }
        #expect(try mount.unmount(patience: 30) == .unmounted)
        other.join()
    }

    @Test func oneMountADeviceAndOneAFolder() throws {
        let loop = try card()
        let other = try card("other")
        let mount = try CameraMount(
            node: BlockNode(loop.node), kind: .ext4, at: folder.at("camera"), access: .readOnly)
        let twice = #expect(throws: DockError.self) {
            try CameraMount(node: BlockNode(loop.node), kind: .ext4, at: folder.at("second"), access: .readOnly)
        }
        #expect(twice?.code == .conflict && twice?.why.contains(mount.folder) == true)
        let over = #expect(throws: DockError.self) {
            try CameraMount(node: BlockNode(other.node), kind: .ext4, at: folder.at("camera"), access: .readOnly)
        }
        #expect(over?.code == .conflict)
        let writer = #expect(throws: DockError.self) { try open(BlockNode(loop.node)) }
        #expect(writer?.code == .conflict || writer?.code == .refused)
        withExtendedLifetime(mount) {}
    }

    @Test func whatCannotBeMountedSaysWhy() throws {
        let empty = try LoopDevice(bytes: 16 << 20, in: folder, name: "empty")
        let malformed = #expect(throws: DockError.self) {
            try CameraMount(node: BlockNode(empty.node), kind: .ext4, at: folder.at("a"), access: .readOnly)
        }
        #expect(malformed?.code == .malformed)
        #expect(try Tool.run("blockdev", ["--getro", empty.node]).text == "0\n")
        let gone = #expect(throws: DockError.self) {
            try CameraMount(node: BlockNode("/dev/bodydock-none"), kind: .vfat, at: folder.at("b"), access: .readOnly)
        }
        #expect(gone?.code == .disconnected)
        let noDevice = #expect(throws: DockError.self) {
            try CameraMount(node: BlockNode(empty.image), kind: .vfat, at: folder.at("c"), access: .readOnly)
        }
        #expect(noDevice?.code == .refused)
        let image = try card("protected").image
        let locked = try LoopDevice(over: image, in: folder, readOnly: true)
        let refused = #expect(throws: DockError.self) {
            try CameraMount(node: BlockNode(locked.node), kind: .ext4, at: folder.at("d"), access: .readWrite)
        }
        #expect(refused?.code == .refused && refused?.why.contains("write-protected") == true)
    }

    @Test func aWrittenProtectedCardIsRead() throws {
        let image = try card().image
        let locked = try LoopDevice(over: image, in: folder, readOnly: true)
        let mount = try CameraMount(
            node: BlockNode(locked.node), kind: .ext4, at: folder.at("camera"), access: .readOnly)
        #expect(try mount.unmount() == .unmounted)
        #expect(try Tool.run("blockdev", ["--getro", locked.node]).text == "1\n", "it is not ours to lift")
    }

    @Test func anotherDeviceOfTheSameNameIsNotMounted() throws {
        let loop = try card()
        let sequence = try #require(
            UInt64(
                try String(contentsOfFile: "/sys/block/\(loop.node.dropFirst(5))/diskseq", encoding: .utf8)
                    .trimmingCharacters(in: .whitespacesAndNewlines)))
        let right = BlockNode(loop.node, sequence: sequence)
        #expect(throws: Never.self) {
            try CameraMount(node: right, kind: .ext4, at: folder.at("camera"), access: .readOnly)
        }
        for wrong in [BlockNode(loop.node, sequence: sequence - 1), BlockNode(loop.node, number: 1)] {
            let error = #expect(throws: DockError.self) {
                try CameraMount(node: wrong, kind: .ext4, at: folder.at("camera"), access: .readOnly)
            }
            #expect(error?.code == .disconnected)
            #expect(throws: DockError.self) { try open(wrong) }
        }
    }

    /// What an agent that was killed leaves: mounts (where it had no namespace of its own), and a device that takes no writes.
    @Test func leftoversAreSweptAway() throws {
        let loop = try card()
        let other = try card("other")
        let cameras = folder.at("cameras")
        for (device, name) in [(loop, "a b"), (other, "b")] {
            // Leaked on purpose: nobody will unmount it.
            let mount = try CameraMount(
                node: BlockNode(device.node), kind: .ext4, at: cameras + "/" + name, access: .readOnly)
            _ = Unmanaged.passRetained(mount)
        }
        let beside = try TestMount.memory(on: "cameras-not-ours", in: folder)
        #expect(try Set(CameraMount.sweep(below: cameras)) == [cameras + "/a b", cameras + "/b"])
        #expect(try flags(of: cameras + "/b") == nil && flags(of: beside.path) != nil)
        #expect(try Tool.run("blockdev", ["--getro", loop.node, other.node]).text == "0\n0\n")
        #expect(try CameraMount.sweep(below: cameras) == [])
        #expect(try CameraMount.sweep(below: folder.at("nowhere")) == [])
        #expect(try FileManager.default.contentsOfDirectory(atPath: cameras).sorted() == ["a b", "b"])
    }

    @Test func aWriteBlockOfSomebodyElseStays() throws {
        let loop = try card()
        // A note that tells of another appearance of the disk: that one was plugged out, and this one somebody protected.
        try folder.write(Array("7:0 00000000-0000-0000-0000-000000000000 1\n".utf8), to: "x.write-block")
        _ = try Tool.run("blockdev", ["--setro", loop.node])
        try CameraMount.sweep(below: folder.path)
        #expect(try Tool.run("blockdev", ["--getro", loop.node]).text == "1\n")
        #expect(!FileManager.default.fileExists(atPath: folder.at("x.write-block")))
        try folder.write(Array("nonsense".utf8), to: "y.write-block")
        try CameraMount.sweep(below: folder.path)
        #expect(!FileManager.default.fileExists(atPath: folder.at("y.write-block")))
    }

    private func open(_ node: BlockNode) throws { _ = try BlockVolume.open(node, forWriting: true).bytes }
}

@Suite("A mount namespace of our own")
struct MountNamespaceTests {
    @Test func aProcessWithSeveralThreadsStaysOutside() throws {
        let error = #expect(throws: DockError.self) { try MountNamespace.enter() }
        #expect(error?.code == .conflict && error?.why.contains("several threads") == true)
    }

    @Test func othersDoNotSeeTheMount() throws {
        let folder = try TemporaryFolder()
        let loop = try LoopDevice(bytes: 16 << 20, in: folder)
        _ = try Tool.run("mkfs.ext4", ["-q", "-F", loop.node])
        let path = folder.at("camera")
        let seen = Mutex<[String]>([])
        // A namespace is a thread's: this one alone gets it, as the whole process does that enters with one thread.
        let inside = Worker("inside") {
            do {
                try MountNamespace.isolateThread()
                let mount = try CameraMount(node: BlockNode(loop.node), kind: .ext4, at: path, access: .readOnly)
                let own = try MountTable.all().contains { $0.mount.point == path }
                let child = try ChildProcess.run("grep", ["-c", path, "/proc/self/mountinfo"], timeout: 10).output
                let outside = try ChildProcess.run("grep", ["-c", path, "/proc/1/mountinfo"], timeout: 10).output
                let departure = try mount.unmount()
                seen.withLock { $0 = ["\(own)", child, outside, "\(departure)"] }
            } catch {
                seen.withLock { $0 = ["\(error)"] }
            }
        }
        inside.join()
        #expect(seen.withLock { $0 } == ["true", "1\n", "0\n", "unmounted"])
    }
}
