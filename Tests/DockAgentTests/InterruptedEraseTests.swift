import DockCore
import DockDevices
import DockTestSupport
import Foundation
import Testing

/// An erase that broke off between the marker on the medium and the certificate: it is taken up again, but never over anything
/// that came there since.
@Suite struct InterruptedEraseTests {
    /// A camera whose erase broke off where the new file system is made: before that, or right after.
    private func cutOff(isMade: Bool) throws -> CardDock {
        let bench = try CardDock()
        let said = try bench.run(killedAtNewFileSystem: isMade)
        try #require(said.hasPrefix("status 137"), "\(said)")
        try #require(try bench.marker != nil)
        try #require(try bench.count("format.began") == 1 && bench.count("erase.certified") == 0)
        let facts = try bench.facts
        try #require((facts != nil) == isMade, "of the old file system nothing is found any more")
        return bench
    }

    /// Whatever became of it: what was on the camera at first and what came later is in the vault, or still on the card.
    private func expectNothingLost(_ bench: CardDock, _ later: [SHA256Digest], _ said: String) throws {
        let card = Set(try bench.contents().values)
        _ = try bench.drain()
        let vault = Set(try bench.vault().footage.values)
        #expect(vault.isSuperset(of: bench.footage.values), "\(said)")
        #expect(card.union(vault).isSuperset(of: later), "\(said)")
        #expect(try bench.dock.verifyLedger().status == 0)
    }

    @Test(arguments: [false, true]) func isTakenUpAgainWhereverItIsPluggedIn(isMade: Bool) throws {
        let bench = try cutOff(isMade: isMade)
        bench.replug()
        let said = try bench.run()
        #expect(said.contains("docked emptied") && !said.contains("stage reading"), "\(said)")
        try bench.expectReleased()
        #expect(try bench.count("docking.started") == 1 && bench.count("docking.ended") == 1)
    }

    @Test func whatTheCameraRecordedSinceIsNotDestroyed() throws {
        let bench = try cutOff(isMade: true)
        let recorded = Array("a new recording".utf8)
        try bench.use { card in
            try FileManager.default.createDirectory(atPath: card + "/DCIM/101MEDIA", withIntermediateDirectories: true)
            let name = "/DCIM/101MEDIA/BWC0042_004711_20261001_083000_0099.MP4"
            try Data(recorded).write(to: URL(fileURLWithPath: card + name))
        }
        let said = try bench.run()
        try expectNothingLost(bench, [try SHA256Digest(hashing: recorded)], said)
        #expect(said.contains("stage reading") && said.contains("docked"), "it goes the whole way: \(said)")
        #expect(
            try bench.vault().footage.values.contains(try SHA256Digest(hashing: recorded)), "and is delivered: \(said)")
    }

    @Test func whatTheCameraRecordedOnACardThatItFormattedItselfIsNotDestroyed() throws {
        let bench = try cutOff(isMade: false)
        let recorded = Array("after the camera's own format".utf8)
        let content = try bench.dock.folder.write(recorded, to: "new/DCIM/100MEDIA/MOVI0001.MP4")
        let made = try Tool.run(
            "mkfs.ext4",
            ["-q", "-F", "-b", "1024", "-L", "OTHER", "-d", bench.dock.folder.at("new"), bench.card.node, "12M"])
        try #require(made.status == 0, "\(made.errors)")
        bench.replug()
        try #require(try bench.marker != nil)
        let said = try bench.run()
        try expectNothingLost(bench, [try SHA256Digest(hashing: recorded)], said)
        #expect(FileManager.default.fileExists(atPath: content))
    }

    @Test func anotherFileUnderAPreservedNameIsNotDestroyed() throws {
        let bench = try cutOff(isMade: true)
        let changed = Array("somebody changed the settings".utf8)
        try bench.use { card in
            try FileManager.default.createDirectory(atPath: card + "/SETTINGS", withIntermediateDirectories: true)
            try Data(changed).write(to: URL(fileURLWithPath: card + "/SETTINGS/camera.cfg"))
        }
        let said = try bench.run()
        #expect(try bench.contents().values.contains(try SHA256Digest(hashing: changed)), "\(said)")
    }

    @Test func aMarkerThatWasCopiedToAnotherCardDestroysNothing() throws {
        let bench = try cutOff(isMade: false)
        let place = try #require(EraseMarker.place(onVolumeOf: 16 << 20))
        _ = try Tool.run("blockdev", ["--flushbufs", bench.card.node])
        let marker = try bench.card.content(at: place.lowerBound, count: EraseMarker.bytes)
        let other = try CardDock(camera: ["--serial", "OTHER7", "--seed", "7"])
        bench.insert(other.card)
        // Written through the device: what it has cached would hide a change of the file below.
        let file = try bench.dock.folder.write(marker, to: "marker")
        let written = try Tool.run(
            "dd",
            ["if=\(file)", "of=\(other.card.node)", "bs=4096", "seek=\(place.lowerBound / 4096)", "conv=notrunc,fsync"])
        try #require(try written.status == 0 && bench.marker != nil)
        // Another device, as it says of itself: its marker is a copy.
        #expect(try bench.run(serial: "USB-2").contains("failed conflict"))
        #expect(try bench.contents() == other.original)
        // A device that says the same: what lies on it goes the whole way.
        let said = try bench.run()
        try expectNothingLost(bench, Array(other.footage.values), said)
        #expect(said.contains("stage reading"), "\(said)")
    }

    @Test func aMarkerThatNobodyHereWroteDestroysNothing() throws {
        let bench = try CardDock()
        let forged = try #require(EraseMarker(nonce: String(repeating: "a", count: 32), docking: "20260101T000000Z-1"))
        try forged.write(to: BlockVolume.open(BlockNode(bench.card.node), forWriting: true))
        let said = try bench.run()
        #expect(said.contains("failed conflict") && said.contains("knows nothing of it"), "\(said)")
        #expect(try bench.contents() == bench.original)
        #expect(try bench.marker == forged)
    }

    @Test func theNonceOfAnotherDockingDestroysNothing() throws {
        let bench = try cutOff(isMade: false)
        let true_ = try #require(try bench.marker)
        let other = try CardDock(camera: ["--serial", "OTHER7", "--seed", "7"])
        let forged = try #require(EraseMarker(nonce: true_.nonce, docking: true_.docking + "x"))
        try forged.write(to: BlockVolume.open(BlockNode(other.card.node), forWriting: true))
        bench.insert(other.card)
        #expect(try bench.run().contains("failed conflict"))
        #expect(try bench.contents() == other.original)
    }

    @Test func aCardOfAnotherSizeIsNotTheOneWhoseEraseBrokeOff() throws {
        let bench = try cutOff(isMade: false)
        let place = try #require(EraseMarker.place(onVolumeOf: 16 << 20))
        _ = try Tool.run("blockdev", ["--flushbufs", bench.card.node])
        let marker = try bench.card.content(at: place.lowerBound, count: EraseMarker.bytes)
        let larger = try LoopDevice(bytes: 24 << 20, in: bench.dock.folder, name: "larger")
        try larger.change(marker, at: try #require(EraseMarker.place(onVolumeOf: 24 << 20)).lowerBound)
        bench.insert(larger)
        let before = try Tool.run("sha256sum", [larger.image]).text
        #expect(try bench.run().contains("failed malformed"))
        #expect(try Tool.run("sha256sum", [larger.image]).text == before)
    }

    @Test func aMarkerOfACompletedEraseIsTakenAwayAndTheCameraGoesTheWholeWay() throws {
        let bench = try CardDock()
        #expect(try bench.run().contains("docked emptied"))
        let words = try bench.ask(
            "SELECT json_extract(body, '$.event.marker') || ' ' || docking FROM entry WHERE kind = 'format.began'"
        ).split(separator: " ").map(String.init)
        let marker = try #require(EraseMarker(nonce: words[0], docking: words[1]))
        try marker.write(to: BlockVolume.open(BlockNode(bench.card.node), forWriting: true))
        let recorded = Array("a new recording".utf8)
        try bench.use { card in
            try FileManager.default.createDirectory(atPath: card + "/DCIM/101MEDIA", withIntermediateDirectories: true)
            try Data(recorded).write(
                to: URL(fileURLWithPath: card + "/DCIM/101MEDIA/BWC0042_004711_20261001_083000_0099.MP4"))
        }
        let said = try bench.run()
        try expectNothingLost(bench, [try SHA256Digest(hashing: recorded)], said)
        #expect(try bench.marker == nil)
    }
}
