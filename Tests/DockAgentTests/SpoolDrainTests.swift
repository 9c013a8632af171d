import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

/// What lies in the spool without a docking that works on it.
@Suite struct SpoolDrainTests {
    private var files: FileManager { FileManager.default }

    /// Two cameras whose vault was away, one after the other; the first is pulled for good.
    private func waiting(vault: String = "") throws -> CardDock {
        let bench = try CardDock(vault: vault)
        try files.moveItem(atPath: bench.dock.vault, toPath: bench.dock.vault + ".away")
        try #require(try bench.run().contains("docked incomplete"))
        let other = try bench.dock.makeCamera("other", ["--serial", "OTHER7", "--seed", "7", "--bytes", "50 kB"])
        try #require(try bench.dock.offload(other).status == 3)
        return bench
    }

    private func bringBack(_ bench: CardDock) throws {
        try files.moveItem(atPath: bench.dock.vault + ".away", toPath: bench.dock.vault)
    }

    @Test func aVaultThatIsAwayTakesNothingFromTheSpool() throws {
        let bench = try waiting()
        let before = try TestDock.contents(of: bench.dock.state + "/spool")
        #expect(try bench.drain() == "left \(before.count)\n")
        #expect(try TestDock.contents(of: bench.dock.state + "/spool") == before)
    }

    @Test func theOldestDockingGoesFirstAndReceiptsEmptyTheSpool() throws {
        let bench = try waiting()
        let waiting = try bench.dock.spooled()
        try bringBack(bench)
        #expect(try bench.drain() == "left 0\n")
        #expect(multiset(try TestDock.contents(of: bench.dock.vault)) == multiset(waiting), "as it was sealed")
        #expect(try bench.dock.footageReceipts() == waiting.count)
        let order = try bench.ask("SELECT DISTINCT docking FROM entry WHERE kind = 'receipt' ORDER BY sequence")
        let began = try bench.ask("SELECT docking FROM entry WHERE kind = 'docking.started' ORDER BY sequence")
        #expect(order == began && order.split(separator: "\n").count == 2)
        #expect(try files.contentsOfDirectory(atPath: bench.dock.state + "/spool").isEmpty)
        #expect(try bench.dock.verifyLedger().status == 0)
    }

    private static let byConfiguration = "cameras: [{serial: OTHER7, needed_at: '06:00'}]\n"
    private static let byRoster = "shifts: [{name: early, from: '06:00', to: '14:00'}]\nroster: ROSTER\n"

    /// More than one batch of the first camera lies there, and it is older.
    @Test(arguments: [byConfiguration, byRoster]) func aCameraThatIsNeededSoonerGoesFirst(because: String) throws {
        let dock = try TestDock(isInMemory: true)
        let vaults = "  - name: archive\n    type: directory\n    path: \(dock.vault)\n"
        let tomorrow = "\(WallClock.now().adding(seconds: 86_400))".prefix(10)
        try Data("date,shift,badge,camera\n\(tomorrow),early,4711,OTHER7\n".utf8).write(
            to: URL(filePath: dock.folder.at("roster.csv")))
        try dock.configure(
            vaults: vaults,
            extra: because.replacing("ROSTER", with: dock.folder.at("roster.csv"))
                + "agent:\n  runtime: \(dock.folder.at("run"))\n")
        try files.moveItem(atPath: dock.vault, toPath: dock.vault + ".away")
        let many = try dock.makeCamera("many", ["--recordings", "20", "--segments", "5", "--bytes", "1 kB"])
        try #require(try dock.offload(many).status == 3)
        let other = try dock.makeCamera("other", ["--serial", "OTHER7", "--seed", "7", "--bytes", "1 kB"])
        try #require(try dock.offload(other).status == 3)
        try files.moveItem(atPath: dock.vault + ".away", toPath: dock.vault)
        let drained = try Tool.run(CardDock.runner, [dock.configuration, "none", "drain", "boot"])
        #expect(drained.text == "left 0\n", "\(drained.errors)")
        let receipts = try Tool.run(
            "sqlite3",
            [
                dock.state + "/ledger.sqlite",
                """
                SELECT r.camera FROM entry r JOIN entry s ON s.sealing = r.sealing AND s.kind = 'segment.sealed'
                WHERE r.kind = 'receipt' AND json_extract(s.body, '$.event.role') <> 'record' ORDER BY r.sequence
                """,
            ])
        let cameras = receipts.text.split(separator: "\n")
        let last = try #require(cameras.lastIndex(of: "OTHER7"))
        #expect(cameras.count > 100 && last < 64, "all of it is in the first batch of \(cameras.count)")
    }

    /// The second camera came later, and its team keeps footage for a shorter time; the last recording of the first is flagged.
    @Test func whatIsFlaggedAndWhatMustGoSoonerGoesFirst() throws {
        let dock = try TestDock(isInMemory: true)
        try dock.configure(
            vaults: "  - name: archive\n    type: directory\n    path: \(dock.vault)\n",
            extra: """
                teams: [{name: handhaving, regime: wpg}, {name: parkeren, regime: avg, retention: 72h}]
                cameras: [{serial: BWC0042, team: handhaving}, {serial: OTHER7, team: parkeren}]
                agent: {runtime: \(dock.folder.at("run"))}
                """)
        try files.moveItem(atPath: dock.vault, toPath: dock.vault + ".away")
        let first = try dock.makeCamera(
            "first", ["--recordings", "20", "--segments", "5", "--bytes", "1 kB", "--flag", "20"])
        try #require(try dock.offload(first).status == 3)
        let other = try dock.makeCamera(
            "other", ["--serial", "OTHER7", "--seed", "7", "--recordings", "8", "--segments", "5", "--bytes", "1 kB"])
        try #require(try dock.offload(other).status == 3)
        func ask(_ query: String) throws -> [Substring] {
            try Tool.run("sqlite3", [dock.state + "/ledger.sqlite", query]).text.split(separator: "\n")
        }
        let isFlagged = "json_extract(body, '$.event.flagged') IS 1"
        let sealed = try ask("SELECT \(isFlagged) FROM entry WHERE kind = 'segment.sealed' ORDER BY sequence")
        #expect(sealed.prefix(5) == ["1", "1", "1", "1", "1"] && !sealed.dropFirst(5).contains("1"), "taken in first")
        try files.moveItem(atPath: dock.vault + ".away", toPath: dock.vault)
        // Another process: all that it knows stands in the ledger.
        let drained = try Tool.run(CardDock.runner, [dock.configuration, "none", "drain", "boot"])
        #expect(drained.text == "left 0\n", "\(drained.errors)")
        let order = try ask(
            """
            SELECT s.camera || (json_extract(s.body, '$.event.flagged') IS 1) FROM entry r JOIN entry s
            ON s.sealing = r.sealing AND s.kind = 'segment.sealed' WHERE r.kind = 'receipt'
            AND json_extract(s.body, '$.event.role') <> 'record' ORDER BY r.sequence
            """)
        let firstBatch = order.prefix(64)
        #expect(order.count == 142 && firstBatch.count { $0 == "BWC00421" } == 5)
        // But for the manifest, which has no time of its own, and one turn in four.
        #expect(firstBatch.count { $0 == "OTHER70" } >= 40)
    }

    @Test func whatSomebodyElsePutThereStaysAndHindersNobody() throws {
        let bench = try waiting()
        let spool = bench.dock.state + "/spool"
        let docking = try #require(try files.contentsOfDirectory(atPath: spool).min())
        let foreign = [
            "lost+found/inode", "note.txt", "elsewhere/deep/er/file", "\(docking)/note.txt", "\(docking)/folder/file",
            "\(docking)/folder.age/file",
        ]
        for name in foreign {
            let path = spool + "/" + name
            try files.createDirectory(
                atPath: String(path[..<path.lastIndex(of: "/")!]), withIntermediateDirectories: true)
            try Data("foreign".utf8).write(to: URL(fileURLWithPath: path))
        }
        try files.createSymbolicLink(atPath: "\(spool)/\(docking)/link.age", withDestinationPath: "/etc/hostname")
        // These look like what a crash leaves.
        try Data("cut".utf8).write(to: URL(fileURLWithPath: "\(spool)/\(docking)/0123456789abcdef.partial"))
        try Data("cut".utf8).write(to: URL(fileURLWithPath: "\(spool)/\(docking)/0123456789abcdef.age"))
        try bringBack(bench)
        #expect(try bench.drain() == "left 0\n")
        #expect(try Set(TestDock.contents(of: spool).keys) == Set(foreign))
        #expect(try files.destinationOfSymbolicLink(atPath: "\(spool)/\(docking)/link.age") == "/etc/hostname")
        #expect(try bench.dock.opened().count == bench.dock.footageReceipts())
    }

    @Test(arguments: [true, false], ["head", "readback"])
    func whatTheDiskDamagedGetsNoReceiptAndIsSealedAnewFromTheCamera(isShort: Bool, confirm: String) throws {
        let bench = try waiting(vault: "    confirm: \(confirm)\n")
        let all = try bench.dock.spooled().count
        let damaged = try bench.ask(
            """
            SELECT docking || '/' || sealing FROM entry WHERE kind = 'segment.sealed' AND camera = 'BWC0042'
            AND json_extract(body, '$.event.sealed.bytes') > 50000 LIMIT 1
            """)
        let file = "\(bench.dock.state)/spool/\(damaged).age"
        var content = try Data(contentsOf: URL(fileURLWithPath: file))
        if isShort { content.removeLast() } else { content[40_000] ^= 1 }
        try content.write(to: URL(fileURLWithPath: file))
        try bringBack(bench)
        #expect(try bench.drain() == "left 1\n")
        #expect(try bench.dock.footageReceipts() == all - 1)
        #expect(files.fileExists(atPath: file))
        // And never will: a person is told.
        let night = try TestDock.run(["nightly", "--config", bench.dock.configuration])
        #expect(
            night.status == 1 && night.errors.contains("has damaged 1 sealed files of camera BWC0042"), "\(night.text)")
        // The camera has it still.
        #expect(try bench.run().contains("docked emptied"))
        let found = "kind = 'finding' AND json_extract(body, '$.event.finding.code') = 'spoolDamaged'"
        #expect(try bench.ask("SELECT count(*) FROM entry WHERE \(found)") == "1")
        #expect(try bench.drain() == "left 0\n")
        #expect(!files.fileExists(atPath: file))
        #expect(try bench.dock.footageReceipts() == all)
        let footage = multiset(bench.footage)
        #expect(try Set(footage).isSubset(of: multiset(bench.dock.opened())))
        #expect(try bench.dock.verifyLedger().status == 0)
    }
}
