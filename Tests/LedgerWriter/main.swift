import DockCore
import DockLedger
import Glibc

// A process that appends to a ledger, so that tests can kill it, trace it, and run several at once.
// Usage: LedgerWriter FOLDER CAMERA BATCHES EVENTS-IN-A-BATCH
// Prints "kept N" when entry N and all before it are durable; "failed CODE" and status 1 if the ledger refuses.

func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(STDOUT_FILENO, bytes, bytes.count)
}

let arguments = CommandLine.arguments
guard arguments.count == 5, let batches = Int(arguments[3]), let size = Int(arguments[4]) else { exit(64) }

do throws(DockError) {
    let ledger = try Ledger(path: arguments[1], dock: "test", readOnly: false)
    for batch in 0..<batches {
        let events = (0..<size).map { number in
            LedgerEvent.finding(
                FindingNoted(
                    docking: "\(arguments[2])-\(batch)", camera: arguments[2],
                    finding: Finding(.fileUnlisted, holds: false, "finding \(number) of batch \(batch)")))
        }
        say("kept \(try ledger.append(events, at: Instant(seconds: 1_790_000_000 + Int64(batch))).upperBound)")
    }
} catch {
    say("failed \(error.code.rawValue)")
    exit(1)
}
