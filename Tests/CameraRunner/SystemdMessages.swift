// What the agent says to systemd and to the journal, heard at the sockets where they listen.
#if DEBUG
    import DockCore
    import DockDevices
    import Foundation
    import Logging

    @testable import DockAgent

    /// A socket that takes datagrams.
    struct Datagrams {
        private let socket: Int32

        init(at path: String) {
            socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            let number = socket
            guard let address = UnixAddress(path), address.with({ bind(number, $0, $1) }) == 0 else { exit(71) }
        }

        /// The next that is there; nil if there is none.
        func next() -> String? {
            var bytes = [UInt8](repeating: 0, count: 1 << 17)
            let count = recv(socket, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
        }
    }

    /// Prints every message, with `|` for the ends of lines inside it.
    func printAll(_ heard: Datagrams) {
        while let text = heard.next() { say(text.replacing("\n", with: "|")) }
    }

    /// Logs some messages to a journal of our own.
    func tellJournal() throws {
        _ = try MountNamespace.enter()
        guard mount("none", "/run", "tmpfs", 0, nil) == 0 else { exit(71) }
        try FileManager.default.createDirectory(atPath: "/run/systemd/journal", withIntermediateDirectories: true)
        let heard = Datagrams(at: "/run/systemd/journal/socket")
        setenv("JOURNAL_STREAM", "1:1", 1)
        let log = Logger(label: "test") { _ in JournalLogHandler() }
        for level in Logger.Level.allCases { log.log(level: level, "message") }
        log.error(
            "bay 1\nPRIORITY=0\u{1b}[2J\u{7f}",
            metadata: ["camera": "BWC\n0042", "docking": "d1", "bay": "1", "state": "held"])
        log.error("\(String(repeating: "ä", count: 100_000))")
        printAll(heard)
    }

    /// Notifies a service manager of our own.
    func tellManager(_ path: String) {
        let heard = Datagrams(at: path)
        setenv("NOTIFY_SOCKET", path, 1)
        setenv("WATCHDOG_USEC", "20000000", 1)
        let notifier = SystemdNotifier()
        notifier.ready()
        notifier.watchdog()
        // Not due again yet.
        notifier.watchdog()
        let next = notifier.nextWatchdog(after: Uptime.now()) ?? Instant(seconds: 0)
        notifier.stopping()
        printAll(heard)
        say("next in \(Int(next.seconds(since: Uptime.now()).rounded())) s")
        unsetenv("NOTIFY_SOCKET")
        let silent = SystemdNotifier()
        silent.ready()
        say("without a socket: \(silent.nextWatchdog(after: Uptime.now()) == nil ? "nothing" : "something")")
        setenv("NOTIFY_SOCKET", String(repeating: "x", count: 500), 1)
        SystemdNotifier().ready()
        printAll(heard)
    }
#endif
