import DockCore
import DockDevices
import DockIntake
import DockLedger
import DockSystem
import Synchronization

/// One run on the camera in a bay, from its block device to its release. Blocks: it has a thread of its own.
final class CameraRun: Sendable {
    /// What is told while it runs.
    typealias Tell = @Sendable (BayEvent) -> Void

    let order: RunOrder
    let resources: DockResources
    private let seen: Instant
    private let tell: Tell
    private let control = RunControl()
    /// The kernel's name for this very appearance of the disk (``Visit/attachment``).
    let attachment: String

    /// - Parameters:
    ///   - order: what is to be done.
    ///   - resources: what all dockings share.
    ///   - boot: names this boot of the machine.
    ///   - seen: when the camera's disk appeared, by the dock's clock.
    ///   - tell: is told how far it is.
    init(order: RunOrder, resources: DockResources, boot: String, seen: Instant, tell: @escaping Tell) {
        self.order = order
        self.resources = resources
        // Where the kernel counts no appearances (before Linux 5.15), no two runs have the same.
        attachment =
            order.disk.sequence == 0
            ? "\(boot):0-\(order.token)-\(Uptime.now().milliseconds)" : "\(boot):\(order.disk.sequence)"
        self.seen = seen
        self.tell = tell
    }

    /// The device is gone.
    func interrupt() { control.interrupt(at: order.volume.node) }
    /// A person holds the camera.
    func hold(_ reason: String) { control.hold(reason) }
    /// The agent stops.
    func stop() { control.stop() }

    /// Runs to its end.
    func run() -> RunResult {
        do throws(DockError) {
            return try work()
        } catch {
            return error.code == .refused && error.what == CameraRun.refusal
                ? .refused(error.why, camera: error.place.isEmpty ? nil : error.place) : .failed(error)
        }
    }

    private static let refusal = "cannot let the camera in"

    private func work() throws(DockError) -> RunResult {
        let node = BlockNode(order.volume, of: order.disk)
        let facts = try Superblock.read(node)
        let erase = try finishErase(node, facts)
        if case .finished(let result) = erase { return result }
        guard let facts else { throw noFileSystem(node) }
        let medium = Medium(usb: order.device.usb, bytes: order.volume.bytes, fileSystem: facts)
        let site = CameraSite(
            resources: resources, node: node, medium: medium,
            folder: "\(resources.configuration.agent.mounts)/\(order.token)",
            shouldStop: { [control] in control.isStopping })
        let mount = try site.mount(.readOnly)
        let camera: OpenCamera
        do throws(DockError) {
            camera = try open(site, mount)
        } catch {
            try mount.unmount()
            throw error
        }
        let docking = CameraDocking(
            run: self, site: site, mount: mount, camera: camera, control: control,
            wasUsedSinceErase: erase == .overtaken)
        let result: Result<RunResult, DockError> = Result { () throws(DockError) in
            try docking.run(seen: seen)
        }
        try camera.volume.letGo()
        try mount.unmount()
        return try result.get()
    }

    /// Looks at the camera, and whether it may be taken in at all.
    private func open(_ site: CameraSite, _ mount: CameraMount) throws(DockError) -> OpenCamera {
        let known = try resources.ledger.latestDocking(on: site.medium)
        let camera: OpenCamera
        do throws(DockError) {
            camera = try CameraIntake(
                resources: resources, now: resources.clock(), usb: site.medium.usb.model, known: known
            ).open(mount.folder)
        } catch  where error.code == .notFound && !control.isGone {
            throw DockError(.refused, CameraRun.refusal, at: "", because: error.why, next: error.next)
        }
        if let objection = resources.configuration.objection(to: camera.identity, usb: site.medium.usb) {
            try camera.volume.letGo()
            throw DockError(
                .refused, CameraRun.refusal, at: camera.identity.serial, because: objection,
                next: "correct the list of cameras, or find out where this one comes from")
        }
        return camera
    }

    /// Takes up an erase that broke off on this very medium.
    private func finishErase(
        _ node: BlockNode, _ facts: FileSystemFacts?
    ) throws(DockError) -> InterruptedErase.Answer {
        guard let marker = try EraseMarker.read(from: node) else { return .nothingLeft }
        return try InterruptedErase(run: self, node: node, facts: facts, marker: marker, control: control).finish()
    }

    private func noFileSystem(_ node: BlockNode) -> DockError {
        DockError(
            .malformed, "cannot read the camera's card", at: node.path,
            because: "there is no file system on it that cameras use",
            next: "look at the camera's card; nothing on it was changed")
    }

    // MARK: Telling

    func identified(_ camera: IdentifiedCamera) { tell(.identified(bay: order.bay, token: order.token, camera)) }

    func progress(_ stage: Bay.Stage, _ progress: WorkProgress = WorkProgress()) {
        tell(.progress(bay: order.bay, token: order.token, stage, progress))
    }
}

/// What a run is told from outside, whenever it comes.
final class RunControl: Sendable {
    private struct State: Sendable {
        var inbox: (@Sendable (Report) -> Void)?
        /// What came so far, for who begins to listen later.
        var told: [Report] = []
        var isGone = false
        var isStopping = false
    }

    private let state = Mutex(State())

    /// Whether the agent stops.
    var isStopping: Bool { state.withLock { $0.isStopping } }
    /// Whether the device is gone.
    var isGone: Bool { state.withLock { $0.isGone } }

    /// The part that reads and delivers has begun: it is told what came before it, and what comes.
    func attach(_ inbox: @escaping @Sendable (Report) -> Void) {
        let told = state.withLock { state in
            state.inbox = inbox
            return state.told
        }
        told.forEach(inbox)
    }

    /// The device is gone.
    func interrupt(at place: String) {
        let error = DockError(
            .disconnected, "cannot read the camera", at: place, because: "it was pulled",
            next: "put it back; nothing is erased without a receipt", isPassing: true)
        tell(.cameraLost(error)) { $0.isGone = true }
    }

    /// A person holds the camera.
    func hold(_ reason: String) {
        tell(.found(.heldByPerson(reason))) { _ in }
    }

    /// The agent stops.
    func stop() { tell(.stopped) { $0.isStopping = true } }

    private func tell(_ report: Report, _ change: (inout sending State) -> Void) {
        let inbox = state.withLock { state in
            change(&state)
            state.told.append(report)
            return state.inbox
        }
        inbox?(report)
    }
}
