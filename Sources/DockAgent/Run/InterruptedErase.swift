import DockCore
import DockDevices
import DockIntake
import DockLedger
import DockSystem

/// An erase that broke off in the middle of a volume's blocks: the marker on the medium and the ledger's record of it together
/// say that what the erase left there may be destroyed. What came there since may not.
struct InterruptedErase {
    /// What became of it.
    enum Answer: Equatable {
        /// There was none, or only its marker was left.
        case nothingLeft
        /// It was taken to its end.
        case finished(RunResult)
        /// Something else lies on the medium by now: it goes the whole way, as any camera does.
        case overtaken
    }

    let run: CameraRun
    let node: BlockNode
    /// The file system on it, if there is one.
    let facts: FileSystemFacts?
    let marker: EraseMarker
    let control: RunControl

    private var resources: DockResources { run.resources }

    /// Takes it to its end, if nothing else lies on the medium.
    func finish() throws(DockError) -> Answer {
        guard let (start, began) = try record() else {
            try EraseMarker.clear(from: BlockVolume.open(node, forWriting: true))
            try KeepsakeFile(state: resources.configuration.state, docking: marker.docking).remove()
            return .nothingLeft
        }
        guard began.medium.usb == run.order.device.usb,
            let permit = FormatPermit(
                resuming: began, docking: marker.docking, marker: marker.nonce, volumeBytes: run.order.volume.bytes)
        else { throw foreign("its marker and the ledger do not say the same") }
        let lock = try CameraLock(began.camera, state: resources.configuration.state)
        defer { withExtendedLifetime(lock) {} }
        let site = CameraSite(
            resources: resources, node: node, medium: began.medium,
            folder: "\(resources.configuration.agent.mounts)/\(run.order.token)",
            shouldStop: { [control] in control.isStopping })
        let keepsakes = try KeepsakeFile(state: resources.configuration.state, docking: began.docking).load()
        guard try isAsLeft(site, began, start, keepsakes) else { return .overtaken }
        run.identified(
            IdentifiedCamera(
                camera: began.camera, docking: began.docking, wearer: start.wearer,
                battery: start.battery.map { BatteryReading(percent: $0, source: .manifest) },
                curve: profile(start)?.care.charge))
        run.progress(.erasing)
        try complete(permit, start, site, keepsakes)
        run.progress(.releasing)
        let steps = try CameraRelease(run: run, site: site, docking: began.docking, camera: began.camera)
            .finish(provision: nil)
        let deep = profile(start).flatMap { resources.configuration.deepErase($0) }
        return .finished(.docked(.emptied, needsDeepErase: deep != nil && deep != began.method, steps: steps))
    }

    /// Whether nothing lies on the medium but what the erase left. As long as the plug was not pulled, nobody else can have
    /// written to it.
    private func isAsLeft(
        _ site: CameraSite, _ began: FormatBegan, _ start: DockingStarted, _ keepsakes: Keepsakes
    ) throws(DockError) -> Bool {
        let latest = try resources.ledger.latestDockingState(camera: began.camera)
        if latest?.start.docking == began.docking, latest?.visit?.attachment == run.attachment { return true }
        let remains = EraseRemains(
            site: site, facts: facts, seenType: run.order.volume.type, began: began, keepsakes: keepsakes,
            provisioned: Set((profile(start)?.care.provision ?? []).map { $0.path.folded }))
        return try remains.areAlone()
    }

    /// What the ledger says of the erase; nil if it says that it was completed.
    private func record() throws(DockError) -> (DockingStarted, FormatBegan)? {
        guard let found = try resources.ledger.format(docking: marker.docking, marker: marker.nonce) else {
            throw foreign("this dock's ledger knows nothing of it")
        }
        return found.isCompleted ? nil : (found.start, found.began)
    }

    private func complete(
        _ permit: FormatPermit, _ start: DockingStarted, _ site: CameraSite, _ keepsakes: Keepsakes
    ) throws(DockError) {
        let began = permit.began
        let visit = Visit(
            bay: run.order.bay, port: run.order.device.port, attachment: run.attachment, medium: began.medium)
        try append([
            .dockingResumed(
                DockingResumed(
                    docking: began.docking, camera: began.camera, agent: Offload.version, visit: visit, segments: 0,
                    bytes: 0))
        ])
        let provision = Provision(
            files: profile(start)?.care.provision ?? [],
            value: ProvisionValues(resources, camera: began.camera, wearer: start.wearer).value)
        let certificate = try VolumeFormat(site: site, permit: permit, keepsakes: keepsakes, provision: provision).run(
            record: { event throws(DockError) in try append([event]) },
            progress: { [run] in run.progress(.erasing, $0) })
        let session = try resources.spool.begin(docking: began.docking)
        let sealed = try RecordSealing(resources: resources, session: session).seal([DockRecord(certificate)])
        try append(
            [
                .erased(
                    ErasureEnded(docking: began.docking, camera: began.camera, erased: began.files, left: [])),
                .certificate(certificate),
            ] + sealed + [
                .dockingEnded(DockingEnded(docking: began.docking, camera: began.camera, outcome: .emptied))
            ])
        // If this fails, the next pass through the spool makes it, and says why it cannot.
        do throws(DockError) {
            try CustodyKeeper(resources: resources).record(began.docking, in: session)
        } catch { return }
    }

    private func append(_ events: [LedgerEvent]) throws(DockError) {
        _ = try resources.ledger.append(events, at: resources.clock())
    }

    private func profile(_ start: DockingStarted) -> CameraProfile? {
        resources.profiles.first { $0.name == start.profile }
    }

    private func foreign(_ why: String) -> DockError {
        DockError(
            .conflict, "cannot take up an erase that broke off on this card", at: node.path, because: why,
            next: "dock it where its erase began (docking \(marker.docking)), or give it a new file system by hand")
    }
}
