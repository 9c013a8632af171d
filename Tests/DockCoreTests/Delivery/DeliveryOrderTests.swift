import Testing

@testable import DockCore

@Suite struct DeliveryOrderTests {
    private func item(
        _ id: Int, _ camera: String = "A", flagged: Bool = false, deadline: Int64? = nil, at seconds: Int64 = 0
    ) -> DeliveryItem {
        DeliveryItem(
            id: id, camera: camera, isFlagged: flagged, deadline: deadline.map { Instant(seconds: $0) },
            recorded: Instant(seconds: seconds))
    }

    private func drain(_ queue: inout DeliveryQueue, _ most: Int = .max) -> [Int] {
        var ids: [Int] = []
        while ids.count < most, let next = queue.next() { ids.append(next.id) }
        return ids
    }

    /// Each row: a reason to come first, and the item that it makes come first.
    @Test func eachReasonBeatsTheOnesAfterIt() {
        let cases: [(String, DeliveryItem, DeliveryItem)] = [
            ("flagged before needed", item(1, "B", flagged: true, at: 9), item(2, "soon", deadline: 1)),
            ("needed before deadline", item(1, "soon", at: 9), item(2, "B", deadline: 1)),
            ("needed sooner", item(1, "soon", at: 9), item(2, "late", at: 1)),
            ("deadline before age", item(1, "A", deadline: 5, at: 9), item(2, "B", at: 1)),
            ("older deadline", item(1, "A", deadline: 5, at: 9), item(2, "B", deadline: 6, at: 1)),
            ("older", item(1, "A", at: 1), item(2, "B", at: 2)),
            ("flagged, of one camera", item(1, flagged: true, at: 9), item(2, deadline: 1)),
            ("first come", item(1), item(2)),
        ]
        for (name, first, second) in cases {
            for order in [[first, second], [second, first]] {
                var queue = DeliveryQueue()
                queue.neededAt = ["soon": Instant(seconds: 10), "late": Instant(seconds: 20)]
                order.forEach { queue.add($0) }
                #expect(queue.count == 2 && drain(&queue) == [1, 2] && queue.count == 0, "\(name)")
            }
        }
    }

    @Test func anEmptyQueueHasNothing() {
        var queue = DeliveryQueue()
        #expect(queue.next() == nil)
        queue.add(item(1))
        #expect(queue.next()?.id == 1 && queue.next() == nil)
    }

    @Test func theItemsOfOneCameraComeInOrder() {
        var random = SplitMix(seed: 5)
        var queue = DeliveryQueue()
        for id in (0..<500).shuffled(using: &random) { queue.add(item(id, at: Int64(id))) }
        #expect(drain(&queue) == Array(0..<500))
    }

    @Test func aCameraBehindOneWithMoreImportantFootageGetsEveryFourthTurn() {
        var queue = DeliveryQueue()
        for id in 0..<100 { queue.add(item(id, "A", flagged: true)) }
        for id in 100..<110 { queue.add(item(id, "B")) }
        let ids = drain(&queue, 40)
        #expect(ids.enumerated().filter { $0.element >= 100 }.map(\.offset) == Array(stride(from: 3, to: 40, by: 4)))
    }

    @Test func whatIsNeededNowCountsAtOnce() {
        var queue = DeliveryQueue()
        queue.add(item(1, "A", at: 1))
        queue.add(item(2, "B", at: 2))
        queue.neededAt["B"] = Instant(seconds: 1)
        #expect(queue.next()?.id == 2)
    }

    /// Cameras come and go with any footage: each that waits is served within four turns for every camera, and nothing is lost or
    /// doubled.
    @Test(arguments: 0..<20) func noCameraStarves(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        var queue = DeliveryQueue()
        let cameras = (0..<8).map { "C\($0)" }
        queue.neededAt = ["C0": Instant(seconds: 5), "C1": Instant(seconds: 6)]
        var waiting: [String: Int] = [:]
        var since: [String: Int] = [:]
        var seen: Set<Int> = []
        var added = 0
        for turn in 0..<3000 {
            for _ in 0..<Int.random(in: 0...(turn < 2000 ? 2 : 0), using: &random) {
                let camera = cameras.randomElement(using: &random)!
                queue.add(
                    item(
                        added, camera, flagged: camera == "C0", deadline: Bool.random(using: &random) ? 100 : nil,
                        at: Int64.random(in: 0..<50, using: &random)))
                if waiting[camera, default: 0] == 0 { since[camera] = turn }
                waiting[camera, default: 0] += 1
                added += 1
            }
            guard let next = queue.next() else { continue }
            #expect(seen.insert(next.id).inserted)
            waiting[next.camera]! -= 1
            since[next.camera] = turn
            for camera in cameras where waiting[camera, default: 0] > 0 {
                #expect(turn - since[camera]! <= 4 * cameras.count, "\(camera) waits")
            }
        }
        #expect(seen.count == added && queue.count == 0)
    }
}
