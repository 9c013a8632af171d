import DockCore
import DockDelivery
import DockIntake
import DockLedger
import DockSeal
import DockSystem

/// Runs one docking: threads read, seal, write and deliver, and report here; the ``Docking`` decides; what it records is
/// durable before anything that follows from it is done.
final class OffloadRun {
    private var docking: Docking
    private let camera: OpenCamera
    private let resources: DockResources
    private let session: SpoolSession
    private let emptier: any CameraEmptier
    private let earlierReadings: EarlierReadings?
    private let opening: [LedgerEvent]
    private let lanes: [DeliveryLane]
    private let notify: @Sendable (OffloadNotice) -> Void
    private let reports = BoundedQueue<Report>(capacity: PipelineShape.reports)
    private let stop = StopFlag()
    private var workers: [Worker] = []
    private var laneWorkers: [Worker] = []
    /// Vaults that had an earlier sealing and cannot be asked now, by sealing.
    private var silent: [String: [String: DockError]] = [:]
    /// Where the sealed file of each sealing under way lies, until every vault has it.
    private var spooled: [String: String] = [:]
    private var outcome: DockingOutcome?
    private var safetyTold = Instant(milliseconds: 0)
    /// When the camera is needed next, as far as that was known when its docking began.
    private let neededAt: Instant?

    /// - Parameters:
    ///   - emptier: erases the camera when the docking permits it.
    ///   - earlierReadings: what need not be read again; nil if everything is.
    ///   - opening: what else is written down at the start.
    init(
        docking: Docking, camera: OpenCamera, resources: DockResources, session: SpoolSession,
        emptier: any CameraEmptier, earlierReadings: EarlierReadings? = nil, opening: [LedgerEvent] = [],
        notify: @escaping @Sendable (OffloadNotice) -> Void
    ) {
        self.docking = docking
        self.camera = camera
        self.resources = resources
        self.session = session
        self.emptier = emptier
        self.earlierReadings = earlierReadings
        self.opening = opening
        self.notify = notify
        neededAt = resources.desk.needs.next(
            camera.identity.serial, from: resources.clock(), resources.desk.local)
        lanes = resources.vaults.map { [reports, stop] vault in
            DeliveryLane(vault, givesUp: resources.gates == nil, stop: stop) { reports.send($0) }
        }
    }

    /// Takes what the docking is told from outside: that its camera is gone, that a person holds it, that the agent stops. From any
    /// thread; after the end it is ignored.
    var inbox: @Sendable (Report) -> Void {
        { [reports, stop] report in
            if case .stopped = report { stop.set() }
            reports.send(report)
        }
    }

    /// Runs to the end of the docking.
    func run() throws(DockError) -> (Docking, DockingOutcome) {
        defer { endThreads() }
        for lane in lanes { laneWorkers.append(Worker("vault") { lane.run() }) }
        var first = docking.handle(
            .inspected(plan: camera.plan, findings: camera.findings, recordings: camera.manifest.recordings))
        first.insert(contentsOf: opening.map { .record($0) }, at: min(1, first.count))
        try act(first)
        while outcome == nil, let first = reports.receive() {
            var batch = [first]
            while batch.count < PipelineShape.commitBatch, let next = reports.receiveIfReady() { batch.append(next) }
            try take(batch)
        }
        guard let outcome else { throw DockError.outOfReports }
        recordCustody()
        return (docking, outcome)
    }

    /// Makes the custody record of a docking that is over. The docking is what it is even if that fails: the next pass through the spool
    /// makes it.
    private func recordCustody() {
        do throws(DockError) {
            try CustodyKeeper(resources: resources).record(docking.name, in: session)
        } catch {
            notify(.recordDelayed(error))
        }
    }

    /// Takes in what the threads report: first everything sealed becomes durable, then the ledger says so, then the rest.
    private func take(_ batch: [Report]) throws(DockError) {
        let files = batch.compactMap { report in if case .sealed(_, _, _, let file) = report { file } else { nil } }
        if !files.isEmpty { try session.makeDurable(files) }
        try record(renewed: batch)
        var actions: [DockingAction] = []
        for report in batch {
            if case .sealed(_, _, let sealed, let file) = report { spooled[sealed.id] = file.path }
            if case .covered(_, _, let earlier) = report { note(earlier) }
            actions += docking.handle(report.event)
        }
        try act(actions)
        // Only now, when what every vault has is gone from the spool, does nothing more come free by these.
        session.move(-batch.count { $0.countsAsUnderWay })
        tellSafety()
    }

    /// Counting takes time in proportion to the files, so it is done once a second at most.
    private func tellSafety() {
        let now = resources.clock()
        guard outcome == nil, abs(now.seconds(since: safetyTold)) >= 1 else { return }
        safetyTold = now
        notify(.unsafe(bytes: docking.unsafeBytes))
    }

    /// A receipt that says something new is written down, so that its age counts from now on.
    private func record(renewed batch: [Report]) throws(DockError) {
        let entries = batch.flatMap { report in
            if case .covered(_, _, let earlier) = report { earlier.renewed } else { [Receipt]() }
        }.map {
            LedgerEvent.receipt(SegmentReceipt(docking: docking.name, camera: camera.identity.serial, receipt: $0))
        }
        if !entries.isEmpty { _ = try resources.ledger.append(entries, at: resources.clock()) }
    }

    /// Does what the docking asks for. All entries of the list are written first, in one transaction.
    private func act(_ actions: [DockingAction]) throws(DockError) {
        let entries = actions.compactMap { action in if case .record(let entry) = action { entry } else { nil } }
        // Sealed before the ledger has it: a crash leaves a certificate that is on its way, or none.
        let certificates = Result { () throws(DockError) in try sealCertificates(actions) }
        let attested = try attest(actions)
        if !entries.isEmpty {
            _ = try resources.ledger.append(attested + entries + certificates.orNone, at: resources.clock())
        }
        if case .failure(let error) = certificates { throw error }
        for entry in entries { if case .finding(let noted) = entry { notify(.finding(noted.finding)) } }
        var next: [DockingAction] = []
        for action in actions {
            switch action {
            case .record: break
            case .read: try startReading()
            case .deliver(let index, let sealed, let names): next += deliver(index, sealed, names)
            case .unspool(let sealed): try unspool(sealed)
            case .relist: next += docking.handle(.relisted(differences: camera.relist(), at: resources.clock()))
            case .erase(let permit): next += try erase(permit)
            case .deliverRecord, .attest: break
            case .close(let outcome): self.outcome = outcome
            }
        }
        if !next.isEmpty { try act(next) }
    }

    private func startReading() throws(DockError) {
        let clearQueue = BoundedQueue<ClearMessage>(capacity: PipelineShape.clearBuffers * 2)
        let sealedQueue = BoundedQueue<SealedMessage>(capacity: PipelineShape.sealedBuffers * 2)
        let clear = try BufferPool(count: PipelineShape.clearBuffers, size: PipelineShape.clearSize, isSecret: true)
        let sealed = try BufferPool(count: PipelineShape.sealedBuffers, size: PipelineShape.sealedSize, isSecret: false)
        let report: @Sendable (Report) -> Void = { [reports] in reports.send($0) }
        let earlier = EarlierSealings(
            camera: camera.identity.serial, ledger: resources.ledger, spool: resources.spool,
            vaults: resources.vaults, readings: earlierReadings, tell: { report(.found($0)) })
        let reader = ReadStage(
            volume: camera.volume, plan: camera.plan, manifest: camera.manifest.kind, earlier: earlier,
            output: clearQueue, clear: clear, spool: session,
            meter: ProgressMeter(plan: camera.plan, clock: resources.clock) { [notify] in notify(.progress($0)) },
            stop: stop, report: report)
        let sealer = SealStage(
            recipients: resources.recipients, input: clearQueue, output: sealedQueue, clear: clear, sealed: sealed)
        let writer = WriteStage(
            camera: camera.identity.serial, fallbackDate: resources.clock(),
            hashesParts: resources.vaults.contains { $0.needsPartDigests },
            input: sealedQueue, sealed: sealed, spool: session, stop: stop,
            report: report)
        workers.append(Worker("read") { reader.run() })
        workers.append(Worker("seal") { sealer.run() })
        workers.append(Worker("write") { writer.run() })
    }

    private func note(_ earlier: EarlierSealings.Found) {
        spooled[earlier.sealed.id] = earlier.spooled
        if !earlier.silent.isEmpty { silent[earlier.sealed.id] = earlier.silent }
    }

    /// Hands a sealed segment to the lanes of the vaults. A vault that has it from an earlier run but cannot be asked is
    /// not sent it again: it counts as undelivered until it answers.
    private func deliver(_ index: Int, _ sealed: SealedSegment, _ names: [String]) -> [DockingAction] {
        var actions: [DockingAction] = []
        for lane in lanes where names.contains(lane.vault.name) {
            if let error = silent[sealed.id]?[lane.vault.name] {
                actions += docking.handle(.undelivered(index, vault: lane.vault.name, error))
            } else if let path = spooled[sealed.id] {
                session.move(1)
                let rank = DeliveryRank(isFlagged: camera.plan[index].isFlagged, neededAt: neededAt)
                lane.deliver(index, Consignment(sealed: sealed, file: path, rank: rank, isChecked: true))
            } else {
                // Cannot be, by what EarlierSealings answers; but a vault that is never asked would be waited for forever.
                actions += docking.handle(.undelivered(index, vault: lane.vault.name, DockError.notSpooled(sealed)))
            }
        }
        return actions
    }

    private func unspool(_ sealed: SealedSegment) throws(DockError) {
        guard let path = spooled.removeValue(forKey: sealed.id) else { return }
        try session.remove(path)
    }

    private func erase(_ permit: ErasePermit) throws(DockError) -> [DockingAction] {
        notify(.erasing(files: permit.files.count, bytes: permit.bytes))
        let emptied: Emptied
        do throws(DockError) {
            emptied = try emptier.empty(
                permit,
                record: { event throws(DockError) in
                    _ = try resources.ledger.append([event], at: resources.clock())
                }, progress: { [notify] in notify(.emptying($0)) })
        } catch {
            return docking.handle(.eraseFailed(error))
        }
        return docking.handle(
            .erased(count: emptied.erased, left: emptied.left, certificate: emptied.certificate))
    }

    /// Signs what was taken in. Without a signature nothing that follows is done: the camera keeps its footage.
    private func attest(_ actions: [DockingAction]) throws(DockError) -> [LedgerEvent] {
        var entries: [LedgerEvent] = []
        for case .attest(let statement) in actions {
            entries.append(.coverage(try resources.signer.attest(statement)))
        }
        return entries
    }

    /// Seals certificates into the spool. Their delivery is not waited for: the camera is empty already.
    private func sealCertificates(_ actions: [DockingAction]) throws(DockError) -> [LedgerEvent] {
        var entries: [LedgerEvent] = []
        for case .deliverRecord(let certificate) in actions {
            entries += try RecordSealing(resources: resources, session: session).seal([DockRecord(certificate)])
        }
        return entries
    }

    /// Lanes that still send, of a docking that pauses, are not waited for: what they store is asked for anew when it goes on.
    private func endThreads() {
        stop.set()
        for lane in lanes { lane.close() }
        reports.close()
        for worker in workers { worker.join() }
        if outcome?.canGoOn != true { for worker in laneWorkers { worker.join() } }
    }
}

extension Report {
    /// Whether it was counted by ``SpoolSession/move(_:)`` until now: a sealed file that is now with the lanes (which count
    /// for themselves), or an answer that a lane was waited for.
    fileprivate var countsAsUnderWay: Bool {
        switch self {
        case .sealed, .receipt, .undelivered: true
        case .covered, .failed, .found, .cameraLost, .stopped: false
        }
    }

    /// The event that the docking is told.
    fileprivate var event: DockingEvent {
        switch self {
        case .sealed(let index, let evidence, let sealed, _): .sealed(index, evidence, sealed)
        case .covered(let index, let evidence, let earlier): .covered(index, evidence, earlier.sealed, earlier.receipts)
        case .failed(let index, let error): .failed(index, error)
        case .found(let finding): .found(finding)
        case .cameraLost(let error): .cameraLost(error)
        case .stopped: .stopped
        case .receipt(let index, let receipt): .receipt(index, receipt)
        case .undelivered(let index, let vault, let error): .undelivered(index, vault: vault, error)
        }
    }
}

extension Result<[LedgerEvent], DockError> {
    fileprivate var orNone: [LedgerEvent] { if case .success(let entries) = self { entries } else { [] } }
}

extension DockError {
    fileprivate static func notSpooled(_ sealed: SealedSegment) -> DockError {
        DockError(
            .corrupt, "cannot deliver a segment", at: sealed.object.text,
            because: "its sealed file is not in the spool",
            next: "the camera keeps its footage; run again, and report this as a defect of Bodydock")
    }

    fileprivate static var outOfReports: DockError {
        DockError(
            .corrupt, "cannot end a docking", at: "the offload", because: "all threads ended without a decision",
            next: "the camera keeps its footage; report this as a defect of Bodydock")
    }
}
