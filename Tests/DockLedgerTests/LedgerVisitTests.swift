import DockCore
import DockTestSupport
import Foundation
import Testing

@testable import DockLedger

@Suite("Visits in the ledger")
struct LedgerVisitTests {
    @Test("each kind is kept as it was, in canonical form, and verifies")
    func roundTrip() throws {
        let story = Story()
        let nights = [
            story.nightChecked(through: 3, faults: [try story.fault(1)]),
            story.nightEnded(faults: [try story.fault(2)]),
        ]
        let handovers = [
            try story.recordings(), story.taken(), story.taken(battery: nil), try story.reported(),
            story.alarm(.raised),
            story.alarm(.acknowledged),
        ]
        let before = try story.whole() + (try story.visits()) + nights + handovers
        let events = try before + story.retention(from: Int64(before.count)) + story.keys() + story.evidence()
        #expect(Set(events.map(\.kind)) == Set(LedgerEvent.Kind.allCases), "a new kind needs a story")
        let bench = try Bench(events)
        #expect(try bench.verify().problems == [])
        let ledger = try bench.openForReading()
        let found = try ledger.reading("") { database in
            try (0..<Int64(events.count)).map { try LedgerEntry.read($0, in: database).event }
        }
        #expect(found == events)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for body in try bench.sql("SELECT body FROM entry ORDER BY sequence").split(separator: "\n") {
            let entry = try JSONDecoder().decode(LedgerEntry.self, from: Data(body.utf8))
            #expect(try encoder.encode(entry) == Data(body.utf8))
        }
    }

    @Test("each kind is found by its docking and its camera")
    func columns() throws {
        let bench = try Bench(try Story().visits())
        let rows = try bench.sql("SELECT kind, docking, camera FROM entry ORDER BY sequence").split(separator: "\n")
        let expected = [
            "docking.resumed|D1|BWC-0042", "docking.paused|D1|BWC-0042", "docking.paused|D1|BWC-0042",
            "device.refused||", "device.refused||BWC-0042", "format.began|D1|BWC-0042", "erase.certified|D1|BWC-0042",
            "clock.measured|D1|BWC-0042", "camera.provisioned|D1|BWC-0042", "camera.released|D1|BWC-0042",
        ]
        #expect(rows.map(String.init) == expected)
        let offset = try bench.sql("SELECT json_extract(body, '$.event.offsetSeconds') FROM entry WHERE sequence = 7")
        #expect(offset == "-0.125" || offset == "-0.125\n")
    }

    @Test("a device that was refused belongs to no docking, and starts none")
    func refusedDevice() throws {
        let bench = try Bench(try Story().visits())
        let ledger = try bench.openForReading()
        #expect(try ledger.status(limit: 10, vaults: []).dockings == [])
        #expect(try ledger.latestDocking(camera: "BWC-0042") == nil)
    }

    // MARK: Rules

    @Test("what destroys or certifies without a permit, or beyond it, is reported")
    func withoutPermit() throws {
        let story = Story()
        let other = Story(docking: "D2")
        let read = [try story.sealed(1), try story.receipt(1)]
        let stories: [(String, [LedgerEvent], [Int64])] = [
            ("a new file system", read + [story.formatBegan(files: 1)], [2]),
            ("a certificate", read + [story.certificate()], [2]),
            (
                "a permit of another docking",
                read + [story.permitted(files: 1), other.formatBegan(files: 1), other.certificate()], [3, 4]
            ),
            ("the permit comes after", read + [story.formatBegan(files: 1), story.permitted(files: 1)], [2]),
            ("more than was permitted", read + [story.permitted(files: 1), story.formatBegan(files: 2)], [3]),
            (
                "all is well",
                read + [
                    story.permitted(files: 1), story.formatBegan(files: 1), story.erasedAll(1), story.certificate(),
                ], []
            ),
        ]
        for (name, events, culprits) in stories {
            let result = try Bench(events).verify()
            #expect(result.problems.map(\.entry) == culprits, "\(name): \(result.problems)")
        }
    }

    @Test("a docking that goes on and seals a path anew needs a receipt for the last sealing alone")
    func sealedTwice() throws {
        let story = Story()
        let first = [try story.started(segments: 1), try story.sealed(1), story.paused(), story.resumed()]
        let again = try story.sealedAgain(1)
        let clean = first + [again, try story.receiptAgain(1), story.permitted(files: 1), story.erasedAll(1)]
        #expect(try Bench(clean).verify().problems == [])
        let missing = first + [again, story.permitted(files: 1)]
        #expect(try Bench(missing).verify().problems.map(\.entry) == [5])
        let old = first + [again, try story.receipt(1), story.permitted(files: 1)]
        #expect(try Bench(old).verify().problems.map(\.entry) == [6], "a receipt for the first sealing is none")
        let verified =
            first + [
                try story.receipt(1), try story.verified(1, sealing: story.sealing(1)), story.permitted(files: 1),
            ]
        #expect(try Bench(verified).verify().problems == [])
    }

    @Test("records of the dock need no receipt and do not count as files that were read; footage needs one still")
    func records() throws {
        let story = Story()
        let record = try story.sealedAgain(7, role: .record)
        let first = [
            try story.sealed(1), try story.receipt(1), story.permitted(files: 1), story.erasedAll(1),
            story.certificate(), record,
        ]
        let second = [try story.sealed(2), try story.receipt(2), story.permitted(files: 2), story.erasedAll(2)]
        #expect(try Bench(first + second).verify().problems == [])
        let lacking = first + [try story.sealed(2), story.permitted(files: 2)]
        #expect(try Bench(lacking).verify().problems.map(\.entry) == [7])
        let tooMany = first + [try story.sealed(2), try story.receipt(2), story.permitted(files: 3)]
        #expect(try Bench(tooMany).verify().problems.map(\.entry) == [8], "the record never lay on the camera")
    }

    // MARK: Status

    private func status(_ events: [LedgerEvent]) throws -> LedgerStatus.Docking {
        let bench = try Bench()
        let ledger = try bench.open()
        for (second, event) in events.enumerated() {
            try ledger.append([event], at: Story.time.adding(seconds: Double(second)))
        }
        return try #require(try ledger.status(limit: 5, vaults: []).dockings.first)
    }

    @Test("a paused docking shows how far it came and no end; one that goes on shows neither")
    func pauses() throws {
        let story = Story()
        let start = try story.started(segments: 1)
        let paused = try status([start, story.paused()])
        #expect(paused.outcome == "interrupted" && paused.ended == nil)
        #expect(paused.reasons == ["the camera was pulled"])
        let running = try status([start, story.paused(), story.resumed()])
        #expect(running.outcome == nil && running.ended == nil && running.reasons == [])
        let again = try status([
            start, story.paused(), story.resumed(), story.paused(.incomplete(reasons: ["vault b"])),
        ])
        #expect(again.outcome == "incomplete" && again.ended == nil && again.reasons == ["vault b"])
    }

    @Test("of several ends, permits and erases the last counts")
    func ends() throws {
        let story = Story()
        let start = [
            try story.started(segments: 2), try story.sealed(1), try story.receipt(1), story.permitted(files: 1),
            try story.erased(0), story.ended(.held(reasons: ["1 file was left"])),
        ]
        let held = try status(start)
        #expect(held.outcome == "held" && held.ended == Story.time.adding(seconds: 5) && held.left.count == 1)
        let running = try status(start + [story.resumed()])
        #expect(running.outcome == nil && running.ended == nil && running.reasons == [] && running.permitted == 1)
        let emptied = try status(
            start + [
                story.resumed(), try story.sealed(2), try story.receipt(2), story.permitted(files: 2),
                story.erasedAll(2), story.ended(.emptied),
            ])
        #expect(emptied.outcome == "emptied" && emptied.reasons == [])
        #expect(emptied.ended == Story.time.adding(seconds: 11))
        #expect(emptied.permitted == 2 && emptied.erased == 2 && emptied.left == [])
    }

    @Test("another docking's pause is not this one's")
    func others() throws {
        let (story, other) = (Story(), Story(docking: "D2"))
        let ended = try status([try story.started(segments: 1), story.ended(.kept), other.paused(), other.resumed()])
        #expect(ended.outcome == "kept" && ended.ended == Story.time.adding(seconds: 1))
    }

    // MARK: Look-ups

    @Test("only the last erase of a docking tells which files may be gone")
    func interruptedErase() throws {
        let bench = try Bench()
        let ledger = try bench.open()
        let story = Story()
        func explained() throws -> [CameraPath] { try ledger.pathsOfInterruptedErase(camera: story.camera) }
        try ledger.append([story.sealed(1), story.receipt(1), story.permitted(files: 1)], at: Story.time)
        #expect(try explained() == [story.path(1)], "it broke off")
        try ledger.append([story.erasedAll(1)], at: Story.time)
        #expect(try explained() == [])
        try ledger.append(
            [story.sealedAgain(7, role: .record), story.resumed(), story.permitted(files: 1)], at: Story.time)
        #expect(try explained() == [story.path(1)], "the second erase broke off; the record was never on the camera")
        try ledger.append([story.erased(0), story.resumed(), story.permitted(files: 1)], at: Story.time)
        try ledger.append([story.erasedAll(1)], at: Story.time)
        #expect(try explained() == [], "what the erase before it left was erased by the last one")
    }
}
