import DockAgent
import DockLedger
import DockTestSupport
import Foundation
import Testing

@testable import DockCore

/// The whole way of an alarm, with the real agent, board, nightly run and webhook: from its cause to everybody who is told, over a restart,
/// until it is over.
@Suite struct AlarmWayTests {
    private static let names = ["batteryWorn:OLD", "clockDrift:LATE", "nightFailed", "spoolFull"]
    private var files: FileManager { FileManager.default }

    private let dock: TestDock
    private let service: WebhookService
    private let board: RunningBoard
    private let now = Instant(seconds: Int64(Date().timeIntervalSince1970))

    init() throws {
        dock = try TestDock()
        service = try WebhookService()
        board = try RunningBoard(dock)
    }

    private func configure(keepFree: String) throws {
        let secret = try dock.folder.write(Array("0123456789abcdef".utf8), to: "secret")
        try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret)
        try dock.configure(
            vaults: "  - {name: archive, type: directory, path: \(dock.vault)}",
            extra: """
                agent: {runtime: \(dock.folder.at("run"))}
                spool: {keep_free: \(keepFree)}
                handover: {webhook: {url: 'http://127.0.0.1:\(service.port)/', secret: \(secret)}}
                """)
    }

    /// Writes straight to the ledger: what a camera in a bay leaves there.
    private func write(_ events: LedgerEvent..., at moment: Instant) throws {
        _ = try Ledger(path: dock.state, dock: "test", readOnly: false).append(events, at: moment)
    }

    private func start(_ camera: String, _ docking: String, battery: Int) -> LedgerEvent {
        .dockingStarted(
            DockingStarted(
                docking: docking, dock: "test", agent: "1", camera: CameraIdentity(serial: camera, source: .manifest),
                profile: "own", source: "/m", wearer: "4711", manifest: .bodydock, manifestDigest: nil,
                signature: .valid, cameraClock: nil, battery: battery, segments: 0, bytes: 0))
    }

    /// The camera comes back from eight hours away with so much charge, and is taken again, full.
    private func outings(_ battery: Int, _ count: Int, hoursAgo: Double) throws {
        for number in 0..<count {
            let (docking, moment) = (
                "OLD-\(hoursAgo)-\(number)", now.adding(seconds: (Double(number) * 9 - hoursAgo) * 3600)
            )
            try write(
                start("OLD", docking, battery: battery),
                .dockingEnded(DockingEnded(docking: docking, camera: "OLD", outcome: .emptied)),
                at: moment)
            try write(
                .taken(CameraTaken(docking: docking, camera: "OLD", bay: "1", battery: 100, wasReady: true)),
                at: moment.adding(seconds: 3600))
        }
    }

    /// A camera comes back whose clock is off by so much.
    private func clock(off seconds: Double, _ docking: String) throws {
        try write(
            start("LATE", docking, battery: 50),
            .clockMeasured(
                ClockMeasured(
                    docking: docking, camera: "LATE", cameraClock: now.adding(seconds: seconds), dockClock: now)),
            .dockingEnded(DockingEnded(docking: docking, camera: "LATE", outcome: .emptied)), at: now)
    }

    /// What each alarm went through, as the webhook was told.
    private func told() throws -> [String: [String]] {
        var told: [String: [String]] = [:]
        for request in try service.requests() {
            let message = try #require(try JSONSerialization.jsonObject(with: request.body) as? [String: Any])
            let key = (message["data"] as? [String: Any])?["key"] as? [String: Any]
            guard let kind = key?["kind"] as? String, let type = message["type"] as? String else { continue }
            told[kind, default: []].append(type)
        }
        return told
    }

    private func metric(_ name: String, _ kind: String) throws -> String? {
        try board.get("/metrics").body.split(separator: "\n").first { $0.hasPrefix("\(name){kind=\"\(kind)\"} ") }
            .map { String($0.split(separator: " ").last ?? "") }
    }

    private func open(_ agent: RunningAgent) throws -> [Alarm]? {
        try agent.status().map { $0.alarms.sorted { $0.key.text < $1.key.text } }
    }

    @Test func causesAreToldOnceTakenNoteOfAndOver() throws {
        try outings(60, 6, hoursAgo: 200)
        try outings(20, 6, hoursAgo: 140)
        try clock(off: -400, "LATE-1")
        let camera = try dock.makeCamera("camera", ["--bytes", "50 kB"])
        try configure(keepFree: "0 B")
        try #require(try dock.offload(camera).status == 0)
        let object = try #require(try TestDock.contents(of: dock.vault).keys.sorted().first)
        try files.moveItem(atPath: dock.vault + "/" + object, toPath: dock.folder.at("object"))
        #expect(try dock.nightly().status != 0, "an object is gone")

        try configure(keepFree: "1000 TB")
        do {
            let agent = try RunningAgent(dock)
            try agent.wait("all four are raised") { try open(agent)?.count == 4 }
            let alarms = try #require(try open(agent))
            let keys = alarms.map { $0.key.kind == .nightFailed ? "nightFailed" : $0.key.text }
            #expect(keys == Self.names && alarms.allSatisfy { $0.matter != nil })
            try agent.wait("the webhook is told") { try told().values.joined().count == 4 }
            try board.wait("the board shows them") { try metric("bodydock_alarms", "spoolFull") == "1" }
            let dutch = try board.get("/leader?lang=nl").body
            for text in [
                "Hij liep 7 min achter", "Hij gaat nog 10,0 uur mee", "Mislukt: controle van de opslag",
                "Er is nog plaats voor 0 B",
            ] { #expect(dutch.contains(text), "\(text)") }
            for alarm in alarms {
                #expect(try metric("bodydock_alarms_unnoted", alarm.key.kind.rawValue) == "1")
                let noted = try TestDock.run([
                    "alarms", "--config", dock.configuration, "--acknowledge", alarm.key.text, "--by", "4712",
                ])
                #expect(noted.status == 0, "\(noted.errors)")
            }
            try board.wait("the board shows who knows") { try metric("bodydock_alarms_unnoted", "spoolFull") == "0" }
            // An answer to a team leader serves for a few seconds.
            try board.wait("the team leader sees who knows") { try board.get("/leader").body.contains("4712") }
            #expect(try !board.get("/api/v1/status").body.contains("4712"))
            try agent.wait("the webhook is told of that") { try told().values.joined().count == 8 }
        }

        // The causes are gone, while nobody looks.
        try configure(keepFree: "0 B")
        try outings(60, 6, hoursAgo: 60)
        try clock(off: 1, "LATE-2")
        try files.moveItem(atPath: dock.folder.at("object"), toPath: dock.vault + "/" + object)
        let agent = try RunningAgent(dock)
        try agent.wait("three are over, and the night is not") { try open(agent)?.map(\.key.kind) == [.nightFailed] }
        let night = try dock.nightly()
        #expect(night.status == 0, "\(night.errors)")
        try agent.wait("all are over") { try open(agent)?.isEmpty == true }
        try agent.wait("the webhook is told") { try told().values.joined().count == 12 }
        try board.wait("the board shows none") { try metric("bodydock_alarms", "nightFailed") == "0" }
        let way = ["raised", "acknowledged", "cleared"]
        #expect(
            try told()
                == ["batteryWorn", "clockDrift", "nightFailed", "spoolFull"].reduce(into: [:]) { all, kind in
                    all[kind] = way.map { "alarm.\($0)" }
                })
        let kept = try Ledger(path: dock.state, dock: "test", readOnly: true).alarmChanges(limit: 100)
        let changes = Dictionary(grouping: kept) { $0.alarm.key.kind }.mapValues { $0.map(\.change.rawValue) }
        #expect(changes.count == 4 && changes.values.allSatisfy { $0 == way }, "\(changes)")
    }

    /// This camera puts its wearer's badge into the names of its files, and is held for one of them: only a team leader reads that name.
    @Test func aBadgeInTheNameOfAFileIsForTheTeamLeaderAlone() throws {
        let options = ["--serial", "BWC7", "--wearer", "94711", "--bytes", "50 kB", "--break", "hash"]
        #expect(try dock.offload(dock.makeCamera("camera", options)).status == 2)
        try configure(keepFree: "0 B")
        let agent = try RunningAgent(dock)
        try agent.wait("it is missed") { try open(agent)?.map(\.key.text) == ["heldCamera:BWC7"] }
        #expect(try open(agent)?.first?.what.contains("_94711_") == true, "the camera is worth something")
        try board.wait("the board shows it") { try metric("bodydock_alarms", "heldCamera") == "1" }
        for path in ["/?lang=nl", "/?lang=en", "/api/v1/status", "/metrics"] {
            #expect(try !board.get(path).body.contains("94711"), "\(path)")
        }
        let events = try board.events("/api/v1/events")
        let event = try events.until("heldCamera") + events.until("\n\n")
        #expect(!event.contains("94711"))
        guard case .status(let told) = try ControlConnection(dock.folder.at("run/status.socket")).ask(.status) else {
            throw RigFailure("no status is told to the board")
        }
        #expect(String(decoding: try JSONEncoder().encode(told), as: UTF8.self).contains("94711") == false)
        for path in ["/leader?lang=nl", "/leader?lang=en"] {
            #expect(try board.get(path).body.contains("_94711_"), "\(path)")
        }
    }
}
