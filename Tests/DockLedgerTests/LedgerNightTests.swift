import DockCore
import Testing

@testable import DockLedger

@Suite("Nights in the ledger")
struct LedgerNightTests {
    private let story = Story()

    /// Four sealings with receipts: entries 0 to 7; those of the second vault: 8 and 9.
    private func delivered() throws -> [LedgerEvent] {
        try (1...4).flatMap { [try story.sealed($0), try story.receipt($0)] }
            + [try story.receipt(1, vault: "cloud"), try story.receipt(3, vault: "cloud")]
    }

    @Test("each vault's objects come in the order of their latest receipts")
    func deliveries() throws {
        let bench = try Bench(try delivered() + [story.receipt(2)])
        let ledger = try bench.openForReading()
        #expect(try ledger.deliveryCount(vault: "archive") == 4)
        #expect(try ledger.deliveryCount(vault: "cloud") == 2)
        #expect(try ledger.deliveryCount(vault: "away") == 0)
        func turn(_ vault: String, after start: Int64, through end: Int64 = .max, limit: Int = 9) throws -> [Int64] {
            try ledger.deliveries(vault: vault, after: start, through: end, limit: limit).map(\.sequence)
        }
        #expect(try turn("archive", after: -1) == [1, 5, 7, 10], "the second has a newer one")
        #expect(try turn("archive", after: 1, limit: 2) == [5, 7])
        #expect(try turn("archive", after: 1, through: 5) == [5])
        #expect(try turn("archive", after: 10) == [])
        #expect(try turn("cloud", after: -1) == [8, 9])
        let first = try #require(try ledger.deliveries(vault: "cloud", after: -1, through: .max, limit: 1).first)
        #expect(first.receipt == (try story.bareReceipt(1, vault: "cloud")))
        #expect(first.sealed.sealed.id == (try story.sealing(1)))
    }

    @Test("the first entry since a moment, and what was delivered since")
    func since() throws {
        let bench = try Bench()
        let ledger = try bench.open()
        #expect(try ledger.firstEntry(since: Story.time) == 0 && ledger.began() == nil)
        for number in 1...9 {
            let time = Story.time.adding(seconds: Double(number) * 10)
            try ledger.append([story.sealed(number), story.receipt(number)], at: time)
        }
        for (seconds, first) in [(0.0, 0), (10, 0), (10.001, 2), (50, 8), (90, 16), (91, 18)] as [(Double, Int64)] {
            #expect(try ledger.firstEntry(since: Story.time.adding(seconds: seconds)) == first)
        }
        #expect(try ledger.began() == Story.time.adding(seconds: 10))
        #expect(try ledger.deliveryCount(vault: "archive", from: 16) == 1)
        #expect(try ledger.deliveryCount(vault: "archive", from: 15) == 2)
    }

    @Test("each vault has its own progress, and the last one counts")
    func progress() throws {
        let bench = try Bench(try delivered())
        let ledger = try bench.open()
        #expect(try ledger.nightProgress(vault: "archive") == nil)
        try ledger.append([story.nightChecked(through: 7), story.nightChecked(through: 1)], at: Story.time)
        try ledger.append([story.nightChecked(through: 8, vault: "cloud")], at: Story.time)
        #expect(try ledger.nightProgress(vault: "archive") == 1)
        #expect(try ledger.nightProgress(vault: "cloud") == 8)
    }

    @Test("all runs of the last night are found, and none of another")
    func lastNight() throws {
        let bench = try Bench(try delivered())
        let ledger = try bench.open()
        #expect(try ledger.lastNight() == [])
        try ledger.append([story.nightEnded("2026-10-24"), story.nightEnded(faults: [story.fault(1)])], at: Story.time)
        try ledger.append([story.nightEnded()], at: Story.time)
        let runs = try ledger.lastNight()
        #expect(runs.map(\.night) == ["2026-10-25", "2026-10-25"] && runs.map(\.faults.count) == [1, 0])
    }

    @Test("what a night says of sealings, receipts and the root must be so")
    func rules() throws {
        let bench = try Bench(try delivered())
        let ledger = try bench.open()
        let head = try ledger.head()
        let fault = try story.fault(2)
        try ledger.append(
            [
                story.nightChecked(through: 7, faults: [fault]),
                story.nightEnded(entries: head.entries, root: head.root, faults: [fault]),
            ], at: Story.time)
        let last = try ledger.head()
        try ledger.append([story.nightEnded(entries: last.entries, root: last.root)], at: Story.time)
        #expect(try bench.verify().problems == [])
        // From here on, each is wrong.
        try ledger.append(
            [
                story.nightChecked(through: 13), story.nightChecked(through: -1),
                story.nightChecked(through: 7, faults: [story.fault(9)]),
                story.nightEnded(entries: head.entries, root: last.root),
                story.nightEnded(entries: 100, root: last.root),
            ], at: Story.time)
        #expect(try bench.verify().problems.map(\.entry) == [13, 14, 15, 16, 17])
    }
}
