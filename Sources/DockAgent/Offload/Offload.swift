import DockCore
import DockDelivery
import DockIntake
import DockLedger
import DockSeal
import DockSystem

/// The main job: one camera, whose volume is mounted or is a folder, from its file system to its erase.
public struct Offload: Sendable {
    /// Version of the program, as written to the ledger.
    public static let version = "0.1.0"

    let configuration: Configuration
    let profiles: [CameraProfile]
    let keep: Bool
    let clock: @Sendable () -> Instant
    let notify: @Sendable (OffloadNotice) -> Void

    /// - Parameters:
    ///   - configuration: the administrator's.
    ///   - profiles: kinds of camera to recognise.
    ///   - keep: leave the footage on the camera, whatever the policy says.
    ///   - clock: the dock's clock.
    ///   - notify: is told what happens, from several threads.
    public init(
        configuration: Configuration, profiles: [CameraProfile], keep: Bool,
        clock: @escaping @Sendable () -> Instant = WallClock.now, notify: @escaping @Sendable (OffloadNotice) -> Void
    ) {
        self.configuration = configuration
        self.profiles = profiles
        self.keep = keep
        self.clock = clock
        self.notify = notify
    }

    /// Takes in the camera at `path` and blocks until the docking is over.
    ///
    /// Throws only where nothing was begun, or where the ledger or the spool fails so that nothing may go on; the camera
    /// then keeps everything.
    public func run(_ path: String) throws(DockError) -> OffloadResult {
        let began = clock()
        let recipients = try configuration.recipients.map { text throws(DockError) in try AgeRecipient(text) }
        let ledger = try Ledger(path: configuration.state, dock: configuration.dock, readOnly: false)
        let spool = try Spool(configuration.spool)
        let vaults = try configuration.vaults.map { settings throws(DockError) in
            try Vaults.open(settings, clock: clock)
        }
        try spool.sweep { sealing throws(DockError) in
            try ledger.isPending(sealing: sealing, vaults: vaults.map(\.name))
        }
        let camera = try CameraIntake(configuration: configuration, profiles: profiles, ledger: ledger, now: began)
            .open(path)
        let lock = try CameraLock(camera.identity.serial, state: configuration.state)
        defer { withExtendedLifetime(lock) {} }
        let id = try Offload.name(began)
        let start = camera.start(docking: id, dock: configuration.dock, agent: Offload.version, source: path)
        let terms = Docking.Terms(start: start, vaults: vaults.map(\.name), policy: configuration.release, keep: keep)
        let run = try OffloadRun(
            docking: Docking(terms), camera: camera, ledger: ledger, spool: spool, session: spool.begin(docking: id),
            vaults: vaults, recipients: recipients, clock: clock, notify: notify)
        notify(.started(start))
        let (docking, outcome) = try run.run()
        let result = OffloadResult(
            docking: id, camera: start.camera.serial, outcome: outcome, recordings: docking.summary,
            vaults: vaults.map(\.name),
            bytes: start.bytes, seconds: clock().seconds(since: began))
        notify(.ended(result))
        return result
    }

    /// A docking's name: when it began, and six random digits against two in one second.
    private static func name(_ moment: Instant) throws(DockError) -> String {
        let digits = Instant(seconds: moment.milliseconds / 1000).description.filter {
            $0.isNumber || $0 == "T" || $0 == "Z"
        }
        return digits + "-" + Hex.encode(try Randomness.bytes(3))
    }
}
