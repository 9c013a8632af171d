import DockCore
import DockLedger
import DockSystem
import DockTestSupport
import Foundation
import Logging
import Testing

@testable import DockAgent

/// What people, and what is not meant well, send to the control socket.
@Suite struct ControlSocketTests {
    /// A socket whose agent answers everything with "done", on a thread of its own.
    private final class Bench: Sendable {
        let folder: TemporaryFolder
        let agent: Agent
        let socket: ControlSocket
        private let isOver = StopFlag()
        private let threads: [Worker]
        var path: String { folder.at("run/control.socket") }

        init() throws {
            let folder = try TemporaryFolder()
            let configuration = Configuration(
                dock: "test", state: folder.at("state"),
                spool: Configuration.Spool(path: folder.at("spool"), keepFree: 0), recipients: [], vaults: [],
                release: ReleasePolicy(require: .all, erase: .now))
            let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let agent = try Agent(
                resources: DockResources(configuration: configuration, profiles: []), log: log)
            let socket = try ControlSocket(agent, at: folder.at("run/control.socket"))
            (self.folder, self.agent, self.socket) = (folder, agent, socket)
            threads = [
                Worker("control") { socket.run() },
                Worker("agent") { [isOver] in
                    while !isOver.isSet {
                        var polls = [pollfd(fd: agent.mailbox.descriptor, events: Int16(POLLIN), revents: 0)]
                        guard poll(&polls, 1, -1) > 0 else { continue }
                        for case .ask(let request, let reply) in agent.mailbox.takeAll() {
                            reply(request == .status ? .refused("no status here") : .done)
                        }
                    }
                },
            ]
        }

        func connect() throws -> RawClient { try RawClient(path) }

        /// Whether it still answers.
        func answers() throws -> Bool {
            try ControlConnection(path).ask(.command(.retry(bay: nil))) == .done
        }

        deinit {
            isOver.set()
            agent.stop()
            socket.close()
            threads.forEach { $0.join() }
        }
    }

    /// Speaks bytes.
    private final class RawClient {
        private let socket: Int32

        init(_ path: String) throws {
            let address = try #require(UnixAddress(path))
            let number = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            socket = number
            try #require(address.with { Glibc.connect(number, $0, $1) } == 0)
        }

        /// False if the other end has closed.
        @discardableResult
        func send(_ bytes: [UInt8]) -> Bool {
            Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
        }

        /// Everything up to the next newline, or to the end.
        func line() -> String {
            var bytes: [UInt8] = []
            var byte: UInt8 = 0
            while read(socket, &byte, 1) == 1, byte != 10 { bytes.append(byte) }
            return String(decoding: bytes, as: UTF8.self)
        }

        deinit { close(socket) }
    }

    @Test func onlyOwnerAndGroupMayAsk() throws {
        let bench = try Bench()
        #expect(try FileStatus.of(bench.path).permissions == 0o660)
        #expect(try bench.answers())
    }

    private static let nonsense: [String: [UInt8]] = [
        "nothing": [], "no JSON": Array("status".utf8), "another type": Array("[\"status\"]".utf8),
        "an unknown command": Array("{\"ask\":\"format\",\"bay\":\"1\"}".utf8),
        "no bay": Array("{\"ask\":\"release\"}".utf8),
        "a bay of the wrong type": Array("{\"ask\":\"hold\",\"bay\":1}".utf8),
        "zeros": [0, 0, 0], "not UTF-8": Array("{\"ask\":\"".utf8) + [0xff, 0xfe] + Array("\"}".utf8),
        "very deep": Array(String(repeating: "[", count: 4000).utf8),
        "very deep objects": Array(String(repeating: "{\"ask\":", count: 500).utf8),
        "a long number": Array(("{\"ask\":" + String(repeating: "9", count: 4000) + "}").utf8),
    ]

    @Test(arguments: nonsense.keys.sorted()) func nonsenseIsRefusedAndTheNextLineIsHeard(name: String) throws {
        let bench = try Bench()
        let client = try bench.connect()
        client.send(try #require(ControlSocketTests.nonsense[name]) + [10])
        #expect(client.line().contains("\"refused\":\"this is no request"))
        client.send(Array("{\"ask\":\"retry\"}\n".utf8))
        #expect(client.line() == "{\"done\":true}")
    }

    @Test(arguments: [4097, 10_000, 4 << 20]) func aLineThatIsTooLongEndsTheConnection(length: Int) throws {
        let bench = try Bench()
        let client = try bench.connect()
        client.send([UInt8](repeating: UInt8(ascii: " "), count: length))
        client.send(Array("{\"ask\":\"retry\"}\n".utf8))
        #expect(client.line().isEmpty)
        #expect(try bench.answers())
    }

    @Test func halfALineAndAHangUpHurtNobody() throws {
        let bench = try Bench()
        for _ in 0..<100 {
            let client = try bench.connect()
            client.send(Array("{\"ask\":\"ret".utf8))
        }
        try untilAnswered(bench)
    }

    /// Those that are too many are sent away; once some have gone, others are let in.
    @Test func manyConnectionsAreBounded() throws {
        let bench = try Bench()
        do {
            let clients = try (0..<100).map { _ in try bench.connect() }
            let answers = clients.map { client in
                client.send(Array("{\"ask\":\"retry\"}\n".utf8))
                return client.line()
            }
            #expect(answers.count { $0 == "{\"done\":true}" } == 32)
            #expect(answers.allSatisfy { $0.isEmpty || $0 == "{\"done\":true}" })
        }
        try untilAnswered(bench)
    }

    @Test func whoDoesNotReadDelaysNobodyElse() throws {
        let bench = try Bench()
        let slow = try bench.connect()
        let requests = Array(String(repeating: "{\"ask\":\"retry\"}\n", count: 200).utf8)
        // Until nothing more fits: its answers are not taken, so its requests are not either.
        for _ in 0..<20 { slow.send(requests) }
        #expect(try bench.answers())
        withExtendedLifetime(slow) {}
    }

    @Test func theNightlyRunAsksTheAgentThatRuns() throws {
        let bench = try Bench()
        let dock = try TestDock(extra: "agent: {runtime: \(bench.folder.at("run"))}")
        let run = try dock.nightly(["--json"])
        #expect(run.status == 0, "\(run.errors)")
        let report = try JSONDecoder().decode(NightReport.self, from: run.output)
        #expect(report.steps[0].outcome == .done && report.steps[0].note.contains("the agent"))
    }

    @Test func severalLinesAtOnceAndALineInPiecesAreTheSame() throws {
        let bench = try Bench()
        let client = try bench.connect()
        client.send(Array("{\"ask\":\"retry\"}\n{\"ask\":\"status\"}\n{\"as".utf8))
        #expect(client.line() == "{\"done\":true}")
        #expect(client.line() == "{\"refused\":\"no status here\"}")
        client.send(Array("k\":\"retry\",\"bay\":\"1\"}\n".utf8))
        #expect(client.line() == "{\"done\":true}")
    }

    /// Threads of clients that have gone may need a moment to notice.
    private func untilAnswered(_ bench: Bench) throws {
        for _ in 0..<500 {
            do { if try bench.answers() { return } } catch { usleep(10_000) }
        }
        Issue.record("it does not answer any more")
    }
}
