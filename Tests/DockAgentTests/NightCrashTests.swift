import DockCore
import DockTestSupport
import Foundation
import Testing

/// Kills the nightly run at every step that changes a disk, runs it again, and looks whether anything was lost or done twice.
@Suite struct NightCrashTests {
    private var files: FileManager { FileManager.default }

    /// A dock whose spool waits for a vault that is there again, with a stale copy in the vault.
    private func stage() throws -> (dock: TestDock, spooled: [String: SHA256Digest], stale: String) {
        let dock = try TestDock(
            extra: "nightly: {check_share: 100 %}\nagent: {runtime: /nowhere/bodydock}", isInMemory: true)
        let early = try dock.makeCamera("early", ["--recordings", "1", "--segments", "1", "--bytes", "2 kB"])
        try #require(try dock.offload(early).status == 0)
        try files.moveItem(atPath: dock.vault, toPath: dock.vault + ".away")
        let late = try dock.makeCamera(
            "late", ["--recordings", "1", "--segments", "1", "--bytes", "2 kB", "--serial", "LATE1", "--seed", "9"])
        try #require(try dock.offload(late).status == 3)
        try files.moveItem(atPath: dock.vault + ".away", toPath: dock.vault)
        let stale = dock.vault + "/.bodydock-\(String(repeating: "0f", count: 16)).partial"
        try Data("cut off".utf8).write(to: URL(fileURLWithPath: stale))
        try files.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -8 * 86_400)], ofItemAtPath: stale)
        return (dock, try dock.spooled(), stale)
    }

    @Test(arguments: ["pwrite64", "fsync", "fdatasync", "linkat", "unlink", "unlinkat", "rename", "write"])
    func killedAtEveryCallOf(step: String) throws {
        var number = 1
        while true {
            let (dock, spooled, stale) = try stage()
            let before = try TestDock.contents(of: dock.vault)
            let killed = try Tool.run(
                "strace",
                [
                    "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(step)", "-e",
                    "inject=\(step):signal=KILL:when=\(number)", TestDock.program, "nightly", "--config",
                    dock.configuration,
                ])
            let moment: Comment = "killed at \(step) number \(number)"
            let again = try dock.nightly()
            #expect(again.status == 0, "\(moment): \(again.errors)")
            let after = try TestDock.contents(of: dock.vault)
            let kept = before.filter { !stale.hasSuffix($0.key) }
            #expect(multiset(after) == (multiset(kept) + multiset(spooled)).sorted(), moment)
            #expect(try TestDock.contents(of: dock.state + "/spool").isEmpty, moment)
            #expect(try dock.verifyLedger().status == 0, moment)
            #expect(try dock.looseCheckpoints() == 0, moment)
            // The last thing that a run does is to give its report its name.
            let nights = try dock.nights()
            #expect(killed.status == 0 ? nights.count == 2 : (1...2).contains(nights.count), moment)
            #expect(!nights.contains("report.partial"), moment)
            if killed.status == 0 { break }
            number += number < 12 ? 1 : number / 4
        }
        #expect(number > 1, "it never came to \(step)")
    }
}
