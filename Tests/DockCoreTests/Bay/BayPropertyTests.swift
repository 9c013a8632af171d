import Testing

@testable import DockCore

/// Thousands of days at a dock where everything happens in any order.
@Suite struct BayPropertyTests {
    @Test(arguments: 0..<8) func whateverHappensTheBooksAreRight(block: Int) {
        var counts: [String: Int] = [:]
        for day in 0..<250 {
            let world = BayWorld(seed: UInt64(block) << 32 | UInt64(day))
            for _ in 0..<150 { world.step() }
            world.close()
            counts.merge(world.counts, uniquingKeysWith: +)
        }
        let words = [
            "offload", "offload on", "release on", "deepErase on", "interrupt", "cycle", "switch true", "hold",
        ]
        for word in words + ["abandon: the camera was pulle", "abandon: another camera was p"] {
            #expect(counts[word] != nil, "\(word) never happens: the test proves less than it says")
        }
    }
}
