/// One visit of one camera: decides, from what happened so far, what is to be done next. No I/O, no clock: the same events
/// give the same actions.
///
/// ```
/// inspecting → reading and delivering → relisting → erasing → closed
/// ```
/// An event out of order never traps: it is ignored if it says nothing new, and holds the camera if it contradicts what is
/// known.
public struct Docking: Sendable {
    enum Phase: Sendable, Equatable { case inspecting, working, relisting, erasing, closed }

    /// What must be known to begin.
    public struct Terms: Sendable {
        /// What is written down at the start. Its counts are filled in from the plan.
        public var start: DockingStarted
        /// Names of all configured vaults; at most 64.
        public var vaults: [String]
        /// When the camera may be emptied.
        public var policy: ReleasePolicy
        /// Whether the footage stays on the camera whatever the policy says.
        public var keep: Bool
        /// The docking was begun before, and goes on: this is what is written down instead of a start. Its counts are filled in.
        public var resumed: DockingResumed?
        /// Whether somebody will take the docking up again: then what is not complete is a pause, not an end.
        public var canPause: Bool
        /// Findings that are on record for this docking already; they count, and are not written again.
        public var recorded: Set<Finding>

        /// Takes all values.
        public init(
            start: DockingStarted, vaults: [String], policy: ReleasePolicy, keep: Bool,
            resumed: DockingResumed? = nil, canPause: Bool = false, recorded: Set<Finding> = []
        ) {
            self.start = start
            self.vaults = vaults
            self.policy = policy
            self.keep = keep
            self.resumed = resumed
            self.canPause = canPause
            self.recorded = recorded
        }
    }

    /// What the erase of this docking was certified as; nil if there was none, or none that emptied the volume.
    public private(set) var certificate: ErasureCertificate?
    let terms: Terms
    var phase = Phase.inspecting
    var segments: [SegmentProgress] = []
    /// What the camera lists.
    var recordings: [Recording] = []
    /// Segments that are not read yet, or for which some vault has not answered yet.
    var unsettled = 0
    /// What was found before there was a start that it could be written after.
    var early: [Finding] = []
    /// Everything found so far, in order.
    public internal(set) var findings: [Finding] = []
    /// Why the camera is held; empty if it is not.
    public internal(set) var holds: [String] = []
    /// Why it closed before everything was done, in values; empty before, and if everything is.
    public private(set) var causes: [Cause] = []
    /// Why delivery is not complete, a reason for each vault.
    var undelivered: [String: (count: Int, reason: String)] = [:]

    /// A docking that has not begun.
    public init(_ terms: Terms) {
        var terms = terms
        terms.vaults = Array(terms.vaults.prefix(VaultSet.most))
        self.terms = terms
    }

    /// Takes in what happened and answers what is to be done.
    public mutating func handle(_ event: DockingEvent) -> [DockingAction] {
        if phase == .closed { return [] }
        switch event {
        case .inspected(let plan, let findings, let recordings):
            return inspected(plan, findings, recordings)
        case .found(let finding): return note(finding)
        case .sealed(let index, let evidence, let sealed):
            return took(index, evidence, sealed, receipts: [], isNew: true)
        case .covered(let index, let evidence, let sealed, let receipts):
            return took(index, evidence, sealed, receipts: receipts, isNew: false)
        case .failed(let index, let error): return failed(index, error)
        case .cameraLost(let error): return lost(error)
        case .receipt(let index, let receipt): return received(index, receipt)
        case .undelivered(let index, let vault, let error): return missed(index, vault, error)
        case .relisted(let differences, let now): return relisted(differences, now)
        case .erased(let count, let left, let certificate): return erased(count, left, certificate)
        case .eraseFailed(let error): return eraseFailed(error)
        case .stopped: return stopped()
        }
    }

    private mutating func inspected(
        _ plan: [PlannedSegment], _ findings: [Finding], _ recordings: [Recording]
    ) -> [DockingAction] {
        guard phase == .inspecting else { return contradiction("the camera was inspected twice") }
        phase = .working
        segments = plan.map(SegmentProgress.init)
        self.recordings = recordings
        unsettled = plan.count
        let bytes = plan.reduce(0) { $0 &+ $1.file.identity.size }
        var actions: [DockingAction] = [.record(opening(segments: plan.count, bytes: bytes))]
        for finding in early + findings { actions += note(finding) }
        return actions + [.read] + settleIfDone()
    }

    private func opening(segments: Int, bytes: Int64) -> LedgerEvent {
        if var resumed = terms.resumed {
            (resumed.segments, resumed.bytes) = (segments, bytes)
            return .dockingResumed(resumed)
        }
        var start = terms.start
        (start.segments, start.bytes) = (segments, bytes)
        return .dockingStarted(start)
    }

    /// Notes a finding, and holds the camera if it says so.
    mutating func note(_ finding: Finding) -> [DockingAction] {
        guard phase != .inspecting else {
            if !early.contains(finding) { early.append(finding) }
            return []
        }
        guard !findings.contains(finding) || findings.count > 1000 else { return [] }
        findings.append(finding)
        if finding.holds { holds.append(finding.description) }
        if terms.recorded.contains(finding) { return [] }
        return [.record(.finding(FindingNoted(docking: terms.start.docking, camera: camera, finding: finding)))]
    }

    mutating func contradiction(_ message: String, about index: Int? = nil) -> [DockingAction] {
        let planned = index.map { segments[$0].planned }
        return note(
            Finding(
                .contradiction, recording: planned?.recording, path: planned?.file.path, holds: true,
                "\(message): the program's own records disagree; keep the camera and report this"))
    }

    /// The docking's name.
    public var name: String { terms.start.docking }

    var camera: String { terms.start.camera.serial }

    /// The end of reading and delivering: look at the camera once more, or say why not.
    mutating func settleIfDone() -> [DockingAction] {
        guard phase == .working, unsettled == 0 else { return [] }
        phase = .relisting
        return [.relist]
    }

    private mutating func relisted(_ differences: [Finding], _ now: Instant) -> [DockingAction] {
        guard phase == .relisting else { return contradiction("the camera was listed again before its time") }
        if terms.canPause, let gone = differences.first(where: { $0.code == .cameraGone }) {
            return close(.interrupted(reasons: [gone.message]), [Cause(gone)])
        }
        let noted = differences.flatMap { note($0) }
        // Said while the camera holds the original: what comes after this may destroy it.
        let stated = noted + [.attest(coverage(at: now))]
        if !holds.isEmpty { return stated + close(.held(reasons: holds + deliveryReasons)) }
        guard segments.allSatisfy({ $0.isSafe(terms.requirement) }) else {
            return stated + close(.incomplete(reasons: deliveryReasons))
        }
        if terms.keep || terms.policy.erase == .later { return stated + close(.kept) }
        if let until = coolsUntil, until > now { return noted + close(.cooling(until: until)) }
        return stated + permitErase()
    }

    /// When every required receipt of every segment is old enough; nil if nobody asks for that, or nothing was there to deliver.
    private var coolsUntil: Instant? {
        guard terms.policy.coolOff > 0 else { return nil }
        return segments.compactMap(\.safeSince).max()?.adding(seconds: terms.policy.coolOff)
    }

    private mutating func permitErase() -> [DockingAction] {
        phase = .erasing
        let covered = segments.compactMap { $0.erasable }
        // Cannot differ after isSafe; if it did, erasing would be the one unforgivable bug.
        guard covered.count == segments.count else {
            let noted = contradiction("a segment counts as safe without evidence")
            return noted + close(.held(reasons: holds))
        }
        let files = covered.filter { $0.role != .manifest } + covered.filter { $0.role == .manifest }
        let vaults = terms.vaults.enumerated().filter { item in segments.allSatisfy { $0.holders.contains(item.offset) }
        }
        let permit = ErasePermit(
            docking: terms.start.docking, camera: camera, vaults: vaults.map(\.element), files: files)
        let entry = ErasePermitted(
            docking: permit.docking, camera: camera, files: files.count, bytes: permit.bytes, vaults: permit.vaults)
        return [.record(.erasePermitted(entry)), .erase(permit)]
    }

    private mutating func erased(
        _ count: Int, _ left: [LeftFile], _ certificate: ErasureCertificate?
    ) -> [DockingAction] {
        guard phase == .erasing else { return contradiction("an erase was reported that nobody permitted") }
        self.certificate = certificate
        let entry = ErasureEnded(
            docking: terms.start.docking, camera: camera, erased: count, left: Array(left.prefix(100)))
        let reasons = left.prefix(100).map { "\($0.path): left on the camera: \($0.reason)" }
        let certified = certificate.map { [DockingAction.record(.certificate($0)), .deliverRecord($0)] } ?? []
        let outcome = left.isEmpty ? DockingOutcome.emptied : .held(reasons: holds + reasons)
        let causes = left.prefix(Cause.most).map { Cause(.state(.leftOnCamera), path: $0.path) }
        return [.record(.erased(entry))] + certified + close(outcome, causes)
    }

    /// No entry says that the erase ended: the next docking recognises by its permit what is gone.
    private mutating func eraseFailed(_ error: DockError) -> [DockingAction] {
        guard phase == .erasing else { return contradiction("an erase failed that nobody permitted") }
        let broke = Cause(.state(.eraseBroke))
        if terms.canPause, [.disconnected, .stopped].contains(error.code) {
            return close(.interrupted(reasons: ["the erase broke off: \(error.description)"]), [broke])
        }
        return close(.held(reasons: holds + ["the erase broke off: \(error.description)"]), [broke])
    }

    /// The agent stops. What is sealed is durable, and what is not read yet is on the camera.
    private mutating func stopped() -> [DockingAction] {
        let outcome = DockingOutcome.interrupted(reasons: ["the agent was stopped"])
        switch phase {
        case .working, .relisting: return close(outcome, [Cause(.state(.agentStopped))])
        case .inspecting:
            // Nothing was begun, so nothing is written: a docking that had paused still pauses.
            phase = .closed
            return [.close(outcome)]
        // An erase that is under way says itself how far it came.
        case .erasing, .closed: return []
        }
    }

    /// - Parameter more: causes that are neither findings nor about delivery.
    mutating func close(_ outcome: DockingOutcome, _ more: [Cause] = []) -> [DockingAction] {
        phase = .closed
        causes = Array((known(outcome) + more).prefix(Cause.most))
        if terms.canPause, outcome.canGoOn {
            let pause = DockingPaused(docking: terms.start.docking, camera: camera, outcome: outcome, causes: causes)
            return [.record(.dockingPaused(pause)), .close(outcome)]
        }
        let entry = DockingEnded(docking: terms.start.docking, camera: camera, outcome: outcome, causes: causes)
        return [.record(.dockingEnded(entry)), .close(outcome)]
    }

    /// The causes of an outcome that are known from before.
    private func known(_ outcome: DockingOutcome) -> [Cause] {
        let delivery = undelivered.sorted { $0.key < $1.key }.map { vault, failure in
            vault == Docking.spool
                ? Cause(.state(.notSealed), count: failure.count)
                : Cause(.state(.undelivered), vault: vault, count: failure.count)
        }
        switch outcome {
        case .held: return findings.filter(\.holds).map { Cause($0) } + delivery
        case .incomplete: return delivery
        case .emptied, .kept, .cooling, .interrupted: return []
        }
    }

    /// What stands for a vault where it was the spool that had no room.
    static let spool = "(spool)"

    private var deliveryReasons: [String] {
        undelivered.sorted { $0.key < $1.key }.map { vault, failure in
            "vault \(vault): \(failure.count) segments not delivered: \(failure.reason)"
        }
    }
}
