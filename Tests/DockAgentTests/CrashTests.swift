import DockCore
import DockTestSupport
import Foundation
import Testing

/// Kills the program at every step that changes a disk, starts it again, and holds the vault against the original camera.
@Suite struct CrashTests {
    /// System calls that change a disk or make a change last. `when` counts the calls of each thread: the first thread that
    /// comes to that number ends the process. (With --seccomp-bpf strace 6.1 does not inject at all.)
    private static let steps = [
        "fdatasync", "fsync", "syncfs", "pwrite64", "write", "rename", "link", "linkat", "unlink", "unlinkat", "mkdir",
        "mkdirat",
    ]

    /// A camera small enough that a run takes a fraction of a second, with everything a camera has: several recordings, a
    /// segment of several buffers, a manifest, a file that nothing lists.
    private func stage() throws -> (dock: TestDock, camera: String, original: [String: SHA256Digest]) {
        // In memory: a killed program leaves to the kernel what it has written, whatever lies below.
        let dock = try TestDock(isInMemory: true)
        let camera = try dock.makeCamera(
            "camera", ["--recordings", "2", "--segments", "2", "--bytes", "200 kB", "--break", "unlisted"])
        return (dock, camera, try TestDock.contents(of: camera, except: ["SETTINGS"]))
    }

    /// Runs until the camera is released and proves that nothing was lost, doubled or left half done.
    private func settle(_ dock: TestDock, _ camera: String, _ original: [String: SHA256Digest], _ moment: String) throws
    {
        let before = try dock.opened()
        #expect(
            Set(multiset(before)).isSubset(of: Set(multiset(original))), "foreign content after a kill at \(moment)")
        let again = try dock.offload(camera)
        #expect(again.status == 0, "after a kill at \(moment): \(again.text)\(again.errors)")
        let held = try dock.opened()
        #expect(multiset(held) == multiset(original), "after a kill at \(moment)")
        #expect(
            try TestDock.contents(of: camera, except: ["SETTINGS"]).isEmpty, "not emptied after a kill at \(moment)")
        let ledger = try dock.verifyLedger()
        #expect(ledger.status == 0, "after a kill at \(moment): \(ledger.text)")
        #expect(try dock.looseCheckpoints() == 0, "after a kill at \(moment)")
        let untold = try Tool.run(
            "sqlite3",
            [
                dock.state + "/ledger.sqlite",
                """
                SELECT count(*) FROM entry e WHERE kind = 'docking.ended' AND NOT EXISTS(
                  SELECT 1 FROM entry c WHERE c.docking = e.docking AND c.kind = 'custody.recorded')
                """,
            ])
        #expect(untold.text == "0\n", "dockings without a custody record after a kill at \(moment)")
        let spooled = try TestDock.contents(of: dock.state + "/spool")
        #expect(spooled.isEmpty, "the spool still holds \(spooled.keys) after a kill at \(moment)")
    }

    @Test(arguments: steps) func killedAtEveryCallOf(step: String) throws {
        var kills = 0
        // Every call at first, then in growing strides: late calls of a kind do the same thing as early ones.
        var number = 1
        while true {
            let (dock, camera, original) = try stage()
            let run = try Tool.run(
                "strace",
                [
                    "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(step)", "-e",
                    "inject=\(step):signal=KILL:when=\(number)",
                    TestDock.program, "offload", "--config", dock.configuration, camera,
                ])
            try settle(dock, camera, original, "\(step) number \(number)")
            if run.status == 0 { break }
            kills += 1
            number += number < 24 ? 1 : number / 8
        }
        print("killed \(kills) times at \(step)")
    }

    @Test func killedAtRandomMomentsAgainAndAgain() throws {
        var random = SystemRandomNumberGenerator()
        var kills = 0
        for _ in 0..<25 {
            let (dock, camera, original) = try stage()
            for _ in 0..<8 {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: TestDock.program)
                process.arguments = ["offload", "--config", dock.configuration, camera]
                process.standardOutput = FileHandle.nullDevice
                process.standardError = FileHandle.nullDevice
                try process.run()
                usleep(UInt32.random(in: 1_000...120_000, using: &random))
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                if process.terminationReason == .uncaughtSignal { kills += 1 }
            }
            try settle(dock, camera, original, "random moments")
        }
        #expect(kills > 20, "most runs ended before they were killed: the test proves too little")
        print("killed \(kills) times at random moments")
    }
}
