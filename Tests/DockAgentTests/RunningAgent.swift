import DockAgent
import DockCore
import DockTestSupport
import Foundation

/// `bodydock run`, as a process that sees no device of this machine, and for which udev runs. It is ended with this value. Needs root.
final class RunningAgent {
    private let process = Process()
    private let dock: TestDock
    private let journal: String

    /// The configuration of `dock` must name its folder `run` as `agent.runtime`.
    init(_ dock: TestDock) throws {
        self.dock = dock
        journal = try dock.folder.write([], to: "journal")
        let script = """
            mount -t tmpfs none /sys && mount -t tmpfs none /run && mkdir -p /run/udev/data && : > /run/udev/control || exit 99
            exec "$@"
            """
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "unshare", "--mount", "sh", "-c", script, "sh", TestDock.program, "run", "--config", dock.configuration,
        ]
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: journal))
        process.standardOutput = FileHandle.nullDevice
        var environment = ProcessInfo.processInfo.environment
        for name in ["JOURNAL_STREAM", "NOTIFY_SOCKET", "WATCHDOG_USEC"] { environment[name] = nil }
        process.environment = environment
        try process.run()
    }

    /// What it logged so far.
    var said: String { get throws { try String(contentsOfFile: journal, encoding: .utf8) } }

    /// How often it logged this.
    func count(_ text: String) throws -> Int { try said.components(separatedBy: text).count - 1 }

    /// What it shows; nil until it answers.
    func status() throws -> DockStatus? {
        do {
            guard case .status(let status) = try ControlConnection(dock.folder.at("run/control.socket")).ask(.status)
            else { return nil }
            return status
        } catch let error where [.notFound, .unreachable].contains(error.code) {
            return nil
        }
    }

    /// Waits until something is so; fails the test if it never is.
    func wait(_ what: String, until isSo: () throws -> Bool) throws {
        for _ in 0..<4000 {
            if try isSo() { return }
            usleep(50_000)
        }
        throw RigFailure(
            "it never came to this: \(what); the agent said: \(try said); it shows \(String(describing: try status()))")
    }

    /// Reads its configuration anew.
    func reload() { kill(process.processIdentifier, SIGHUP) }

    deinit {
        process.terminate()
        process.waitUntilExit()
    }
}
