import Testing

@testable import DockCore

/// What the vaults are told of holds.
@Suite struct HoldsTests {
    private typealias Sample = RetentionSample

    /// Each row: what happened, and what the vault is told then.
    @Test(
        arguments: [
            ([], nil),
            ([Sample.hold()], .place),
            ([Sample.hold(camera: "B2")], nil),
            ([Sample.hold(recording: "R2")], nil),
            ([Sample.hold(), Sample.placed(true)], nil),
            ([Sample.hold(), Sample.placed(true), Sample.end()], .lift),
            ([Sample.hold(), Sample.end()], nil),
            ([Sample.hold(), Sample.placed(true), Sample.end(), Sample.placed(false)], nil),
            ([Sample.hold(), Sample.placed(true), Sample.end(), Sample.placed(false), Sample.hold("H2")], .place),
            // Another hold keeps it.
            ([Sample.hold(), Sample.hold("H2"), Sample.placed(true), Sample.end()], nil),
            // It was on before, by somebody else's will: it stays on.
            ([Sample.hold(), Sample.placed(true, changed: false), Sample.end()], nil),
            // Set by a hold, and seen again for another: it is still ours.
            (
                [
                    Sample.hold(), Sample.placed(true), Sample.hold("H2"), Sample.placed(true, changed: false),
                    Sample.end(),
                    Sample.end("H2"),
                ], .lift
            ),
            // Ended twice, or one that never was.
            ([Sample.hold(), Sample.end("H9")], .place),
            ([Sample.hold(), Sample.end(), Sample.end()], nil),
        ] as [([LedgerEvent], Holds.Order?)])
    func orders(events: [LedgerEvent], order: Holds.Order?) {
        var holds = Holds()
        for event in events { holds.note(event, at: Sample.read) }
        #expect(holds.order(for: Sample.sealed("B1"), in: "archive") == order)
        #expect(
            holds.order(for: Sample.sealed("B1"), in: "other")
                == (holds.all.contains {
                    $0.isActive
                        && $0.added.camera == "B1" && $0.added.recording == "R1"
                } ? .place : nil))
    }

    @Test func theyAreAllRemembered() {
        let holds = Sample.holds(Sample.hold("H1"), Sample.hold("H2"), Sample.end("H1"))
        #expect(holds.all.map(\.added.hold) == ["H1", "H2"] && holds.all.map(\.isActive) == [false, true])
        #expect(holds.hold("H1")?.removed?.reason == "closed" && holds.hold("H3") == nil)
    }
}
