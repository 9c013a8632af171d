import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockLedger

@Suite("Verifying the ledger")
struct LedgerVerifyTests {
    static func firstNamed(_ result: LedgerVerification) -> Int64? { result.problems.lazy.compactMap(\.entry).first }

    static let changes: [(column: String, value: String)] = [
        ("sequence", "sequence + 1000"), ("leaf", "zeroblob(32)"), ("node", "randomblob(32)"), ("kind", "kind || 'x'"),
        ("docking", "docking || 'x'"), ("camera", "substr(camera, 2)"), ("path", "coalesce(path, '') || 'x'"),
        ("content", "randomblob(32)"), ("bytes", "coalesce(bytes, 0) + 1"), ("modified", "coalesce(modified, 0) - 1"),
        ("sealing", "coalesce(sealing, '') || ' '"), ("vault", "coalesce(vault, '') || CAST(x'00' AS TEXT)"),
        ("body", "replace(body, 'BWC-0042', 'BWC-0043')"), ("body", "body || ' '"),
    ]

    @Test("a change in any column of any entry is found, and the entry is named", arguments: changes)
    func tampering(change: (column: String, value: String)) throws {
        let original = try Bench(try Story().whole())
        for sequence in 0..<10 {
            let bench = try original.copy()
            try bench.tamper("UPDATE entry SET \(change.column) = \(change.value) WHERE sequence = \(sequence)")
            let result = try bench.verify()
            #expect(!result.isWhole)
            #expect(Self.firstNamed(result) == Int64(sequence), "\(change) of \(sequence): \(result.problems)")
        }
    }

    @Test("each single byte of an entry's body counts")
    func bytes() throws {
        let original = try Bench(try Story().whole())
        let length = try #require(Int(original.sql("SELECT length(body) FROM entry WHERE sequence = 5").dropLast()))
        for position in stride(from: 1, through: length, by: 7) {
            let bench = try original.copy()
            try bench.tamper(
                """
                UPDATE entry SET body = substr(body, 1, \(position) - 1)
                  || CASE substr(body, \(position), 1) WHEN 'x' THEN 'y' ELSE 'x' END || substr(body, \(position) + 1)
                WHERE sequence = 5
                """)
            #expect(try Self.firstNamed(bench.verify()) == 5)
        }
    }

    @Test("a change that covers its own traces is found by the next entry")
    func recomputedEntry() throws {
        let bench = try Bench(try Story().whole())
        let ledger = try bench.openForReading()
        var entry = try ledger.reading("") { try LedgerEntry.read(4, in: $0) }
        guard case .sealed(var sealed) = entry.event else { return }
        sealed.recording = "R7"
        entry.event = .sealed(sealed)
        var writer = try EntryWriter(dock: "")
        var hasher = try MerkleHasher()
        let body = try writer.entry(entry)
        let leaf = try hasher.leaf(body).description
        let text = String(decoding: body, as: UTF8.self)
        // Entry 4 is the fifth leaf: alone in its subtree, so its node is its leaf.
        try bench.tamper("UPDATE entry SET body = '\(text)', leaf = x'\(leaf)', node = x'\(leaf)' WHERE sequence = 4")
        let result = try bench.verify()
        #expect(result.problems.first?.entry == 4)
        #expect(result.problems.first?.message.contains("entry 5 commits to") == true)
    }

    @Test("a deleted entry is missed, and named")
    func deletion() throws {
        let original = try Bench(try Story().whole())
        for sequence in 0..<9 {
            let bench = try original.copy()
            try bench.tamper("DELETE FROM entry WHERE sequence = \(sequence)")
            #expect(try Self.firstNamed(bench.verify()) == Int64(sequence))
        }
    }

    @Test("a deleted entry whose followers moved up is found")
    func closedGap() throws {
        let bench = try Bench(try Story().whole())
        try bench.tamper(
            "DELETE FROM entry WHERE sequence = 4; UPDATE entry SET sequence = sequence - 1 WHERE sequence > 4")
        #expect(try Self.firstNamed(bench.verify()) == 4)
    }

    @Test("swapped entries are found")
    func swap() throws {
        let bench = try Bench(try Story().whole())
        try bench.tamper(
            """
            UPDATE entry SET sequence = 100 WHERE sequence = 3; UPDATE entry SET sequence = 3 WHERE sequence = 5;
            UPDATE entry SET sequence = 5 WHERE sequence = 100
            """)
        #expect(try Self.firstNamed(bench.verify()) == 3)
    }

    @Test("a ledger that lost its end is whole in itself, but not the one whose head was noted down")
    func truncatedEnd() throws {
        let bench = try Bench(try Story().whole())
        let head = try bench.openForReading().head()
        try bench.tamper("DELETE FROM entry WHERE sequence >= 7")
        let alone = try bench.verify()
        #expect(alone.isWhole && alone.entries == 7 && alone.root != head.root)
        let compared = try bench.verify(earlier: [head])
        #expect(compared.problems.map(\.entry) == [7])
    }

    @Test("an end that was rewritten with new hashes is whole in itself, but has another root")
    func rewrittenEnd() throws {
        let story = Story()
        let (start, end) = (try story.whole().dropLast(), story.ended(.kept))
        let bench = try Bench(Array(start) + [story.ended(.emptied)])
        let (early, late) = (try Bench(Array(start)).openForReading().head(), try bench.openForReading().head())
        let rewritten = try Bench(Array(start) + [end])
        #expect(try rewritten.verify().isWhole)
        #expect(try rewritten.verify(earlier: [early]).isWhole)
        let compared = try rewritten.verify(earlier: [early, late])
        #expect(compared.root != late.root)
        #expect(compared.problems.map(\.entry) == [9])
        #expect(try bench.verify(earlier: [early, late]).isWhole)
    }

    @Test(
        "an entry written in another form of JSON, or with a key twice, is not accepted",
        arguments: [
            (#"{"at""#, #"{ "at""#), (#""camera":"BWC-0042""#, #""camera":"other","camera":"BWC-0042""#),
            (#""camera":"BWC"#, #""extra":1,"camera":"BWC"#), ("archive", #"\u0061rchive"#),
        ])
    func otherForms(change: (String, String)) throws {
        let bench = try Bench(try Story().whole())
        let body = try bench.sql("SELECT body FROM entry WHERE sequence = 3").dropLast()
        let changed = String(body).replacingOccurrences(of: change.0, with: change.1)
        var hasher = try MerkleHasher()
        let leaf = try hasher.leaf(Array(changed.utf8)).description
        try bench.tamper("UPDATE entry SET body = '\(changed)', leaf = x'\(leaf)' WHERE sequence = 3")
        let problems = try bench.verify().problems
        #expect(problems.contains { $0.entry == 3 && $0.message.contains("canonical") }, "\(problems)")
    }

    @Test("a schema without its triggers, or with something added, is not whole")
    func schema() throws {
        for statement in [
            "DROP TRIGGER entry_stays", "DROP INDEX entry_sealing", "CREATE TABLE more(x)",
            "DROP INDEX entry_content; CREATE INDEX entry_content ON entry(camera)",
        ] {
            let bench = try Bench(try Story().whole())
            try bench.sql(statement)
            #expect(try bench.verify().problemCount == 1, "\(statement)")
        }
    }

    @Test("a clock that goes back is remarked on, and is no damage")
    func clock() throws {
        let bench = try Bench(try Story().whole())
        try bench.open().append([Story(docking: "D2").ended(.kept)], at: Story.time.adding(seconds: -1))
        let result = try bench.verify()
        #expect(result.isWhole && result.remarks.map(\.entry) == [10])
    }

    @Test("a story that may not happen is found, however well it hashes")
    func rules() throws {
        let story = Story()
        let other = Story(docking: "D2")
        let stories: [(String, [LedgerEvent], Int64)] = [
            ("a receipt before its sealing", [try story.receipt(1), try story.sealed(1)], 0),
            ("a receipt for other bytes", [try story.sealed(1), try story.receipt(1, bytes: 1199)], 1),
            ("one sealing twice", [try story.sealed(1), try story.sealed(1)], 1),
            ("a verification without sealing", [try story.verified(1, sealing: "none")], 0),
            (
                "a verification of other content",
                [try story.sealed(1), try story.verified(2, sealing: story.sealing(1))], 1
            ),
            ("a permit without any receipt", [try story.sealed(1), story.permitted(files: 1)], 1),
            ("a permit that names no vault", [try story.sealed(1), story.permitted(files: 1, vaults: [])], 1),
            (
                "a permit that lacks one vault",
                [try story.sealed(1), try story.receipt(1), story.permitted(files: 1, vaults: ["archive", "b"])], 2
            ),
            ("a receipt after the permit", [try story.sealed(1), story.permitted(files: 1), try story.receipt(1)], 1),
            (
                "a permit for a verified segment without receipt",
                [try story.sealed(1), try other.verified(1, sealing: story.sealing(1)), other.permitted(files: 1)], 2
            ),
            (
                "a permit for more than was read",
                [try story.sealed(1), try story.receipt(1), story.permitted(files: 2)], 2
            ),
            ("an erase without permit", [try story.sealed(1), try story.receipt(1), try story.erased(1)], 2),
            (
                "an erase beyond the permit",
                [try story.sealed(1), try story.receipt(1), story.permitted(files: 1), try story.erased(2)], 3
            ),
        ]
        for (name, events, culprit) in stories {
            let result = try Bench(events).verify()
            #expect(result.problems.map(\.entry) == [culprit], "\(name): \(result.problems)")
        }
        let fine = [
            try story.sealed(1), try story.receipt(1, vault: "b"), try story.receipt(1),
            try other.verified(1, sealing: story.sealing(1)), other.permitted(files: 1, vaults: ["archive", "b"]),
            try other.erased(1),
        ]
        #expect(try Bench(fine).verify().problems == [])
    }

    @Test("no more than a hundred problems are listed, and all are counted")
    func bounded() throws {
        let story = Story()
        let bench = try Bench(try (0..<150).map { try story.receipt($0) })
        let result = try bench.verify()
        #expect(result.problems.count == 100 && result.problemCount == 150)
    }
}
