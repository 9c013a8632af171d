import DockCore
import DockSystem

/// The main job: one camera, whose volume is mounted or is a folder, from its file system to its erase.
public struct Offload: Sendable {
    /// Version of the program, as written to the ledger.
    public static let version = "0.1.0"

    let resources: DockResources
    let keep: Bool
    let notify: @Sendable (OffloadNotice) -> Void

    /// - Parameters:
    ///   - resources: what all dockings share.
    ///   - keep: leave the footage on the camera, whatever the policy says.
    ///   - notify: is told what happens, from several threads.
    public init(
        resources: DockResources, keep: Bool, notify: @escaping @Sendable (OffloadNotice) -> Void
    ) {
        self.resources = resources
        self.keep = keep
        self.notify = notify
    }

    /// Takes in the camera at `path` and blocks until the docking is over.
    ///
    /// Throws only where nothing was begun, or where the ledger or the spool fails so that nothing may go on; the camera
    /// then keeps everything.
    public func run(_ path: String) throws(DockError) -> OffloadResult {
        let began = resources.clock()
        let camera = try CameraIntake(resources: resources, now: began).open(path)
        let lock = try CameraLock(camera.identity.serial, state: resources.configuration.state)
        defer { withExtendedLifetime(lock) {} }
        let id = try resources.newDocking(at: began)
        let start = camera.start(
            docking: id, agent: Offload.version, source: path, resources.configuration)
        let terms = Docking.Terms(
            start: start, vaults: resources.vaults.map(\.name), policy: resources.configuration.release, keep: keep)
        notify(.started(start))
        let (docking, outcome) = try work(Docking(terms), on: camera)
        let result = OffloadResult(
            docking: id, camera: start.camera.serial, outcome: outcome, recordings: docking.summary,
            vaults: resources.vaults.map(\.name), bytes: start.bytes, seconds: resources.clock().seconds(since: began))
        if !outcome.canGoOn { deliverRecords() }
        notify(.ended(result))
        return result
    }

    /// The docking itself; the spool's folder is free again when this ends.
    private func work(_ docking: Docking, on camera: OpenCamera) throws(DockError) -> (Docking, DockingOutcome) {
        try OffloadRun(
            docking: docking, camera: camera, resources: resources,
            session: try resources.spool.begin(docking: docking.name), emptier: FolderEmptier(camera: camera),
            opening: camera.recordings(of: docking.name), notify: notify
        ).run()
    }

    /// Signs a checkpoint, and delivers what the dock says of this docking. The camera waits for no record of the dock: what cannot be
    /// delivered now stays in the spool.
    private func deliverRecords() {
        attempt { () throws(DockError) in try CheckpointRecord.make(resources) }
        attempt { () throws(DockError) in
            let drain = SpoolDrain(resources: resources, stop: StopFlag(), isForRecords: true)
            if let error = try drain.run().untold { throw error }
        }
    }

    private func attempt(_ step: () throws(DockError) -> Void) {
        do throws(DockError) { try step() } catch { notify(.recordDelayed(error)) }
    }
}
