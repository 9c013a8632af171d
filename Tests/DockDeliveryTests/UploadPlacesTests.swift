import Dispatch
import DockCore
import Glibc
import Synchronization
import Testing

@testable import DockDelivery

@Suite struct UploadPlacesTests {
    /// The one place is taken; three wait for it, in another order than they got their lines.
    @Test func whoGotItsLineEarlierGoesFirst() throws {
        let places = UploadPlaces(1)
        let lines = (0..<4).map { _ in places.line(of: "A") }
        let order = Mutex<[Int]>([])
        let isTaken = DispatchSemaphore(value: 0)
        Crew.run(width: 4, count: 4) { index in
            let number = [0, 3, 1, 2][index]
            if index > 0 { isTaken.wait() }
            do throws(DockError) {
                try lines[number].hold { () throws(DockError) in
                    if index == 0 {
                        for _ in 0..<3 { isTaken.signal() }
                        while places.waiting(for: "A") < 3 { sched_yield() }
                    }
                    order.withLock { $0.append(number) }
                }
            } catch {
                Issue.record(error)
            }
        }
        #expect(order.withLock { $0 } == [0, 1, 2, 3])
        #expect(places.waiting(for: "A") == 0)
    }

    @Test func noSenderHasMoreThanItsPlacesAndNoneTakesAnothers() {
        let places = UploadPlaces(2)
        let underWay = Mutex<[String: Int]>([:])
        let most = Mutex<[String: Int]>([:])
        Crew.run(width: 12, count: 400) { index in
            let sender = index % 2 == 0 ? "A" : "B"
            do throws(DockError) {
                try places.line(of: sender).hold { () throws(DockError) in
                    let now = underWay.withLock { counts in
                        counts[sender, default: 0] += 1
                        return counts[sender, default: 0]
                    }
                    most.withLock { $0[sender] = max($0[sender] ?? 0, now) }
                    sched_yield()
                    underWay.withLock { $0[sender, default: 0] -= 1 }
                }
            } catch {
                Issue.record(error)
            }
        }
        #expect(most.withLock { $0 }.values.allSatisfy { (1...2).contains($0) })
        #expect(underWay.withLock { $0 } == ["A": 0, "B": 0])
    }

    @Test func aFailureGivesItsPlaceBack() {
        let places = UploadPlaces(1)
        let error = DockError(.io, "what", at: "where", because: "why", next: "next")
        for _ in 0..<3 {
            #expect(throws: DockError.self) {
                try places.line(of: "A").hold { () throws(DockError) in throw error }
            }
        }
    }
}
