import DockCore
import DockHandover
import DockLedger
import DockSystem
import DockTestSupport
import Foundation
import Logging
import Synchronization

@testable import DockAgent

/// A dock with two shifts a day whose clock stands where a test puts it. What happened at it is written straight to its ledger.
final class HandoverBench {
    /// A clock that stands.
    final class Clock: Sendable {
        private let moment = Mutex(Instant(seconds: 0))
        var now: Instant { moment.withLock { $0 } }
        func set(_ moment: Instant) { self.moment.withLock { $0 = moment } }
    }

    static let grace = 1800.0
    static let plan = ShiftPlan([
        ShiftPlan.Rule(name: "early", days: Set(Weekday.allCases), time: DailyWindow(from: 420, until: 900)),
        ShiftPlan.Rule(name: "late", days: Set(Weekday.allCases), time: DailyWindow(from: 900, until: 1380)),
    ])
    /// The shift that is played; no clock is changed on its day.
    static let shift = plan.shift("early", on: CivilDate(days: 20_000), .system)!

    let dock: TestDock
    let clock = Clock()
    let webhook: WebhookSettings?
    private(set) var resources: DockResources
    private(set) var keeper: HandoverKeeper
    private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// - Parameter webhook: whom reports and alarms are told.
    init(webhook: WebhookSettings? = nil) throws {
        dock = try TestDock(isInMemory: true)
        self.webhook = webhook
        clock.set(HandoverBench.shift.start)
        resources = try HandoverBench.open(dock, webhook, clock)
        keeper = try HandoverKeeper(resources, log: log)
    }

    private static func open(_ dock: TestDock, _ webhook: WebhookSettings?, _ clock: Clock) throws -> DockResources {
        let configuration = Configuration(
            dock: "test", state: dock.state, spool: .init(path: dock.state + "/spool", keepFree: 0),
            recipients: [dock.recipient],
            vaults: [
                VaultSettings(name: "archive", confirm: .head, kind: .directory(path: dock.vault, mounted: false))
            ],
            release: ReleasePolicy(), cameras: ["A", "B"].map { RegisteredCamera(serial: $0) }, shifts: plan,
            handover: HandoverSettings(grace: grace, webhook: webhook))
        return try DockResources(configuration: configuration, profiles: []) { clock.now }
    }

    /// The agent is ended and started.
    func restart() throws {
        resources = try HandoverBench.open(dock, webhook, clock)
        keeper = try HandoverKeeper(resources, log: log)
    }

    /// Puts the clock so many minutes after the end of the shift.
    func set(_ minutes: Double) { clock.set(HandoverBench.shift.end.adding(seconds: minutes * 60)) }

    func write(_ events: LedgerEvent...) throws { _ = try resources.ledger.append(events, at: clock.now) }

    @discardableResult
    func settle(_ bays: [BayStatus] = []) -> HandoverKeeper.Outcome {
        keeper.settle(
            HandoverKeeper.Scene(
                resources: resources, bays: bays, spool: SpoolStatus(undelivered: 0, freeBytes: nil, keepFree: 0),
                vaults: [], isSteady: true))
    }

    var folder: ReportFolder { ReportFolder(state: dock.state) }
    func reports() throws -> [ShiftReport] {
        try folder.list(shift: "early", date: HandoverBench.shift.date).map { try folder.read($0) }
    }

    /// A camera comes back with one file.
    func came(_ camera: String, _ docking: String) throws {
        let start = DockingStarted(
            docking: docking, dock: "test", agent: "1", camera: CameraIdentity(serial: camera, source: .manifest),
            profile: "own", source: "/m", wearer: "4711", manifest: .bodydock, manifestDigest: nil, signature: .valid,
            cameraClock: nil, battery: 40, segments: 1, bytes: 1000)
        let digest = try SHA256Digest(hashing: Array(docking.utf8))
        let object = ObjectName(
            camera: camera, date: clock.now, recording: "R1", segment: "1.MP4".utf8, content: digest)
        let sealed = SealedSegment(
            id: String(digest.description.prefix(32)), plaintext: digest, plaintextBytes: 1000, bytes: 1200, parts: nil,
            object: object)
        try write(
            .dockingStarted(start),
            .sealed(
                SegmentSealed(
                    docking: docking, camera: camera, recording: "R1", path: try CameraPath("DCIM/1.MP4"),
                    role: .listed,
                    verification: .matchedManifest, modified: 0, sealed: sealed)))
    }

    /// What it brought is safe, and it is emptied.
    func isSafe(_ camera: String, _ docking: String) throws {
        let id = String(try SHA256Digest(hashing: Array(docking.utf8)).description.prefix(32))
        let receipt = Receipt(
            vault: "archive", sealing: id, key: "k", bytes: 1200, checksum: "inode:1", confirmation: .head,
            confirmed: clock.now)
        try write(
            .receipt(SegmentReceipt(docking: docking, camera: camera, receipt: receipt)),
            .dockingEnded(DockingEnded(docking: docking, camera: camera, outcome: .emptied)))
    }

    func took(_ camera: String, _ docking: String) throws {
        try write(.taken(CameraTaken(docking: docking, camera: camera, bay: "1", battery: 100, wasReady: true)))
    }
}
