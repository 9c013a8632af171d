import DockCore
import DockLedger
import DockTestSupport
import Foundation
import Testing

@Suite("The ledger when things go wrong", .serialized)
struct LedgerCrashTests {
    /// Entries that the writer said are durable.
    static func kept(_ output: String) -> Int64 {
        output.split(separator: "\n").compactMap { $0.hasPrefix("kept ") ? Int64($0.dropFirst(5)) : nil }.last.map {
            $0 + 1
        }
            ?? 0
    }

    @Test(
        "a process killed at any write or sync leaves whole batches, all that were confirmed, and can go on",
        arguments: [
            "pwrite64", "fdatasync", "link", "unlink",
        ])
    func killed(call: String) throws {
        var kills = 0
        for number in 1...1000 {
            let bench = try Bench()
            // The first runs die while the file is made.
            let run = try Tool.run(
                "strace",
                [
                    "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
                    "inject=\(call):signal=KILL:when=\(number)",
                ]
                    + [ledgerWriter, bench.folder, "BWC-1", "3", "40"])
            if run.status == 0 { break }
            kills += 1
            try #require(run.status == 128 + 9, "\(run.text) \(run.errors)")
            let ledger = try bench.open()
            let result = try ledger.verify()
            #expect(result.problems == [], "after \(call) \(number)")
            #expect(result.entries >= Self.kept(run.text) && result.entries % 40 == 0, "after \(call) \(number)")
            try ledger.append(try Story().whole(), at: Story.time)
            #expect(try ledger.verify().isWhole)
            let names = try FileManager.default.contentsOfDirectory(atPath: bench.folder).sorted()
            #expect(names == ["ledger.sqlite", "ledger.sqlite-shm", "ledger.sqlite-wal"], "after \(call) \(number)")
        }
        #expect(kills >= (call == "pwrite64" ? 50 : 1) && kills < 1000)
    }

    @Test("an entry is confirmed only after the log was synced to the disk")
    func durability() throws {
        let bench = try Bench()
        let trace = bench.temporary.at("trace")
        let run = try Tool.run(
            "strace",
            ["-f", "-y", "-qq", "-o", trace, "-e", "trace=pwrite64,fdatasync,fsync,write", "-e", "signal=none"]
                + [ledgerWriter, bench.folder, "BWC-1", "5", "40"])
        try #require(run.status == 0, "\(run.errors)")
        var unsynced = 0
        var confirmations = 0
        for line in try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n") {
            if line.contains("pwrite64("), line.contains("ledger.sqlite-wal>") { unsynced += 1 }
            if line.contains("sync("), line.contains("ledger.sqlite-wal>"), line.hasSuffix("= 0") { unsynced = 0 }
            if line.contains("\"kept ") {
                confirmations += 1
                #expect(unsynced == 0, "\(line)")
            }
        }
        #expect(confirmations == 5)
    }

    @Test("processes that append at once, to a ledger that none of them finds, leave one whole ledger")
    func processes() async throws {
        let bench = try Bench()
        try await withThrowingTaskGroup(of: Int64.self) { group in
            for camera in ["BWC-1", "BWC-2", "BWC-3"] {
                let folder = bench.folder
                group.addTask {
                    let run = try Tool.run(ledgerWriter, [folder, camera, "30", "7"])
                    #expect(run.status == 0, "\(run.text)")
                    return Int64(run.text.split(separator: "\n").count)
                }
            }
            var batches: Int64 = 0
            for try await count in group { batches += count }
            #expect(batches == 90)
        }
        let result = try bench.verify()
        #expect(result.problems == [])
        #expect(result.entries == 630)
        // Each batch stands together.
        #expect(try bench.sql("SELECT count(*) FROM (SELECT DISTINCT docking FROM entry)") == "90\n")
        #expect(
            try bench.sql("SELECT max(n) FROM (SELECT max(sequence) - min(sequence) n FROM entry GROUP BY docking)")
                == "6\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder) == ["ledger.sqlite"])
    }

    @Test("threads that append and look up through one ledger do not disturb each other")
    func threads() async throws {
        let bench = try Bench()
        let ledger = try bench.open()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for camera in 0..<4 {
                group.addTask {
                    let story = Story(camera: "BWC-\(camera)")
                    for number in 0..<25 {
                        try ledger.append([story.sealed(number), story.receipt(number)], at: Story.time)
                        let known = try ledger.sealing(
                            camera: story.camera, path: story.path(number), sha256: story.content(number))
                        #expect(try known?.receipts == [story.bareReceipt(number)])
                    }
                }
            }
            try await group.waitForAll()
        }
        let result = try ledger.verify()
        #expect(result.problems == [])
        #expect(result.entries == 200)
    }

    @Test(
        "a full disk is said to be full, nothing is half written, and it goes on when there is room",
        .enabled(if: isRoot))
    func fullDisk() throws {
        let bench = try Bench()
        try FileManager.default.createDirectory(atPath: bench.folder, withIntermediateDirectories: true)
        try mount("-t", "tmpfs", "-o", "size=512k", "none", bench.folder)
        defer { unmount(bench.folder) }
        let ledger = try bench.open()
        var written: Int64 = 0
        var failure: DockError?
        for docking in 0..<500 where failure == nil {
            let events = try Story(docking: "D\(docking)").whole()
            do throws(DockError) { written = try ledger.append(events, at: Story.time).upperBound + 1 } catch {
                failure = error
            }
        }
        #expect(failure?.code == .noSpace)
        #expect(failure?.isPassing == true)
        var result = try ledger.verify()
        #expect(result.problems == [] && result.entries == written)
        try mount("-o", "remount,size=8m", bench.folder)
        try ledger.append(try Story(docking: "after").whole(), at: Story.time)
        result = try bench.verify()
        #expect(result.problems == [] && result.entries == written + 10)
    }

    @Test("a ledger on a read-only file system can be read, not written", .enabled(if: isRoot))
    func readOnlyFileSystem() throws {
        let bench = try Bench(try Story().whole())
        try mount("--bind", bench.folder, bench.folder)
        defer { unmount(bench.folder) }
        try mount("-o", "remount,bind,ro", bench.folder)
        #expect(try bench.verify().isWhole)
        #expect(try bench.openForReading().status(limit: 1, vaults: ["archive"]).head.entries == 10)
        #expect { try bench.open() } throws: { ($0 as? DockError)?.code == .refused }
        #expect { try bench.openForReading().append([Story().ended(.kept)], at: Story.time) } throws: {
            ($0 as? DockError)?.code == .refused
        }
    }

    @Test("a folder that cannot be made is refused with its place", .enabled(if: isRoot))
    func noFolder() throws {
        let bench = try Bench()
        try bench.temporary.write([], to: "state")
        #expect { try bench.open() } throws: { ($0 as? DockError)?.place.contains("/state") == true }
    }
}

let isRoot = geteuid() == 0

func mount(_ arguments: String...) throws {
    let run = try Tool.run("mount", arguments)
    guard run.status == 0 else { throw SQLRefused(message: run.errors) }
}

func unmount(_ path: String) {
    do { _ = try Tool.run("umount", ["-l", path]) } catch { print("could not unmount \(path): \(error)") }
}
