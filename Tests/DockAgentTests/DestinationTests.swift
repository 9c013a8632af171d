import DockCore
import DockTestSupport
import Foundation
import Testing

/// What happens where the dock's own side fails: vaults, spool, configuration.
@Suite struct DestinationTests {
    @Test func aMissingVaultKeepsTheCameraAndTheNextRunFinishesWithoutSealingAgain() throws {
        let dock = try TestDock()
        let camera = try dock.makeCamera("camera", ["--bytes", "50 kB"])
        let before = try TestDock.contents(of: camera)
        try FileManager.default.moveItem(atPath: dock.vault, toPath: dock.vault + ".away")
        let run = try dock.offload(camera)
        #expect(run.status == 3, "\(run.text)\(run.errors)")
        #expect(try TestDock.contents(of: camera) == before)
        let spooled = try dock.spooled()
        #expect(spooled.count == before.count - 1, "what was read waits in the spool, sealed")

        try FileManager.default.moveItem(atPath: dock.vault + ".away", toPath: dock.vault)
        let again = try dock.offload(camera)
        #expect(again.status == 0, "\(again.text)\(again.errors)")
        #expect(
            Set(multiset(try TestDock.contents(of: dock.vault))) == Set(multiset(spooled)),
            "the same sealings, not new ones")
        #expect(try TestDock.contents(of: dock.state + "/spool").isEmpty)
    }

    @Test func aShareThatIsNotMountedIsNotReplacedByTheFolderThatItLeavesBehind() throws {
        let dock = try TestDock()
        try dock.configure(
            vaults: "  - name: archive\n    type: directory\n    path: \(dock.vault)\n    mounted: true\n")
        let camera = try dock.makeCamera("camera", ["--bytes", "50 kB"])
        let footage = try TestDock.contents(of: camera, except: ["SETTINGS"])
        let away = try dock.offload(camera)
        #expect(away.status == 3, "\(away.text)\(away.errors)")
        #expect(away.text.contains("nothing is mounted there"), "\(away.text)")
        #expect(try TestDock.contents(of: dock.vault).isEmpty)
        let share = try TestMount.memory(on: "vault", in: dock.folder)
        defer { share.detach() }
        let back = try dock.offload(camera)
        #expect(back.status == 0, "\(back.text)\(back.errors)")
        #expect(multiset(try dock.opened()) == multiset(footage))
    }

    @Test func aVaultThatLostAnObjectIsNotBelieved() throws {
        let dock = try TestDock()
        let camera = try dock.makeCamera("camera", ["--bytes", "50 kB"])
        let footage = try TestDock.contents(of: camera, except: ["SETTINGS"])
        #expect(try dock.offload(camera, ["--keep"]).status == 0)
        let victim = try #require(try TestDock.contents(of: dock.vault).keys.first)
        try FileManager.default.removeItem(atPath: dock.vault + "/" + victim)
        #expect(try dock.offload(camera).status == 0)
        #expect(multiset(try dock.opened()) == multiset(footage), "the old receipt must not be taken for a new one")
    }

    @Test func aFullSpoolKeepsTheCamera() throws {
        let dock = try TestDock()
        let disk = dock.folder.at("small")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        try #require(try Tool.run("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", disk]).status == 0)
        defer { do { _ = try Tool.run("umount", ["-l", disk]) } catch { Issue.record(error) } }
        try dock.configure(
            vaults: "  - name: archive\n    type: directory\n    path: \(dock.vault)\n",
            extra: "spool:\n  path: \(disk)/spool\n  keep_free: 500 kB\n")
        let camera = try dock.makeCamera("camera", ["--bytes", "1200 kB"])
        let before = try TestDock.contents(of: camera)
        let run = try dock.offload(camera)
        // One segment fits at a time, and goes to the vault before the next one needs its place.
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        let big = try dock.makeCamera("big", ["--bytes", "3 MB", "--serial", "BWC0099"])
        let whole = try TestDock.contents(of: big)
        let full = try dock.offload(big)
        #expect(full.status == 3, "\(full.text)\(full.errors)")
        #expect(full.text.contains("keep_free"))
        #expect(try TestDock.contents(of: big) == whole)
        #expect(multiset(try dock.opened()).count >= before.count - 1)
    }

    @Test func footageUnderATakenNameIsDeliveredBesideIt() throws {
        let dock = try TestDock()
        let first = try dock.makeCamera("camera", ["--bytes", "50 kB"])
        let footage = try TestDock.contents(of: first, except: ["SETTINGS"])
        #expect(try dock.offload(first, ["--keep"]).status == 0)
        let standing = try TestDock.contents(of: dock.vault)
        // A ledger that was lost: the same footage comes again, sealed anew, and meets its own names.
        try FileManager.default.removeItem(atPath: dock.state)
        #expect(try dock.offload(first).status == 0)
        let after = try TestDock.contents(of: dock.vault)
        for (name, digest) in standing { #expect(after[name] == digest, "an existing object was touched") }
        #expect(multiset(try dock.opened()) == (multiset(footage) + multiset(footage)).sorted())
    }

    @Test func aWrongConfigurationIsExitStatus78() throws {
        let dock = try TestDock(extra: "colour: blue\n")
        let run = try dock.offload("/tmp")
        #expect(run.status == 78)
        #expect(run.errors.contains("bodydock.yaml:"), "\(run.errors)")
        #expect(try TestDock.run(["offload"]).status == 64)
    }

    @Test func aFolderThatIsNoCameraIsRefused() throws {
        let dock = try TestDock()
        let folder = try TemporaryFolder()
        try folder.write([1, 2, 3], to: "holiday.jpg")
        let run = try dock.offload(folder.path)
        #expect(run.status == 2)
        #expect(run.errors.contains("profile"))
        #expect(try TestDock.contents(of: folder.path).count == 1)
    }
}
