import DockCore
import DockTestSupport
import Foundation
import Testing

/// Kills the agent's run on a camera at the calls that change the dock's disk or the camera, runs it again, and holds the vault, the
/// card and the ledger against what was there at first.
@Suite struct CameraRunCrashTests {
    /// System calls, and the numbers of calls at which the process dies: all of those that are few; of others from the erase on
    /// every so many, since what comes before is what `CrashTests` kills at.
    struct Step: Sendable, CustomTestStringConvertible {
        let call: String
        let first: Int
        let stride: Int
        var testDescription: String { call }
    }

    static let steps = [
        Step(call: "fdatasync", first: 11, stride: 3), Step(call: "fsync", first: 9, stride: 4),
        Step(call: "pwrite64", first: 80, stride: 20), Step(call: "mount", first: 4, stride: 1),
        Step(call: "umount2", first: 1, stride: 2), Step(call: "unlinkat", first: 1, stride: 2),
        Step(call: "unlink", first: 3, stride: 3), Step(call: "rename,renameat,renameat2", first: 2, stride: 2),
        Step(call: "ioctl", first: 24, stride: 20), Step(call: "syncfs", first: 1, stride: 1),
    ]

    /// Before the permit is written down nothing on the card has changed; after that everything is in the vault.
    private func expectPermitRespected(_ bench: CardDock, _ moment: String) throws {
        guard try bench.count("erase.permitted") > 0 else {
            #expect(try bench.contents() == bench.original, "\(moment)")
            return
        }
        let held = multiset(try bench.vault().footage)
        #expect(held == multiset(bench.footage), "\(moment)")
    }

    @Test(arguments: steps) func killedAtCallsOf(step: Step) throws {
        var number = step.first
        var (kills, lateKills) = (0, 0)
        while true {
            let bench = try CardDock()
            let moment = "killed at \(step.call) \(number)"
            guard try bench.run(killedAt: step.call, number: number) else { break }
            if try bench.count("format.began") > 0 { lateKills += 1 }
            kills += 1
            try expectPermitRespected(bench, moment)
            // The agent is started again beside a camera that stayed; or the camera was pulled with it.
            if number % 2 == 0 { bench.replug() }
            // Every third time it dies once more on the way.
            if number % 3 == 0 { _ = try bench.run(killedAt: step.call, number: 1 + number / 2) }
            let said = try bench.run()
            #expect(said.contains("docked emptied"), "\(moment): \(said)")
            try bench.expectReleased(moment)
            number += step.stride
        }
        #expect(kills > 0)
        print("killed \(kills) times at \(step.call), \(lateKills) of them while the medium was emptied")
    }
}
