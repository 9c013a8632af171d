import DockCore
import DockSystem
import DockTestSupport
import Foundation
import Testing

@testable import DockLedger

@Suite("Appending to the ledger")
struct LedgerAppendTests {
    @Test("numbers entries from 0, in the order given, and finds them whole when opened again")
    func sequence() throws {
        let bench = try Bench()
        let story = Story()
        do {
            let ledger = try bench.open()
            #expect(try ledger.append([story.started(segments: 1)], at: Story.time) == 0...0)
            #expect(try ledger.append([story.sealed(1), story.receipt(1)], at: Story.time) == 1...2)
        }
        #expect(try bench.open().append([story.ended(.kept)], at: Story.time) == 3...3)
        let result = try bench.verify()
        #expect(result.problems == [])
        #expect(result.entries == 4)
        #expect(try bench.openForReading().head() == LedgerHead(entries: 4, root: result.root))
    }

    @Test("writes what Foundation's sorted JSON of the entry is, byte by byte")
    func canonicalBytes() throws {
        let bench = try Bench(try Story().whole())
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bodies = try bench.sql("SELECT body FROM entry ORDER BY sequence").split(separator: "\n")
        #expect(bodies.count == 10)
        for body in bodies {
            let entry = try JSONDecoder().decode(LedgerEntry.self, from: Data(body.utf8))
            #expect(try encoder.encode(entry) == Data(body.utf8))
        }
    }

    @Test("keeps each event as it was, with quotes, emoji, control characters and names that are not UTF-8")
    func roundTrip() throws {
        var story = Story()
        story.docking = "D \"1\"\\\n\u{1}é e\u{301} 🎥"
        var events = try story.whole()
        events.append(
            .erased(
                ErasureEnded(
                    docking: story.docking, camera: story.camera, erased: 0,
                    left: [LeftFile(path: try CameraPath([0xff, 0x25, 0x2f, 0x0a]), reason: "</script>")])))
        let bench = try Bench(events)
        #expect(try bench.verify().problems == [])
        let ledger = try bench.openForReading()
        let found = try ledger.reading("") { database in
            try (0..<Int64(events.count)).map { try LedgerEntry.read($0, in: database).event }
        }
        #expect(found == events)
    }

    @Test("can be checked by hand with sqlite3 and sha256sum")
    func byHand() throws {
        let bench = try Bench(try Story().whole())
        func shell(_ script: String) throws -> String { try Tool.run("sh", ["-c", script, "sh", bench.file]).text }
        let leaf = try shell(
            """
            (printf '\\000'; sqlite3 "$1" 'SELECT body FROM entry WHERE sequence = 7' | head -c -1) | sha256sum | cut -c1-64
            """)
        #expect(try bench.sql("SELECT lower(hex(leaf)) FROM entry WHERE sequence = 7") == leaf)
        let root = try shell(
            """
            (printf '\\001'; sqlite3 "$1" 'SELECT hex(leaf) FROM entry WHERE sequence < 2 ORDER BY sequence' \
              | basenc --base16 -di) | sha256sum | cut -c1-64
            """)
        #expect(try bench.sql("SELECT json_extract(body, '$.tree') FROM entry WHERE sequence = 2") == root)
    }

    @Test("refuses what is not an event: nothing at all, or a number that JSON does not have")
    func refusals() throws {
        let bench = try Bench()
        let ledger = try bench.open()
        #expect(throws: DockError.self) { try ledger.append([], at: Story.time) }
        let finding = Finding(.timeGap, missing: .seconds(.nan), holds: false, "")
        #expect {
            try ledger.append([.finding(FindingNoted(docking: "D", camera: "C", finding: finding))], at: Story.time)
        } throws: {
            ($0 as? DockError)?.code == .malformed
        }
        #expect(try bench.verify().entries == 0)
    }

    @Test("all or nothing: a batch that cannot be written whole leaves no entry")
    func atomicity() throws {
        let bench = try Bench(try Story().whole())
        try bench.sql(
            "CREATE TRIGGER stop BEFORE INSERT ON entry WHEN NEW.sequence = 12 BEGIN SELECT RAISE(ABORT, 'stop'); END")
        let ledger = try bench.open()
        let story = Story(docking: "D2")
        #expect(throws: DockError.self) { try ledger.append(try story.whole(), at: Story.time) }
        #expect(try ledger.head().entries == 10)
        #expect(try ledger.append([story.started(segments: 0), story.ended(.kept)], at: Story.time) == 10...11)
    }

    @Test("entries cannot be changed, deleted, replaced or numbered out of turn, even with the sqlite3 program")
    func triggers() throws {
        let bench = try Bench(try Story().whole())
        let columns = "leaf, node, kind, docking, camera, body"
        for statement in [
            "UPDATE entry SET body = '{}' WHERE sequence = 3", "DELETE FROM entry WHERE sequence = 9",
            "DELETE FROM entry",
            "INSERT OR REPLACE INTO entry(sequence, \(columns)) SELECT 3, \(columns) FROM entry WHERE sequence = 4",
            "INSERT INTO entry(sequence, \(columns)) SELECT 11, \(columns) FROM entry WHERE sequence = 4",
            "INSERT INTO entry(sequence, \(columns)) SELECT -1, \(columns) FROM entry WHERE sequence = 4",
        ] {
            #expect(throws: SQLRefused.self, "\(statement)") { try bench.sql(statement) }
        }
        #expect(try bench.verify().isWhole)
    }

    @Test("the folder is for owner and group, the file too")
    func permissions() throws {
        let bench = try Bench(try Story().whole())
        #expect(try FileStatus.of(bench.folder).permissions == 0o750)
        #expect(try FileStatus.of(bench.file).permissions == 0o640)
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder) == ["ledger.sqlite"])
    }

    @Test("50,000 entries in batches are whole")
    func many() throws {
        let bench = try Bench()
        let ledger = try bench.open()
        let story = Story()
        for batch in 0..<25 {
            let events = try (0..<1000).flatMap {
                [try story.sealed(batch * 1000 + $0), try story.receipt(batch * 1000 + $0)]
            }
            try ledger.append(events, at: Story.time)
        }
        var calls = 0
        let result = try ledger.verify { _, _ in calls += 1 }
        #expect(result.problems == [])
        #expect(result.entries == 50_000)
        #expect(calls >= 50)
        #expect(try ledger.head().root == result.root)
        #expect(try ledger.pendingSealings(vaults: ["archive"]).isEmpty)
        #expect(try ledger.status(limit: 3, vaults: ["archive", "second"]).pending.count == 25_000)
    }
}
