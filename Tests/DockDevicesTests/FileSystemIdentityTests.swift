import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockDevices

@Suite("Identity of a file system")
struct FileSystemIdentityTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func aFileSystemInMemoryHasNoDevice() throws {
        let mount = try TestMount.memory(on: "a b\\c", in: folder)
        try FileManager.default.createDirectory(atPath: mount.path + "/below", withIntermediateDirectories: true)
        let found = try FileSystemIdentity.of(mount.path + "/below")
        #expect(found.type == "tmpfs" && found.mountPoint == mount.path)
        #expect(found.deviceNode == nil && found.label == nil && found.uuid == nil)
        #expect(!found.isReadOnly)
        try mount.remount("ro")
        #expect(try FileSystemIdentity.of(mount.path).isReadOnly)
    }

    @Test func labelAndUUIDAreWhatUdevSays() throws {
        let mount = try TestMount.ext4(
            on: "camera", in: folder, format: ["-L", "BODYCAM", "-U", "0f9f1a6e-54f1-4a43-9d2c-5a4f9c1c2b11"])
        let node = try #require(try FileSystemIdentity.of(mount.path).deviceNode)
        #expect(node.hasPrefix("/dev/loop"))
        let record = try UdevRecord(
            of: node, ["ID_FS_LABEL=BODYCAM", "ID_FS_UUID=0f9f1a6e-54f1-4a43-9d2c-5a4f9c1c2b11"])
        let found = try FileSystemIdentity.of(mount.path)
        #expect(found.label == "BODYCAM" && found.uuid == "0f9f1a6e-54f1-4a43-9d2c-5a4f9c1c2b11")
        #expect(found.type == "ext4" && found.mountPoint == mount.path)
        withExtendedLifetime(record) {}
    }

    @Test func whatIsNotThereIsNotFound() {
        let error = #expect(throws: DockError.self) { try FileSystemIdentity.of("/nowhere/at/all") }
        #expect(error?.code == .notFound)
    }

    @Test func linesOfMountinfoAreParsed() {
        let line = #"36 35 98:0 /mnt1 /mnt\0402 rw,noatime master:1 shared:2 - ext3 /dev/ro\134ot rw,errors=continue"#
        let mount = Mount(line)
        #expect(mount?.point == "/mnt 2" && mount?.type == "ext3" && mount?.source == #"/dev/ro\ot"#)
        #expect(Mount("36 35 98:0 / / rw - tmpfs none rw")?.type == "tmpfs")
        for broken in ["", "36 35 98:0 / / rw shared:1 ext3 none rw x", "36 35 98:0 / / rw a b c -", "- - - - - -"] {
            #expect(Mount(broken) == nil, "\(broken)")
        }
    }
}

/// What udev knows of a device. Where udev runs it is asked to catch up; elsewhere its record is written in its place.
private final class UdevRecord {
    private var path: String?

    init(of node: String, _ properties: [String]) throws {
        if FileManager.default.fileExists(atPath: "/run/udev/control") {
            // Whoever killed udev may have left its socket behind.
            _ = try Tool.run("timeout", ["30", "udevadm", "trigger", "--settle", "--action=change", node])
            return
        }
        let number = try Tool.run("stat", ["-c", "%Hr:%Lr", node]).text.trimmingCharacters(in: .whitespacesAndNewlines)
        let path = "/run/udev/data/b" + number
        try FileManager.default.createDirectory(atPath: "/run/udev/data", withIntermediateDirectories: true)
        try Data(("I:1\n" + properties.map { "E:\($0)\n" }.joined() + "V:1\n").utf8).write(
            to: URL(fileURLWithPath: path))
        self.path = path
    }

    deinit {
        guard let path else { return }
        do { try FileManager.default.removeItem(atPath: path) } catch { print("could not remove \(path): \(error)") }
    }
}
