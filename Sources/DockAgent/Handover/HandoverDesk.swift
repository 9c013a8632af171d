import DockCore
import DockHandover
import DockLedger
import DockSystem
import Synchronization

/// Gathers what handovers are made of: configuration, roster and ledger. It changes nothing.
public final class HandoverDesk: Sendable {
    let configuration: Configuration
    let ledger: Ledger
    let roster: RosterFile?
    let local: LocalClock
    /// Dockings that are over and safe: nothing about them changes any more.
    private let settled = Mutex<[String: Told]>([:])

    private struct Told {
        var handover: Handover
        var pace: OffloadPace.Sample?
    }

    /// Seconds in which a camera that is not listed counts as one of the dock's.
    static let reach = 14 * 86_400.0
    /// Dockings that are looked at, at most.
    private static let most = 3000
    /// Dockings by which it is told how fast cameras are dealt with.
    private static let telling = 10

    /// - Parameter predecessor: of the configuration before: as long as the new roster cannot be used, its last good one stays.
    public init(
        _ configuration: Configuration, ledger: Ledger, after predecessor: HandoverDesk? = nil,
        local: LocalClock = .system
    ) {
        self.configuration = configuration
        self.ledger = ledger
        self.local = local
        let isSame = predecessor?.configuration.roster == configuration.roster
        roster = isSame ? predecessor?.roster : configuration.roster.map { RosterFile($0) }
    }

    /// Who wears what, and what is wrong with the file that says so.
    var standing: RosterFile.Standing {
        roster?.standing(configuration.shifts, cameras: Set(configuration.cameras.map(\.serial))) ?? .init()
    }

    /// When cameras are needed.
    var needs: CameraNeeds {
        CameraNeeds(configuration.cameras, roster: standing.roster, plan: configuration.shifts, local)
    }

    /// The cameras, and what is known of them.
    func pool(at now: Instant) throws(DockError) -> CameraPool {
        let recent = try ledger.dockings(since: now.adding(seconds: -HandoverDesk.reach), limit: HandoverDesk.most)
        var uses: [String: Int] = [:]
        for docking in recent { uses[docking.camera, default: 0] += 1 }
        let listed = configuration.cameras
        let known = Set(listed.map(\.serial))
        let others = uses.keys.filter { !known.contains($0) }.sorted().map { RegisteredCamera(serial: $0) }
        let members = try (listed + others).map { camera throws(DockError) in
            let history = try ledger.history(camera: camera.serial)
            return CameraPool.Member(
                camera.serial, number: camera.number, team: camera.team, lastSeen: history.lastSeen,
                taken: history.taken, wearer: history.wearer, uses: uses[camera.serial] ?? 0)
        }
        let samples = try recent.suffix(HandoverDesk.telling).map { docking throws(DockError) in
            try told(docking.docking)?.pace
        }.compactMap { $0 }
        return CameraPool(
            members: members, plan: configuration.shifts, roster: standing.roster.around(local.day(at: now)),
            grace: configuration.handover.grace,
            pace: OffloadPace(samples, coolOff: configuration.release.coolOff))
    }

    /// The handover of a docking; nil if it never began.
    public func handover(_ docking: String) throws(DockError) -> Handover? { try told(docking)?.handover }

    /// What counts of a docking for the history; nil if it never began.
    func sample(_ docking: String) throws(DockError) -> HistoryDay.Sample? {
        try tell(docking).map { told in
            HistoryDay.Sample(told.handover, safeAfter: told.handover.ended == nil ? nil : told.pace?.seconds)
        }
    }

    private func told(_ docking: String) throws(DockError) -> Told? {
        if let known = settled.withLock({ $0[docking] }) { return known }
        guard let told = try tell(docking) else { return nil }
        if told.handover.ended != nil, told.handover.safety.isComplete {
            settled.withLock { settled in
                if settled.count >= HandoverDesk.most { settled = [:] }
                settled[docking] = told
            }
        }
        return told
    }

    private func tell(_ docking: String) throws(DockError) -> Told? {
        let story = try ledger.handover(
            docking: docking, configuration.release.require, vaults: configuration.vaults.map(\.name))
        guard let story, let plain = story.told(camera: nil) else { return nil }
        let camera = configuration.cameras.first { $0.serial == plain.camera }
        guard let handover = story.told(camera: camera) else { return nil }
        return Told(handover: handover, pace: story.pace)
    }

    /// The report of a shift, as it stands.
    /// - Parameters:
    ///   - edition: which one it is; 0 for one that is not kept.
    ///   - bays: what all bays show.
    ///   - now: by the dock's clock.
    public func report(of shift: Shift, edition: Int, bays: [BayStatus], at now: Instant) throws(DockError)
        -> ShiftReport
    {
        let pool = try pool(at: now)
        let dockings = try ledger.dockings(since: shift.start, limit: HandoverDesk.most)
        var handovers: [(handover: Handover, taken: Instant?)] = []
        for docking in dockings {
            if let handover = try handover(docking.docking) { handovers.append((handover, docking.taken)) }
        }
        let material = ShiftReport.Material(
            dock: configuration.dock, agent: Offload.version, handovers: handovers, pool: pool,
            cameras: pool.readiness(bays, at: now, local))
        return ShiftReport(of: shift, edition: edition, from: material, at: now, local)
    }

    /// When the next report is due; nil if there is no shift within a week.
    func nextReport(after now: Instant) -> Instant? {
        let grace = configuration.handover.grace
        let next = configuration.shifts.ended(
            after: now.adding(seconds: -grace), upTo: now.adding(seconds: 8 * 86_400), local)
        return next.first?.end.adding(seconds: grace)
    }

    /// The shift that people mean: of this name, or any; on this day, or the last that has ended.
    public func shift(_ name: String?, on date: CivilDate?, at now: Instant) -> Shift? {
        let plan = configuration.shifts
        if let date {
            return plan.shifts(on: date, local).last { (name ?? $0.name) == $0.name }
        }
        return plan.ended(after: now.adding(seconds: -8 * 86_400), upTo: now, local).last {
            (name ?? $0.name) == $0.name
        }
    }
}
