import Dispatch
import DockCore
import DockDelivery
import DockSystem
import Glibc
import Synchronization
import Testing

@testable import DockAgent

@Suite struct DeliveryLaneTests {
    /// What a lane reported, in order.
    private final class Reports: Sendable {
        let all = Mutex<[String]>([])

        func take(_ report: Report) {
            let text =
                switch report {
                case .receipt(let index, _): "\(index)"
                case .undelivered(let index, _, let error): "\(index): \(error.why)"
                default: "something else"
                }
            all.withLock { $0.append(text) }
        }

        var sorted: [String] { all.withLock { $0.sorted() } }
    }

    private static func consignment(_ id: Int) throws -> Consignment {
        let digest = try SHA256Digest(hashing: Array("\(id)".utf8))
        let name = ObjectName(camera: "C", date: Instant(seconds: 0), recording: "r", segment: [115], content: digest)
        return Consignment(
            sealed: SealedSegment(
                id: "\(id)", plaintext: digest, plaintextBytes: 1, bytes: 2, parts: nil, object: name), file: "/none")
    }

    private static let down = DockError(
        .unreachable, "cannot store", at: "https://s3", because: "down", next: "wait", isPassing: true)

    /// What is sealed while the first segments are on their way is not held up by them: the first is stored only once the third
    /// has been begun, and that is queued only once the first has been begun.
    @Test func aSegmentDoesNotWaitForThoseBeforeIt() throws {
        let firstBegan = DispatchSemaphore(value: 0)
        let thirdBegan = DispatchSemaphore(value: 0)
        let vault = FakeVault(storesAtOnce: 3) { sealed in
            switch sealed.id {
            case "0":
                firstBegan.signal()
                thirdBegan.wait()
            case "2": thirdBegan.signal()
            default: break
            }
        }
        let reports = Reports()
        let lane = DeliveryLane(vault, givesUp: true, stop: StopFlag()) { reports.take($0) }
        let worker = Worker("lane") { lane.run() }
        lane.deliver(0, try Self.consignment(0))
        firstBegan.wait()
        for index in 1...4 { lane.deliver(index, try Self.consignment(index)) }
        lane.close()
        worker.join()
        #expect(reports.sorted == ["0", "1", "2", "3", "4"])
    }

    /// After eight failures in a row nothing more is tried; every segment is told of once.
    @Test(arguments: [1, 8]) func aVaultThatIsDownIsNotTriedForEachSegment(storesAtOnce: Int) throws {
        let vault = FakeVault(storesAtOnce: storesAtOnce)
        vault.set(Self.down)
        let reports = Reports()
        let lane = DeliveryLane(vault, givesUp: true, stop: StopFlag()) { reports.take($0) }
        for index in 0..<200 { lane.deliver(index, try Self.consignment(index)) }
        lane.close()
        lane.run()
        #expect(reports.sorted == (0..<200).map { "\($0): down" }.sorted())
        #expect(vault.counts.stored <= 64 + 8)
    }

    /// While it fails, one call at a time goes on, and once it works all do.
    @Test func aVaultThatRecoversIsUsedAgain() throws {
        let stored = Atomic<Int>(0)
        let vault = FakeVault(storesAtOnce: 4) { _ in _ = stored.add(1, ordering: .relaxed) }
        vault.set(Self.down)
        let reports = Reports()
        let lane = DeliveryLane(vault, givesUp: true, stop: StopFlag()) { reports.take($0) }
        let worker = Worker("lane") { lane.run() }
        for index in 0..<3 { lane.deliver(index, try Self.consignment(index)) }
        while reports.sorted.count < 3 { sched_yield() }
        vault.set(nil)
        for index in 3..<40 { lane.deliver(index, try Self.consignment(index)) }
        lane.close()
        worker.join()
        #expect(reports.sorted == ((0..<3).map { "\($0): down" } + (3..<40).map { "\($0)" }).sorted())
        #expect(stored.load(ordering: .relaxed) == 40)
    }
}
