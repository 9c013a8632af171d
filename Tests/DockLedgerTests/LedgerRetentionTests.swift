import DockCore
import Testing

@testable import DockLedger

@Suite("Holds and destruction in the ledger")
struct LedgerRetentionTests {
    private let story = Story()

    /// Entries 0 to 7: four sealings with receipts; 8: one of the first from a second vault.
    private func delivered() throws -> [LedgerEvent] {
        try [story.started(segments: 4)] + (1...4).flatMap { [try story.sealed($0), try story.receipt($0)] }
            + [try story.receipt(1, vault: "cloud")]
    }

    @Test("what was destroyed is not kept, not checked, and put on record once")
    func destruction() throws {
        let bench = try Bench(try delivered())
        let ledger = try bench.open()
        #expect(try ledger.keptSealings() == [1, 3, 5, 7])
        #expect(try ledger.keptSealings(camera: "OTHER").isEmpty)
        try ledger.append(
            [
                .destructionPermitted(story.permit(1)), .destructionPermitted(story.permit(2)),
                story.destroyed(1, permit: 10),
                .destructionPermitted(story.permit(3)),
            ], at: Story.time)
        #expect(try ledger.keptSealings(camera: "BWC-0042") == [1, 3, 5, 7], "the first is in the second vault still")
        let kept = try ledger.kept([1, 3])
        #expect(kept[0].destroyed == ["archive"] && kept[0].permits.isEmpty && kept[0].cameraClock == Story.time)
        #expect(kept[1].destroyed.isEmpty && kept[1].permits == ["archive": 11])
        #expect(try ledger.destructionPermit(11) == story.permit(2) && ledger.destructionPermit(0) == nil)
        #expect(try ledger.deliveryCount(vault: "archive") == 3 && ledger.deliveryCount(vault: "cloud") == 1)
        #expect(
            try ledger.deliveries(vault: "archive", after: -1, through: .max, limit: 9).map(\.sequence) == [4, 6, 8])
        let unrecorded = try ledger.unrecordedDestructions(limit: 9)
        #expect(try unrecorded.map(\.sequence) == [12] && unrecorded.map(\.permitted) == [story.permit(1)])
        let record = DestructionRecorded(file: "f.json", sha256: try story.content(1), objects: 1, through: 12)
        try ledger.append([.destructionRecorded(record), story.destroyed(2, permit: 11)], at: Story.time)
        #expect(try ledger.unrecordedDestructions(limit: 9).map(\.sequence) == [15])
        #expect(try ledger.keptSealings() == [1, 5, 7])
        #expect(try ledger.hasFootage(camera: "BWC-0042", recording: "R1"))
        #expect(try !ledger.hasFootage(camera: "BWC-0042", recording: "R2"))
        #expect(try !ledger.hasFootage(camera: "OTHER", recording: "R1"))
        let verified = try ledger.verify()
        #expect(verified.isWhole, "\(verified.problems)")
    }

    @Test("what waits is footage, and what was destroyed is none")
    func footage() throws {
        let ledger = try Bench([story.started(segments: 1), story.sealed(1)]).open()
        #expect(try ledger.hasFootage(camera: "BWC-0042", recording: "R1"))
        try ledger.append([story.receipt(1), .destructionPermitted(story.permit(1))], at: Story.time)
        #expect(try ledger.hasFootage(camera: "BWC-0042", recording: "R1"))
        try ledger.append([story.destroyed(1, permit: 3)], at: Story.time)
        #expect(try !ledger.hasFootage(camera: "BWC-0042", recording: "R1"))
    }

    @Test("holds are read with the dockings that they are about")
    func holds() throws {
        let bench = try Bench(
            try delivered() + [
                story.hold("H1"), story.placed(1), story.hold("H2"), story.end("H1"), story.hold("H3", camera: "OTHER"),
            ])
        let holds = try bench.openForReading().holds()
        #expect(holds.all.map(\.added.hold) == ["H1", "H2", "H3"] && holds.all.map(\.isActive) == [false, true, true])
        #expect(holds.all.map(\.dockings) == [["D1"], ["D1"], []])
        #expect(holds.isOurs(try story.sealing(1), in: "archive"))
        #expect(try bench.verify().isWhole)
    }

    @Test("an object is found by its name, or the end of it")
    func objects() throws {
        var other = Story(docking: "D2")
        other.camera = "BWC-0043"
        let ledger = try Bench(try delivered() + [other.sealed(1), other.receipt(1)]).openForReading()
        #expect(try ledger.recording(ofObject: "k/3")?.camera == "BWC-0042")
        #expect(try ledger.recording(ofObject: "3")?.recording == "R1")
        #expect(try ledger.recording(ofObject: "/3") == nil && ledger.recording(ofObject: "k/9") == nil)
        #expect(try ledger.recording(ofObject: "k/1") == nil, "two cameras have one of that name")
    }

    @Test(
        "a story that may not happen is told",
        arguments: [
            ("no receipt", 0, "gave no receipt for before it"), ("held", 1, "what hold H1 keeps"),
            ("no permit", 2, "that nothing permitted"), ("another's permit", 3, "that nothing permitted"),
            ("unheld", 4, "hold H9, which is not in force"), ("placed nowhere", 5, "gave no receipt for before it"),
            ("recorded too far", 6, "which is not there before it"),
        ])
    func impossible(what: String, number: Int, message: String) throws {
        let events: [LedgerEvent] =
            switch number {
            case 0: [.destructionPermitted(try story.permit(2, vault: "cloud"))]
            case 1: [story.hold("H1"), .destructionPermitted(try story.permit(2))]
            case 2: [try story.destroyed(2, permit: 3)]
            case 3: [.destructionPermitted(try story.permit(2)), try story.destroyed(3, permit: 10)]
            case 4: [story.end("H9")]
            case 5: [try story.placed(2, vault: "cloud")]
            default:
                [
                    .destructionRecorded(
                        DestructionRecorded(file: "f", sha256: try story.content(1), objects: 0, through: 10))
                ]
            }
        let result = try Bench(try delivered() + events).verify()
        #expect(result.problems.count == 1 && result.problems[0].message.contains(message), "\(result.problems)")
    }
}
