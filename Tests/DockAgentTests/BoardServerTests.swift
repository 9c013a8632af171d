import DockHandover
import DockTestSupport
import Foundation
import Testing

@testable import DockCore

/// The board as a program: what it answers, to whom, and what it bears.
@Suite struct BoardServerTests {
    private static let token = "0123456789abcdef0123456789abcdef"

    @Test func itShowsWhatTheAgentShows() throws {
        let dock = try TestDock()
        let agent = try ShownAgent(in: dock.folder)
        let board = try RunningBoard(dock)
        try board.wait("it hears the agent") { try board.get("/healthz").status == 200 }
        let page = try board.get("/", ["Accept-Language: nl"])
        #expect(page.status == 200 && page.headers["content-type"] == "text/html; charset=utf-8")
        #expect(
            page.body.contains("<html lang=nl>") && page.body.contains("BWC1") && page.body.contains("Niet meenemen"))
        #expect(!page.body.contains("4711"))
        #expect(try board.get("/?lang=en", ["Accept-Language: nl"]).body.contains("Do not take it"))

        let status = try board.get("/api/v1/status")
        #expect(status.headers["content-type"] == "application/json")
        let report = try JSONDecoder().decode(Report.self, from: Data(status.body.utf8))
        #expect(report.connected && report.dock == ShownAgent.status(0).withoutPeople)

        let events = try board.events("/api/v1/events")
        try events.until("text/event-stream")
        try events.until("\"bytes\":0,")
        agent.show(500)
        try events.until("\"bytes\":500,")
        let live = try board.events("/events?lang=en")
        try live.until("value=50")
        agent.show(600)
        let change = try live.until("value=60")
        #expect(change.contains("event: parts") && !change.contains("\"bays\":"), "only the bay is sent")
        #expect(try board.get("/metrics").body.contains("bodydock_bay_done_bytes{bay=\"1\"} 600\n"))
        #expect(board.stop() == 0, "open streams do not keep it from ending")
        #expect(live.isOver)
    }

    private struct Report: Decodable {
        let connected: Bool
        let lostSince: Instant?
        let dock: DockStatus?
    }

    @Test func itOutlivesTheAgentAndKeepsItsBrowsers() throws {
        let dock = try TestDock()
        let board = try RunningBoard(dock)
        #expect(try board.get("/").body.contains("No contact with the dock yet"))
        #expect(
            try board.get("/healthz").status == 503 && board.get("/api/v1/status").body.contains("\"connected\":false"))
        #expect(try board.get("/metrics").body.contains("bodydock_up 0\n"))
        let live = try board.events("/events?lang=en")
        try live.until("No contact with the dock yet")
        do {
            let agent = try RunningAgent(dock)
            try live.until("No camera is plugged in")
            withExtendedLifetime(agent) {}
        }
        try live.until("No contact with the dock since")
        let agent = try RunningAgent(dock)
        try live.until("No camera is plugged in")
        #expect(try board.get("/healthz").status == 200)
        withExtendedLifetime(agent) {}
    }

    @Test func whatIsNoQuestionIsRefused() throws {
        let board = try RunningBoard(TestDock())
        let answers = [
            try board.get("/nothing"), try board.get("/", method: "POST"), try board.get("/", ["Content-Length: 5"]),
            try board.get("/", ["Transfer-Encoding: chunked"]), try board.get("/../../etc/passwd"),
            try board.get("/", host: "evil.example"), try board.get("/", host: "127.0.0.1.evil.example"),
            try board.get("/", host: "localhost:x"), try board.get("/", host: "192.168.7.7"),
            try board.get("/", ["X: " + String(repeating: "a", count: 20_000)]),
            try board.get("/", (0..<100).map { "X-\($0): 1" }),
        ]
        #expect(answers.map(\.status) == [404, 405, 413, 413, 404, 421, 421, 421, 421, 400, 400])
        #expect(answers[1].headers["allow"] == "GET, HEAD")
        for host in ["localhost", "LOCALHOST:1", "[::1]:8484", "127.0.0.9"] {
            #expect(try board.get("/", host: host).status == 200, "\(host)")
        }
        let head = try board.get("/", method: "HEAD")
        #expect(head.status == 200 && head.body.isEmpty)
        for answer in answers.prefix(9) + [head] {
            #expect(answer.headers["content-security-policy"]?.hasPrefix("default-src 'none'") ?? false)
            #expect(
                answer.headers["x-content-type-options"] == "nosniff"
                    && answer.headers["referrer-policy"] == "no-referrer")
        }
    }

    @Test func aTokenIsAskedForWhereThereIsOne() throws {
        let dock = try TestDock()
        let file = try dock.folder.write(Array("\(Self.token)\n".utf8), to: "token")
        chmod(file, 0o600)
        let board = try RunningBoard(dock, ", token: \(file), language: nl")
        for path in [
            "/", "/events", "/api/v1/status", "/api/v1/events", "/metrics", "/?token=wrong", "/leader", "/history",
            "/report?date=2027-01-14&shift=late", "/api/v1/handovers",
        ] {
            let answer = try board.get(path, ["Authorization: Bearer \(Self.token)x", "Cookie: board=\(Self.token)"])
            #expect(answer.status == 401 && answer.headers["www-authenticate"] != nil, "\(path)")
            #expect(!answer.body.contains("No contact") && !answer.body.contains("connected"))
        }
        #expect(try board.get("/").body.contains("Er is een token nodig"))
        for path in ["/board.css", "/board.js", "/icon.svg"] { #expect(try board.get(path).status == 200) }
        let bearer = "Authorization: Bearer \(Self.token)"
        #expect(try board.get("/metrics", [bearer]).status == 200)
        #expect(
            try board.get("/metrics", [bearer], host: "192.168.7.7").status == 200,
            "who has the token may use an address")
        #expect(try board.get("/metrics", [bearer], host: "dock.example.org").status == 421, "it is not in board.names")
        let entry = try board.get("/?token=\(Self.token)")
        #expect(entry.status == 303 && entry.headers["location"] == "/?lang=nl")
        #expect(try board.get("/leader?token=\(Self.token)").headers["location"] == "/leader?lang=nl")
        let cookie = try #require(entry.headers["set-cookie"])
        #expect(cookie.contains("HttpOnly; SameSite=Strict") && !cookie.contains(Self.token))
        #expect(try board.get("/", ["Cookie: a=b; \(cookie.split(separator: ";")[0])"]).status == 200)
    }

    @Test func aTokenThatOthersCanReadIsRefused() throws {
        let dock = try TestDock()
        for (text, mode, why) in [
            (Self.token, 0o644, "others than its owner"), ("short", 0o600, "32 to 256"),
            (Self.token + "!", 0o600, "32 to 256"), (String(repeating: "a", count: 2000), 0o600, "longer than 1024"),
        ] as [(String, mode_t, String)] {
            let file = try dock.folder.write(Array(text.utf8), to: "token")
            chmod(file, mode)
            try dock.configure(
                vaults: "  - {name: archive, type: directory, path: \(dock.vault)}", extra: "board: {token: \(file)}")
            let run = try TestDock.run(["board", "--config", dock.configuration])
            #expect(run.status == 78 && run.errors.contains(why) && run.errors.contains("next: "), "\(run.errors)")
        }
    }

    /// The agent answers from its state folder; the board has no way into it.
    @Test func theTeamLeaderSeesReportsOfShifts() throws {
        let dock = try TestDock()
        let board = try RunningBoard(dock)
        for path in ["/leader", "/history", "/api/v1/handovers", "/report?date=2027-01-14&shift=late"] {
            #expect(try board.get(path).status == 503, "nobody answers \(path)")
        }
        let agent = try ShownAgent(in: dock.folder)
        let shift = Shift(
            name: "late", date: try #require(CivilDate("2027-01-14")), start: Instant(seconds: 1_799_900_000),
            end: Instant(seconds: 1_799_930_000))
        let camera = CameraPool.Member("BWC<b>", taken: shift.start.adding(seconds: 60), wearer: "4711")
        let pool = CameraPool(members: [camera], plan: ShiftPlan())
        var cameras = pool.readiness([], at: shift.end, .utc)
        cameras[0].due = shift
        let report = ShiftReport(
            of: shift, edition: 1, from: .init(dock: "test", agent: "1", handovers: [], pool: pool, cameras: cameras),
            at: shift.end, .utc)
        try ReportFolder(state: dock.folder.at("state")).save(report)
        // Answers serve for five seconds.
        try board.wait("the agent is asked anew") {
            try ["/leader", "/history", "/report?date=2027-01-14&shift=late"].allSatisfy {
                try board.get($0).status == 200
            }
        }
        let leader = try board.get("/leader?lang=nl").body
        #expect(leader.contains("4711") && leader.contains("BWC&lt;b&gt;") && leader.contains("Niet teruggebracht"))
        #expect(leader.contains("/report?date=2027-01-14&amp;shift=late&amp;edition=1&amp;lang=nl"))
        let page = try board.get("/report?date=2027-01-14&shift=late&edition=1&lang=nl")
        #expect(page.status == 200 && page.body.contains("Dienstrapport: late") && page.body.contains("BWC&lt;b&gt;"))
        #expect(page.headers["content-security-policy"]?.contains("style-src 'unsafe-inline'; base-uri") ?? false)
        #expect(page.headers["content-security-policy"]?.contains("script-src") == false)
        let document = try board.get("/api/v1/handovers?date=2027-01-14&shift=late")
        #expect(try JSONDecoder().decode(ShiftReport.self, from: Data(document.body.utf8)) == report)
        let list = try board.get("/api/v1/handovers")
        #expect(list.headers["content-type"] == "application/json" && list.body.contains("\"edition\":1"))
        #expect(try board.get("/history?lang=en").body.contains("<svg class=chart"))
        #expect(try board.get("/api/v1/handovers?date=2027-01-15&shift=late").status == 404)
        for query in ["date=x&shift=late", "date=2027-01-14", "shift=late", "date=2027-01-14&shift=../x", "edition=0"] {
            #expect(try board.get("/api/v1/handovers?\(query)").status == 400, "\(query)")
            #expect(try board.get("/report?\(query)").status == 400, "\(query)")
        }
        #expect(!(try board.get("/").body.contains("4711")), "the wall names nobody")
        withExtendedLifetime(agent) {}
    }

    /// `config/nginx/bodydock-board.conf`, in a real nginx.
    @Test func aWebServerShowsItWithTLS() throws {
        let dock = try TestDock()
        let file = try dock.folder.write(Array(Self.token.utf8), to: "token")
        chmod(file, 0o600)
        let agent = try ShownAgent(in: dock.folder)
        let board = try RunningBoard(dock, ", token: \(file), names: [dock.example.org]")
        let site = try RunningSite(for: board, in: dock.folder)
        let bearer = ["-H", "Authorization: Bearer \(Self.token)"]
        let page = try site.curl("/", bearer)
        #expect(page.status == 0 && page.text.contains(" 200 ") && page.text.contains("BWC1"), "\(page.errors)")
        #expect(page.text.lowercased().contains("strict-transport-security"))
        let entry = try site.curl("/?token=\(Self.token)")
        #expect(entry.text.contains("__Host-board=") && entry.text.contains("; Secure"))
        let cookie = try #require(entry.text.firstMatch(of: /__Host-board=\w+/)).output
        #expect(try site.curl("/", ["-H", "Cookie: \(cookie)"]).text.contains(" 200 "))
        #expect(try site.curl("/metrics").text.contains(" 401 "))
        #expect(try site.curl("/", bearer + ["-H", "Host: evil.example"]).text.contains(" 421 "))
        #expect(try site.curl("/", ["--tls-max", "1.1"]).status != 0)
        // An event comes through while the stream stays open: curl ends by its own limit.
        let events = try site.curl("/api/v1/events", bearer + ["--max-time", "3"])
        #expect(events.text.contains("event: status\n"))
        withExtendedLifetime(agent) {}
    }

    /// Half of them never read what they are sent.
    @Test func twoHundredBrowsersAreBorne() throws {
        let dock = try TestDock()
        let agent = try ShownAgent(in: dock.folder)
        let board = try RunningBoard(dock)
        // Programs are sent the reasons too: half a megabyte each time.
        func status(_ bytes: Int64) -> DockStatus {
            var status = ShownAgent.status(bytes)
            status.bays[0].reasons = (0..<100).map { "\($0)" + String(repeating: "x", count: 5000) }
            return status
        }
        agent.show(status(1))
        let readers = try (0..<100).map { _ in try board.events("/events?lang=en") }
        let sleepers = try (0..<100).map { _ in try board.events("/api/v1/events", buffer: 4096) }
        for reader in readers { try reader.until("value=0 ") }
        let before = try board.memory
        for round in 1...6 {
            agent.show(status(Int64(round * 10)))
            for reader in readers { try reader.until("value=\(round) ") }
        }
        let grown = try board.memory - before
        #expect(grown < 64 << 20, "it grew by \(grown) bytes")
        #expect(try board.get("/metrics").body.contains("bodydock_board_streams 200\n"))
        withExtendedLifetime(sleepers) {}
    }
}
