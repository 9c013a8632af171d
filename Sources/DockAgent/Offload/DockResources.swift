import DockCore
import DockDelivery
import DockLedger
import DockSeal
import DockSystem

/// What all dockings of a process share.
public final class DockResources: Sendable {
    /// The administrator's configuration.
    public let configuration: Configuration
    let profiles: [CameraProfile]
    let ledger: Ledger
    let spool: Spool
    let vaults: [any Vault]
    let recipients: [AgeRecipient]
    /// The dock's clock.
    let clock: @Sendable () -> Instant

    /// Opens the ledger, the spool and the vaults, and tidies the spool after a crash.
    /// - Parameters:
    ///   - configuration: the administrator's.
    ///   - profiles: kinds of camera to recognise.
    ///   - clock: the dock's clock.
    /// - Throws: what makes work impossible: a ledger that is damaged, a spool that cannot be written, a recipient that is none.
    public init(
        configuration: Configuration, profiles: [CameraProfile],
        clock: @escaping @Sendable () -> Instant = WallClock.now
    ) throws(DockError) {
        let ledger = try Ledger(path: configuration.state, dock: configuration.dock, readOnly: false)
        let vaults = try configuration.vaults.map { settings throws(DockError) in
            try Vaults.open(settings, records: configuration.state + "/uploads", clock: clock)
        }
        self.configuration = configuration
        self.profiles = profiles
        self.ledger = ledger
        self.vaults = vaults
        self.clock = clock
        recipients = try configuration.recipients.map { text throws(DockError) in try AgeRecipient(text) }
        spool = try Spool(configuration.spool)
        try spool.sweep { sealing throws(DockError) in
            try ledger.isPending(sealing: sealing, vaults: vaults.map(\.name))
        }
    }

    /// A docking's name: when it began, and six random digits against two in one second.
    func newDocking(at moment: Instant) throws(DockError) -> String {
        let digits = Instant(seconds: moment.milliseconds / 1000).description.filter {
            $0.isNumber || $0 == "T" || $0 == "Z"
        }
        return digits + "-" + Hex.encode(try Randomness.bytes(3))
    }
}
