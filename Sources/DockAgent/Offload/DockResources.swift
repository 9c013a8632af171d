import DockCore
import DockDelivery
import DockLedger
import DockSeal
import DockSystem
import Synchronization

/// What all dockings of a process share.
public final class DockResources: Sendable {
    /// The administrator's configuration.
    public let configuration: Configuration
    let profiles: [CameraProfile]
    let ledger: Ledger
    let spool: Spool
    let vaults: [any Vault]
    /// The vaults behind their gates; none where there are no gates.
    let guarded: [GuardedVault]
    /// What is known of the vaults' health; nil for a run of its own, which tries each as it comes.
    let gates: VaultGates?
    let recipients: [AgeRecipient]
    /// Signs what the dock says.
    let signer: DockSigner
    /// What a person should know about the keys.
    public let warnings: [String]
    /// Signs what the ledger is.
    let checkpoints: CheckpointBook
    /// From which entry of the ledger on custody records may be missing; nil until that was looked for.
    let custodyHorizon = Mutex<Int64?>(nil)
    /// Holds what all vaults are sent to the limits.
    let limiter: RateLimiter
    /// Gathers what handovers are made of.
    public let desk: HandoverDesk
    /// The dock's clock.
    let clock: @Sendable () -> Instant

    /// Opens the ledger, the spool and the vaults, and tidies the spool after a crash.
    /// - Parameters:
    ///   - configuration: the administrator's.
    ///   - profiles: kinds of camera to recognise.
    ///   - predecessor: what a configuration before this one made: transfers that are on their way share the limits with new ones.
    ///   - gates: for a process that works on; what a predecessor has is used on.
    ///   - clock: the dock's clock.
    /// - Throws: what makes work impossible: a ledger that is damaged, a spool that cannot be written, a recipient that is none, a signing
    ///   key that cannot be used.
    public init(
        configuration: Configuration, profiles: [CameraProfile], after predecessor: DockResources? = nil,
        gates: VaultGates? = nil,
        clock: @escaping @Sendable () -> Instant = WallClock.now
    ) throws(DockError) {
        let ledger = try Ledger(path: configuration.state, dock: configuration.dock, readOnly: false)
        let limiter = predecessor?.limiter ?? RateLimiter(configuration.rates, local: .system, clock: clock)
        let gates = gates ?? predecessor?.gates
        let opened = try configuration.vaults.map { settings throws(DockError) in
            try Vaults.open(settings, limiter: limiter, records: configuration.state + "/uploads", clock: clock)
        }
        let guarded = gates.map { gates in opened.map { gates.guarding($0) } }
        let vaults: [any Vault] = guarded ?? opened
        self.configuration = configuration
        self.profiles = profiles
        self.ledger = ledger
        self.vaults = vaults
        self.guarded = guarded ?? []
        self.gates = gates
        self.clock = clock
        self.limiter = limiter
        desk = HandoverDesk(configuration, ledger: ledger, after: predecessor?.desk)
        recipients = try configuration.recipients.map { text throws(DockError) in try AgeRecipient(text) }
        (signer, warnings) = try KeyRegister(ledger: ledger, configuration: configuration).settle(at: clock())
        checkpoints = CheckpointBook(ledger: ledger, signer: signer, state: configuration.state)
        spool = try Spool(configuration.spool)
        try spool.sweep { sealing throws(DockError) in
            try ledger.isPending(sealing: sealing, vaults: vaults.map(\.name))
        }
        limiter.change(to: configuration.rates)
    }

    /// A docking's name: when it began, and six random digits against two in one second.
    func newDocking(at moment: Instant) throws(DockError) -> String {
        let digits = Instant(seconds: moment.milliseconds / 1000).description.filter {
            $0.isNumber || $0 == "T" || $0 == "Z"
        }
        return digits + "-" + Hex.encode(try Randomness.bytes(3))
    }
}
