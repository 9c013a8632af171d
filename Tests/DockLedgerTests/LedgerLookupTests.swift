import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockLedger

@Suite("Looking things up in the ledger")
struct LedgerLookupTests {
    @Test("the latest sealing of a content is found by camera, path and content, with its receipts in order")
    func byContent() throws {
        let bench = try Bench()
        let ledger = try bench.open()
        let (first, second) = (Story(docking: "D1"), Story(docking: "D2"))
        try ledger.append([first.sealed(1), first.receipt(1), second.sealed(1)], at: Story.time)
        try ledger.append([second.receipt(1, vault: "b"), second.receipt(1, vault: "a")], at: Story.time)
        let known = try #require(
            try ledger.sealing(camera: first.camera, path: first.path(1), sha256: first.content(1)))
        #expect(known.sealed.docking == "D2" && known.sequence == 2)
        #expect(try known.receipts == [second.bareReceipt(1, vault: "b"), second.bareReceipt(1, vault: "a")])
        #expect(try ledger.sealing(camera: "other", path: first.path(1), sha256: first.content(1)) == nil)
        #expect(try ledger.sealing(camera: first.camera, path: first.path(2), sha256: first.content(1)) == nil)
        #expect(try ledger.sealing(camera: first.camera, path: first.path(1), sha256: first.content(2)) == nil)
        #expect(try ledger.sealing(id: first.sealing(1))?.receipts == [first.bareReceipt(1)])
        #expect(try ledger.sealing(id: "none") == nil)
    }

    @Test("a sealing is found by size and time of change where there is no hash to go by")
    func byState() throws {
        let bench = try Bench()
        let ledger = try bench.open()
        let story = Story()
        try ledger.append([story.sealed(1, modified: 5)], at: Story.time)
        func find(_ bytes: Int64, _ modified: Int64) throws -> Int64? {
            try ledger.sealing(camera: story.camera, path: story.path(1), bytes: bytes, modified: modified)?.sequence
        }
        #expect(try find(1001, 5) == 0)
        #expect(try find(1000, 5) == nil)
        #expect(try find(1001, 6) == nil)
    }

    @Test("a missing file is explained only by a permit of a docking that read it before, with that content")
    func erasedEarlier() throws {
        let bench = try Bench()
        let ledger = try bench.open()
        let story = Story()
        func explained(_ number: Int, _ expected: ExpectedDigest? = nil, camera: String = "BWC-0042") throws -> Bool {
            try ledger.wasErasedUnderPermit(camera: camera, path: story.path(number), expected: expected)
        }
        try ledger.append([story.sealed(1), story.receipt(1)], at: Story.time)
        #expect(try !explained(1))
        try ledger.append([story.permitted(files: 1), story.sealed(2)], at: Story.time)
        #expect(try explained(1))
        #expect(try explained(1, .sha256(story.content(1))))
        #expect(try explained(1, .md5(Array(repeating: 0, count: 16))))
        #expect(try !explained(1, .sha256(story.content(2))))
        #expect(try !explained(1, camera: "other"))
        #expect(try !explained(2), "sealed after the permit")
        #expect(try !explained(3))
        // A segment that was read again in a later docking, and erased under that docking's permit.
        let later = Story(docking: "D2")
        try ledger.append(
            [later.verified(2, sealing: story.sealing(2)), later.permitted(files: 1)], at: Story.time)
        #expect(try explained(2, .sha256(story.content(2))))
    }

    @Test("paths that differ only in bytes that are not text are different paths")
    func bytePaths() throws {
        let bench = try Bench()
        let ledger = try bench.open()
        let story = Story()
        guard case .sealed(var sealed) = try story.sealed(1) else { return }
        let paths = try [[0xff], [0xfe], Array("%ff".utf8), Array("é".utf8), Array("e\u{301}".utf8)].map {
            try CameraPath($0)
        }
        for (index, path) in paths.enumerated() {
            sealed.path = path
            sealed.sealed.id = "id\(index)"
            try ledger.append([.sealed(sealed)], at: Story.time)
        }
        for (index, path) in paths.enumerated() {
            let found = try ledger.sealing(camera: story.camera, path: path, sha256: story.content(1))
            #expect(found?.sequence == Int64(index))
        }
        #expect(try bench.verify().isWhole)
    }

    @Test("what lacks a receipt from one of the vaults is pending, oldest first, until it has them all")
    func pending() throws {
        let bench = try Bench()
        let ledger = try bench.open()
        let story = Story()
        try ledger.append([story.sealed(1), story.sealed(2), story.sealed(3)], at: Story.time)
        try ledger.append(
            [story.receipt(2), story.receipt(3), story.receipt(3), story.receipt(3, vault: "b")], at: Story.time)
        func names(_ vaults: [String], limit: Int = 10) throws -> [String: [String]] {
            let pending = try ledger.pendingSealings(vaults: vaults, limit: limit)
            return Dictionary(uniqueKeysWithValues: pending.map { ($0.sealing.sealed.path.description, $0.missing) })
        }
        let prefix = "DCIM/100MEDIA"
        #expect(try names(["archive", "b"]) == ["\(prefix)/1.MP4": ["archive", "b"], "\(prefix)/2.MP4": ["b"]])
        #expect(try names(["archive", "b"], limit: 1) == ["\(prefix)/1.MP4": ["archive", "b"]])
        #expect(try names(["archive"]) == ["\(prefix)/1.MP4": ["archive"]])
        #expect(try names([]) == [:])
        try ledger.append(
            [story.receipt(1), story.receipt(1, vault: "b"), story.receipt(2, vault: "b")], at: Story.time)
        #expect(try names(["archive", "b"]) == [:])
    }

    @Test("status tells each docking's story, newest first, and what is pending")
    func status() throws {
        let bench = try Bench(try Story().whole())
        let ledger = try bench.open()
        let second = Story(docking: "D2")
        try ledger.append(
            [second.started(segments: 1), second.sealed(5), second.ended(.held(reasons: ["a gap"]))],
            at: Story.time.adding(seconds: 60))
        let status = try ledger.status(limit: 10, vaults: ["archive", "second"])
        #expect(status.head.entries == 13)
        #expect(status.totals.dockings == 2 && status.totals.sealed == 3 && status.totals.sealedBytes == 3008)
        #expect(status.totals.receipts == 2 && status.totals.verified == 1 && status.totals.permits == 1)
        #expect(status.dockings.map(\.name) == ["D2", "D1"])
        let (held, emptied) = (status.dockings[0], status.dockings[1])
        #expect(held.outcome == "held" && held.reasons == ["a gap"] && held.ended == Story.time.adding(seconds: 60))
        #expect(held.permitted == nil && held.erased == nil)
        #expect(
            emptied.outcome == "emptied" && emptied.sealed == 2 && emptied.verified == 1 && emptied.sealedBytes == 2003)
        #expect(emptied.receipts == ["archive": 2] && emptied.findings == 1 && emptied.firstFindings.count == 1)
        #expect(emptied.permitted == 2 && emptied.erased == 2 && emptied.left.count == 1)
        #expect(status.pending.count == 3 && status.pending.bytes == 3008)
        #expect(status.pending.oldest[0].held == ["archive"] && status.pending.oldest[0].missing == ["second"])
        #expect(status.pending.oldest[2].missing == ["archive", "second"])
        #expect(try ledger.status(limit: 1, vaults: ["archive"]).dockings.count == 1)
        let json = try JSONEncoder().encode(status)
        #expect(try JSONDecoder().decode(LedgerStatus.self, from: json) == status)
    }

    @Test("every look-up goes through an index")
    func plans() throws {
        let bench = try Bench(try Story().whole())
        let sealing = "SELECT sequence FROM entry WHERE kind = 'segment.sealed' AND camera = ?1 AND path = ?2"
        for query in [
            "\(sealing) AND content = ?3 ORDER BY sequence DESC LIMIT 1",
            "\(sealing) AND bytes = ?3 AND modified = ?4 ORDER BY sequence DESC LIMIT 1",
            "SELECT count(*) FROM entry WHERE sealing = ?1 AND kind = 'receipt'",
            "SELECT sequence FROM entry WHERE kind = 'docking.started' ORDER BY sequence DESC LIMIT 5",
            "SELECT kind, vault, count(*), sum(bytes) FROM entry WHERE docking = ?1 GROUP BY kind, vault",
        ] {
            let plan = try bench.sql("EXPLAIN QUERY PLAN \(query)")
            let isDirect = plan.contains("INDEX entry_") && !plan.contains("SCAN") && !plan.contains("TEMP B-TREE")
            #expect(isDirect, "\(query)\n\(plan)")
        }
    }

    @Test("look-ups refuse an entry that was changed on the disk")
    func damaged() throws {
        let bench = try Bench(try Story().whole())
        try bench.tamper("UPDATE entry SET body = replace(body, '\"bytes\":1200', '\"bytes\":1201') WHERE sequence = 2")
        let story = Story()
        #expect {
            try bench.openForReading().sealing(camera: story.camera, path: story.path(1), sha256: story.content(1))
        } throws: { ($0 as? DockError)?.code == .corrupt }
    }
}
