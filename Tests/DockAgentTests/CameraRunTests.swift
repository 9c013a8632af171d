import DockCore
import DockTestSupport
import Foundation
import Testing

/// The whole way of a camera in a bay, from its block device to its release.
@Suite struct CameraRunTests {
    @Test(arguments: ["delete", "discard", "overwrite"]) func aCameraIsTakenInEmptiedAndPrepared(method: String) throws
    {
        let bench = try CardDock(erase: "{quick: \(method), deep: never}")
        let said = try bench.run()
        #expect(said.contains("stage reading\n") && said.contains("stage erasing\n"), "\(said)")
        #expect(said.contains("docked emptied deep=false eject=false"), "a loop device cannot be ejected: \(said)")
        try bench.expectReleased()
        let certificate = try bench.ask(
            "SELECT json_extract(body, '$.event.method'), json_extract(body, '$.event.level'), json_extract(body, '$.event.newFileSystem'), json_extract(body, '$.event.files') FROM entry WHERE kind = 'erase.certified'"
        )
        let level = method == "overwrite" ? "Clear" : "none"
        #expect(certificate == "\(method)|\(level)|1|\(bench.footage.count)")
        // Nothing of the footage is left on the medium where that is claimed.
        guard method == "overwrite" else { return }
        let image = try Data(contentsOf: URL(fileURLWithPath: bench.card.image))
        let footage = try Data(
            contentsOf: URL(
                fileURLWithPath: bench.dock.folder.at("content/")
                    + bench.footage.keys.first { $0.hasSuffix(".MP4") }!))
        #expect(image.range(of: footage.prefix(4096)) == nil)
    }

    @Test func aDeepEraseFollowsAQuickOneAndIsCertifiedToo() throws {
        let bench = try CardDock(erase: "{quick: delete, deep: overwrite}")
        #expect(try bench.run().contains("docked emptied deep=true"))
        bench.replug()
        #expect(try bench.run("deep").contains("docked emptied deep=false"))
        try bench.expectReleased(certificates: 2)
    }

    @Test func whatTheProfileWantsIsWritten() throws {
        let bench = try CardDock()
        let shipped = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../config/profiles/bodydock.yaml").standardizedFileURL.path
        let profile =
            try String(contentsOfFile: shipped, encoding: .utf8)
            + "\nprovision:\n  - path: SETTINGS/wearer.txt\n    text: \"{wearer} {camera}\"\n"
        try bench.dock.folder.write(Array(profile.utf8), to: "profiles/bodydock.yaml")
        try bench.configure(extra: "profiles:\n  folders: [\(bench.dock.folder.at("profiles"))]\n")
        #expect(try bench.run().contains("docked emptied"))
        let expected = try SHA256Digest(hashing: Array("004711 BWC0042".utf8))
        #expect(
            try bench.contents() == bench.settings.merging(["SETTINGS/wearer.txt": expected]) { $1 })
        #expect(try bench.count("camera.provisioned") == 1)
        // An emptied camera that comes again is prepared again, without a new file system.
        bench.replug()
        let again = try bench.run()
        #expect(again.contains("docked emptied") && again.contains("provision=true"), "\(again)")
        #expect(try bench.count("camera.provisioned") == 2 && bench.count("erase.certified") == 1)
    }

    @Test func aHeldCameraKeepsEveryByte() throws {
        let bench = try CardDock(camera: ["--break", "hash"])
        let before = try bench.contents()
        #expect(try bench.run().contains("docked held"))
        #expect(try bench.contents() == before)
        #expect(try bench.marker == nil && bench.count("erase.permitted") == 0)
        #expect(multiset(try bench.vault().footage) == multiset(bench.footage))
    }

    @Test func aVaultThatIsAwayKeepsTheCameraAndNothingIsReadTwice() throws {
        let bench = try CardDock()
        try FileManager.default.moveItem(atPath: bench.dock.vault, toPath: bench.dock.vault + ".away")
        #expect(try bench.run().contains("docked incomplete"))
        #expect(try bench.contents() == bench.original)
        #expect(try bench.drain() == "left \(bench.footage.count)\n")
        try FileManager.default.moveItem(atPath: bench.dock.vault + ".away", toPath: bench.dock.vault)
        #expect(try bench.run().contains("docked emptied"))
        #expect(try bench.count("docking.started") == 1, "one docking, which goes on")
        try bench.expectReleased()
    }

    @Test func aCardWithoutAFileSystemIsNotTouched() throws {
        let bench = try CardDock()
        let blank = try LoopDevice(bytes: 16 << 20, in: bench.dock.folder, name: "blank")
        try blank.change([UInt8](repeating: 7, count: 4096), at: 1 << 20)
        bench.insert(blank)
        let before = try Data(contentsOf: URL(fileURLWithPath: blank.image))
        #expect(try bench.run().contains("failed malformed"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: blank.image)) == before)
    }
}
