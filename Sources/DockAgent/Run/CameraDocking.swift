import DockCore
import DockDevices
import DockIntake
import DockLedger
import DockSystem
import Synchronization

/// The docking of a camera that is let in and mounted: new, or one that goes on.
struct CameraDocking {
    let run: CameraRun
    let site: CameraSite
    let mount: CameraMount
    let camera: OpenCamera
    let control: RunControl
    /// An erase had broken off on it, and since then somebody else wrote to it.
    let wasUsedSinceErase: Bool

    private var resources: DockResources { run.resources }
    private var serial: String { camera.identity.serial }

    /// Runs to the end, or to a pause.
    func run(seen: Instant) throws(DockError) -> RunResult {
        let lock = try CameraLock(serial, state: resources.configuration.state)
        defer { withExtendedLifetime(lock) {} }
        let visit = Visit(
            bay: run.order.bay, port: run.order.device.port, attachment: run.attachment, medium: site.medium)
        let latest = try resources.ledger.latestDockingState(camera: serial)
        let wasCutOff = try !resources.ledger.pathsOfInterruptedErase(camera: serial).isEmpty
        let goesOn = latest.map { continues($0, visit) } ?? false
        let id = goesOn ? latest?.start.docking ?? "" : try resources.newDocking(at: resources.clock())
        let battery = try battery()
        run.identified(
            IdentifiedCamera(
                camera: serial, docking: id, wearer: camera.wearer, battery: battery, curve: camera.profile.care.charge)
        )
        let start = start(id, visit, battery)
        let terms = terms(start, visit, goesOn ? latest : nil)
        let offload = try offload(terms, latest, goesOn: goesOn, wasCutOff: wasCutOff, visit, seen)
        control.attach(offload.inbox)
        run.progress(.reading)
        let (docking, outcome) = try offload.run()
        if case .cooling(let until) = outcome {
            return .cooling(until: until, seconds: max(0, until.seconds(since: resources.clock())))
        }
        guard outcome == .emptied else {
            return .docked(outcome, needsDeepErase: false, steps: [], causes: docking.causes)
        }
        run.progress(.releasing)
        try camera.volume.letGo()
        try mount.unmount()
        // A new file system came with what the profile wants to be there.
        let isLeft = docking.certificate?.newFileSystem != true && !provision.files.isEmpty
        let steps = try CameraRelease(run: run, site: site, docking: id, camera: serial)
            .finish(provision: isLeft ? provision : nil)
        return .docked(outcome, needsDeepErase: needsDeepErase(wasCutOff), steps: steps)
    }

    /// Whether this is the same visit: the plug was never pulled, or the agent's bays still wait for this docking, or it was cut
    /// off in this bay and never ended.
    private func continues(_ latest: LatestDocking, _ visit: Visit) -> Bool {
        guard latest.visit != nil else { return false }
        if latest.visit?.attachment == visit.attachment { return true }
        if run.order.continues == latest.start.docking { return true }
        return !latest.isEnded && latest.visit?.bay == visit.bay
    }

    private func start(_ id: String, _ visit: Visit, _ battery: BatteryReading?) -> DockingStarted {
        var start = camera.start(
            docking: id, agent: Offload.version, source: site.node.path, resources.configuration)
        start.visit = visit
        if let battery { start.battery = battery.percent }
        return start
    }

    private func terms(_ start: DockingStarted, _ visit: Visit, _ latest: LatestDocking?) -> Docking.Terms {
        var policy = resources.configuration.release
        if run.order.purpose != .offload { policy.erase = .now }
        let resumed = latest.map { _ in
            DockingResumed(
                docking: start.docking, camera: serial, agent: Offload.version, visit: visit, segments: 0, bytes: 0)
        }
        return Docking.Terms(
            start: start, vaults: resources.vaults.map(\.name), policy: policy, keep: false, resumed: resumed,
            canPause: true, recorded: latest?.findings ?? [])
    }

    private func offload(
        _ terms: Docking.Terms, _ latest: LatestDocking?, goesOn: Bool, wasCutOff: Bool, _ visit: Visit,
        _ seen: Instant
    ) throws(DockError) -> OffloadRun {
        let id = terms.start.docking
        let isSame = goesOn && latest?.visit?.attachment == visit.attachment
        let digest = camera.manifest.digest
        let readings = EarlierReadings(
            docking: id, camera: serial, isSameAttachment: isSame,
            sameManifest: digest != nil && latest?.start.manifestDigest == digest ? latest?.start.docking : nil)
        let method = isDeep ? resources.configuration.deepErase(camera.profile) : nil
        let emptier = DeviceEmptier(
            site: site, camera: camera, mount: mount,
            method: method ?? resources.configuration.quickErase(camera.profile), isDeep: isDeep,
            wasCutOff: wasCutOff, provision: provision)
        var opened = camera
        opened.findings += dirt(wasCutOff) + personHolds(latest, goesOn)
        let progress = ReadingWatch(run: run)
        let session = try resources.spool.begin(
            docking: id, waits: { progress.waits($0) },
            shouldStop: { [control] in control.isStopping || control.isGone })
        return OffloadRun(
            docking: Docking(terms), camera: opened, resources: resources, session: session, emptier: emptier,
            earlierReadings: readings, opening: goesOn ? [] : camera.recordings(of: id) + clock(id, seen)
        ) { progress.note($0) }
    }

    private var isDeep: Bool { run.order.purpose == .deepErase }

    /// A dirty file system is read as it is, and holds the camera, unless our own erase was cut off on it.
    private func dirt(_ wasCutOff: Bool) -> [Finding] {
        guard site.medium.fileSystem.isDirty else { return [] }
        let isOurs = wasCutOff && !wasUsedSinceErase
        return [
            Finding(
                .fileSystemDirty, inDoubt: !isOurs,
                isOurs
                    ? "its file system was not unmounted: an erase of this dock was cut off on it"
                    : "its file system was not unmounted properly: files may be incomplete; it was read as it is")
        ]
    }

    /// What a person asked for stays until the same person's release.
    private func personHolds(_ latest: LatestDocking?, _ goesOn: Bool) -> [Finding] {
        if let reason = run.order.hold {
            return [.heldByPerson(reason)]
        }
        guard goesOn, run.order.purpose != .release else { return [] }
        return latest?.findings.filter { $0.code == .heldByPerson }.sorted { $0.message < $1.message } ?? []
    }

    private func clock(_ id: String, _ seen: Instant) -> [LedgerEvent] {
        guard let clock = camera.manifest.cameraClock else { return [] }
        return [
            .clockMeasured(
                ClockMeasured(
                    docking: id, camera: serial, cameraClock: clock, dockClock: seen,
                    dockErrorSeconds: WallClock.largestError()))
        ]
    }

    /// What is known of the battery: the camera's own status file, what the kernel knows, the manifest.
    private func battery() throws(DockError) -> BatteryReading? {
        if let path = camera.profile.care.batteryFile, let file = camera.listing.file(at: path) {
            let text = String(decoding: try camera.volume.content(of: file, limit: 4096), as: UTF8.self)
            let number = text.drop { !$0.isNumber }.prefix { $0.isNumber }
            if let percent = Int(number), (0...100).contains(percent) {
                return BatteryReading(percent: percent, source: .statusFile)
            }
        }
        if let battery = try PowerSupply.battery(below: run.order.device.path) {
            return BatteryReading(percent: battery.percent, source: .kernel)
        }
        return camera.manifest.battery.map { BatteryReading(percent: $0, source: .manifest) }
    }

    private var provision: Provision {
        Provision(
            files: camera.profile.care.provision,
            value: ProvisionValues(resources, camera: serial, wearer: camera.wearer).value)
    }

    /// After a quick erase of something, if the policy wants a deep one that does more.
    private func needsDeepErase(_ wasCutOff: Bool) -> Bool {
        guard !isDeep, wasCutOff || !camera.plan.isEmpty, let deep = resources.configuration.deepErase(camera.profile)
        else {
            return false
        }
        return deep != resources.configuration.quickErase(camera.profile)
    }
}

/// Turns what an offload tells into what a bay shows.
final class ReadingWatch: Sendable {
    private let run: CameraRun
    private let reading = Mutex(WorkProgress())
    private let isRead = Mutex(false)

    init(run: CameraRun) { self.run = run }

    func note(_ notice: OffloadNotice) {
        switch notice {
        case .progress(let reading):
            let progress = self.reading.withLock { progress in
                progress.bytes = reading.bytesRead
                progress.total = reading.bytes
                if progress.unsafeBytes == nil { progress.unsafeBytes = reading.bytes }
                progress.bytesPerSecond = reading.bytesPerSecond
                return progress
            }
            isRead.withLock { $0 = reading.isDone }
            run.progress(reading.isDone ? .delivering : .reading, progress)
        case .unsafe(let bytes):
            let progress = self.reading.withLock { progress in
                progress.unsafeBytes = bytes
                return progress
            }
            run.progress(isRead.withLock { $0 } ? .delivering : .reading, progress)
        case .erasing(_, let bytes): run.progress(.erasing, WorkProgress(total: bytes))
        case .emptying(let progress): run.progress(.erasing, progress)
        case .started, .finding, .recordDelayed, .ended: break
        }
    }

    func waits(_ wait: SpoolWait?) {
        let progress = reading.withLock { progress in
            progress.waitsForSpool = wait
            return progress
        }
        run.progress(.reading, progress)
    }
}
