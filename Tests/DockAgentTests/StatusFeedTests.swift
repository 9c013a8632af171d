import DockSystem
import DockTestSupport
import Foundation
import Synchronization
import Testing

@testable import DockAgent
@testable import DockCore

/// Those who watch the dock: what they are told, what they may ask, and that nobody waits for them.
@Suite struct StatusFeedTests {
    /// What a watcher heard.
    private final class Watcher: Sendable {
        private final class Heard: Sendable {
            let statuses = Mutex<[DockStatus]>([])
        }
        private let heard = Heard()
        let thread: Worker

        init(_ path: String, until bytes: Int64) {
            thread = Worker("watcher") { [heard] in
                do throws(DockError) {
                    try ControlConnection(path).watch { status throws(DockError) in
                        heard.statuses.withLock { $0.append(status) }
                        return status.bays[0].progress?.bytes != bytes
                    }
                } catch {
                    Issue.record("\(error)")
                }
            }
        }

        var all: [DockStatus] { heard.statuses.withLock { $0 } }

        func waitForFirst() {
            while all.isEmpty { usleep(2000) }
        }
    }

    @Test func watchersAreToldAtOnceAndOfChanges() throws {
        let bench = try ShownAgent()
        let watcher = Watcher(bench.control, until: 3)
        watcher.waitForFirst()
        #expect(watcher.all == [ShownAgent.status(0)])
        bench.show(3)
        watcher.thread.join()
        #expect(watcher.all == [ShownAgent.status(0), ShownAgent.status(3)])
    }

    @Test func whatChangesFasterThanItIsToldIsLeftOut() throws {
        let bench = try ShownAgent()
        let watcher = Watcher(bench.control, until: 1000)
        watcher.waitForFirst()
        for bytes in 1...1000 { bench.show(Int64(bytes)) }
        watcher.thread.join()
        #expect(watcher.all.count < 500 && watcher.all.last == ShownAgent.status(1000))
    }

    @Test func nothingIsPutTogetherForNobody() throws {
        let bench = try ShownAgent()
        #expect(!bench.agent.feed.isWatched)
        let watcher = Watcher(bench.control, until: 1)
        watcher.waitForFirst()
        #expect(bench.agent.feed.isWatched)
        bench.show(1)
        watcher.thread.join()
        while bench.agent.feed.isWatched { usleep(2000) }
    }

    @Test func timeAloneIsNoChange() throws {
        var later = ShownAgent.status(1)
        later.now = later.now.adding(seconds: 60)
        later.bays[0].seconds += 60
        later.spool.freeBytes = 5
        #expect(later.showsTheSame(as: ShownAgent.status(1)) && later != ShownAgent.status(1))
        #expect(!ShownAgent.status(2).showsTheSame(as: ShownAgent.status(1)))
        later.bays[0].state = .held
        #expect(!later.showsTheSame(as: ShownAgent.status(1)))
    }

    @Test func viewersAreToldNoBadgesAndGiveNoOrders() throws {
        let bench = try ShownAgent()
        guard case .status(let all) = try ControlConnection(bench.control).ask(.status),
            case .status(let some) = try ControlConnection(bench.status).ask(.status)
        else { throw RigFailure("no status") }
        #expect(all.bays[0].wearer == "4711" && some.bays[0].wearer == nil && some == all.withoutPeople)
        for order in [
            ControlRequest.command(.release(bay: "1")), .command(.hold(bay: "1", reason: "x")),
            .command(.retry(bay: nil)), .night, .look,
        ] {
            #expect(try ControlConnection(bench.control).ask(order) == .done)
            guard case .refused = try ControlConnection(bench.status).ask(order) else {
                Issue.record("\(order) is obeyed")
                continue
            }
        }
        let watcher = Watcher(bench.status, until: 5)
        watcher.waitForFirst()
        bench.show(5)
        watcher.thread.join()
        #expect(watcher.all.allSatisfy { $0.bays[0].wearer == nil } && watcher.all.count == 2)
        #expect(try FileStatus.of(bench.status).permissions == 0o660)
    }
}
