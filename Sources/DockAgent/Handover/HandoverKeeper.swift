import DockCore
import DockHandover
import DockLedger
import DockSystem
import Logging
import Synchronization

/// Keeps the alarms, and makes the reports of shifts. It works on the thread for errands; ``standing`` may be asked from any.
final class HandoverKeeper: Sendable {
    /// What is judged.
    struct Scene: Sendable {
        let resources: DockResources
        let bays: [BayStatus]
        let spool: SpoolStatus
        let vaults: [VaultStatus]
        /// Whether the agent has run long enough to know how its vaults are.
        let isSteady: Bool
    }

    /// What came of it.
    struct Outcome: Sendable {
        /// When it is to be judged again, by the dock's clock; nil if nothing waits for a moment.
        var next: Instant?
        /// Whether there is something to be brought to a vault.
        var hasRecords = false
        /// Minutes after midnight at which cameras are needed within a day, by serial number; nil if nobody could find out.
        var neededAt: [String: Int]?
    }

    private struct State {
        var alarms: Alarms
        var pool = CameraPool(members: [])
        /// Batteries as they were judged after a docking, by camera.
        var batteries: [String: (docking: String, reason: AlarmReason?)] = [:]
    }

    let outbox: Outbox
    private let state: Mutex<State>
    private let log: Logger

    /// Changes of alarms that are read at the start, at most.
    private static let memory = 20_000
    /// Times away by which a battery is judged.
    private static let outings = 60

    /// Begins with the alarms that were open when the agent ended.
    init(_ resources: DockResources, log: Logger) throws(DockError) {
        self.log = log
        outbox = Outbox(state: resources.configuration.state)
        state = Mutex(State(alarms: Alarms(try resources.ledger.alarmChanges(limit: HandoverKeeper.memory))))
    }

    /// The alarms that are open, and what is known of the cameras.
    var standing: (alarms: [Alarm], pool: CameraPool) { state.withLock { ($0.alarms.open, $0.pool) } }

    /// Judges everything anew: what became a reason for an alarm or is none any more, and what is to be reported.
    func settle(_ scene: Scene) -> Outcome {
        let (resources, desk) = (scene.resources, scene.resources.desk)
        let now = resources.clock()
        var outcome = Outcome()
        do throws(DockError) {
            let pool = try desk.pool(at: now)
            state.withLock { $0.pool = pool }
            let reasons = try reasons(scene, pool, now)
            change(resources) { alarms in reasons.flatMap { alarms.see($0.0, $0.1, at: now) } }
            let reporter = ShiftReporter(resources: resources, bays: scene.bays, outbox: outbox, log: log)
            outcome.hasRecords = try reporter.report(at: now)
            outcome.neededAt = desk.needs.minutes(from: now, desk.local)
            outcome.next = [desk.nextReport(after: now), try nextNight(resources, now)].compactMap { $0 }.min()
        } catch {
            log.error("shifts cannot be handed over: \(error)")
            outcome.next = now.adding(seconds: 600)
        }
        return outcome
    }

    /// Something about alarms is different: it is written down, said, and told.
    func change(_ resources: DockResources, _ body: (inout Alarms) -> [AlarmChange]) {
        var alarms = state.withLock { $0.alarms }
        let changes = body(&alarms)
        guard !changes.isEmpty else { return }
        for change in changes { AlarmLog.say(change, to: log) }
        let settings = resources.configuration
        do throws(DockError) {
            let now = resources.clock()
            if settings.handover.webhook != nil {
                for change in changes {
                    let key = change.alarm.key
                    let parts = [change.change.rawValue, key.kind.rawValue, key.subject, "\(change.alarm.raised)"]
                    try outbox.put(
                        Outbox.Message(
                            "alarm.\(change.change.rawValue)", of: parts, dock: settings.dock, at: now, change.alarm))
                }
            }
            _ = try resources.ledger.append(changes.map { .alarm($0) }, at: now)
        } catch {
            log.error("alarms cannot be kept: \(error)")
        }
        let open = alarms
        state.withLock { $0.alarms = open }
    }

    // MARK: Reasons

    private func reasons(
        _ scene: Scene, _ pool: CameraPool, _ now: Instant
    ) throws(DockError) -> [(Alarm.Kind, [AlarmReason])] {
        let desk = scene.resources.desk
        let ledger = scene.resources.ledger
        var latest: [Handover] = []
        for member in pool.members {
            guard let start = try ledger.latestDocking(camera: member.camera),
                let handover = try desk.handover(start.docking)
            else { continue }
            latest.append(handover)
        }
        let night = NightStanding(runs: try ledger.lastNight(), ledgerBegan: try ledger.began(), now: now)
        var reasons: [(Alarm.Kind, [AlarmReason])] = [
            (.overdueCamera, AlarmReason.overdue(pool.readiness(scene.bays, at: now, desk.local), desk.local)),
            (.heldCamera, AlarmReason.held(scene.bays) + AlarmReason.heldAway(latest, scene.bays)),
            (.spoolFull, AlarmReason.spool(scene.spool)),
            (.spoolDamaged, AlarmReason.damage(scene.spool.damaged ?? [])),
            (.nightFailed, AlarmReason.night(night)),
            (.clockDrift, AlarmReason.clocks(latest)), (.batteryWorn, try batteries(pool, latest, desk)),
            (.rosterWrong, AlarmReason.roster(desk.standing.problems)),
        ]
        if scene.isSteady { reasons.append((.vaultDown, AlarmReason.vaults(scene.vaults))) }
        return reasons
    }

    /// A battery is judged once after each docking.
    private func batteries(_ pool: CameraPool, _ latest: [Handover], _ desk: HandoverDesk) throws(DockError)
        -> [AlarmReason]
    {
        let longest = pool.plan.rules.map { Double(($0.time.until - $0.time.from + 1439) % 1440 + 1) / 60 }.max()
        var reasons: [AlarmReason] = []
        for handover in latest {
            let known = state.withLock { $0.batteries[handover.camera] }
            if let known, known.docking == handover.docking {
                if let reason = known.reason { reasons.append(reason) }
                continue
            }
            let dockings = try desk.ledger.dockings(camera: handover.camera, limit: HandoverKeeper.outings)
            let trend = BatteryTrend(
                dockings.compactMap { docking in
                    guard let taken = docking.taken, let before = docking.takenBattery, let after = docking.battery
                    else {
                        return nil
                    }
                    return BatteryTrend.Outing(
                        taken: before, returned: after, hours: docking.at.seconds(since: taken) / 3600)
                })
            let reason = trend.reason(handover.camera, title: handover.number ?? handover.camera, shift: longest)
            state.withLock { $0.batteries[handover.camera] = (handover.docking, reason) }
            if let reason { reasons.append(reason) }
        }
        return reasons
    }

    /// When a night is missed that does not come.
    private func nextNight(_ resources: DockResources, _ now: Instant) throws(DockError) -> Instant? {
        var last = try resources.ledger.lastNight().last?.ended
        if last == nil { last = try resources.ledger.began() }
        let due = last?.adding(seconds: NightStanding.patience + 1)
        return due.flatMap { $0 > now ? $0 : nil }
    }
}
