import DockCore
import DockDevices
import DockSystem
import Glibc
import Logging

/// The threads that do what the bays decide. Used by the agent's thread alone.
struct Crew {
    private let agent: Agent
    private let boot: String
    private var runs: [Int: CameraRun] = [:]
    /// What is written down beside the dockings, and switched: one thing after the other, off the agent's thread.
    private let errands = BoundedQueue<@Sendable () -> Void>(capacity: nil)
    private let stopFlag = StopFlag()
    private var isDraining = false
    private var drainAgain = false
    /// A vault works again since the spool was gone through last.
    private var hasRecovered = false
    private var failures = 0
    /// When what was left is tried again.
    private var retry: Instant?
    /// When vaults that failed may be tried again.
    private var trials: [Instant] = []
    /// Sealings that still lacked a vault then.
    private(set) var undelivered: Int?
    /// Those of them that the disk has damaged; nil if there are none.
    private(set) var damaged: [SpoolStatus.Damage]?

    init(agent: Agent) {
        self.agent = agent
        boot = Crew.bootIdentity()
        _ = Worker("errands") { [errands] in while let errand = errands.receive() { errand() } }
    }

    /// When the spool is gone through again.
    var nextDrain: Instant? { (trials + [retry].compactMap { $0 }).min() }

    /// Whether nothing is worked on.
    var isIdle: Bool { runs.isEmpty }

    /// Starts a run on a thread of its own.
    mutating func start(_ order: RunOrder, seen: Instant) {
        let (agent, mailbox, log) = (agent, agent.mailbox, agent.log)
        let run = CameraRun(
            order: order, resources: agent.resources.withLock { $0 }, boot: boot, seen: seen,
            tell: { mailbox.send(.bay($0)) })
        runs[order.token] = run
        _ = Worker("bay \(order.bay)") {
            let result = run.run()
            BayLog.say(result, of: order, to: log)
            mailbox.send(.bay(.ended(bay: order.bay, token: order.token, result)))
            // The camera is free already.
            guard case .docked(let outcome, _, _, _) = result, !outcome.canGoOn else { return }
            do throws(DockError) {
                try CheckpointRecord.make(agent.current)
                mailbox.send(.recorded)
            } catch {
                log.error("\(error)")
            }
        }
    }

    /// A run has ended; what it left in the spool is delivered.
    mutating func ended(_ token: Int) {
        runs[token] = nil
        // The buffers of the last camera: an idle agent needs little.
        if runs.isEmpty { ProcessGuard.returnFreedMemory() }
        if !stopFlag.isSet { drain() }
    }

    /// Does what is no run.
    mutating func act(_ action: BayAction) {
        switch action {
        case .run: break
        case .interrupt(let token): runs[token]?.interrupt()
        case .hold(let token, let reason): runs[token]?.hold(reason)
        case .refuse(let refused): record(.deviceRefused(refused))
        case .abandon(let docking, let camera, let reason): abandon(docking, camera, reason)
        case .loadMedium(let bay, let device): load(bay, device)
        case .cyclePower(let bay, let device):
            power(bay, device) { port, method throws(DockError) in
                try port.cyclePower(by: method)
            }
        case .switchPower(let bay, let device, let isOn):
            power(bay, device) { port, method throws(DockError) in
                try port.setPower(on: isOn, by: method)
            }
        }
    }

    /// Tells all runs to end.
    func stop() {
        stopFlag.set()
        for run in runs.values { run.stop() }
    }

    /// Writes down something that happened beside the dockings.
    func record(_ event: LedgerEvent) {
        let (ledger, clock, log) = (agent.resources.withLock { $0.ledger }, agent.clock, agent.log)
        errands.send {
            do throws(DockError) { _ = try ledger.append([event], at: clock()) } catch {
                log.error("\(error)")
            }
        }
    }

    private func abandon(_ docking: String, _ camera: String, _ reason: String) {
        let (ledger, clock, log) = (agent.resources.withLock { $0.ledger }, agent.clock, agent.log)
        errands.send {
            do throws(DockError) {
                guard try ledger.isOpen(docking: docking) else { return }
                let ended = DockingEnded(
                    docking: docking, camera: camera, outcome: .interrupted(reasons: [reason]),
                    causes: [Cause(.state(.pulled))])
                _ = try ledger.append([.dockingEnded(ended)], at: clock())
                log.warning("docking \(docking) of camera \(camera) is over: \(reason)")
            } catch {
                log.error("\(error)")
            }
        }
    }

    private func load(_ bay: String, _ device: DeviceFacts) {
        let log = agent.log
        _ = Worker("load \(bay)") {
            do throws(DockError) {
                guard try !USBDevice.reset(at: device.path) else { return }
                log.warning("bay \(bay): its camera does not come back to be erased; plug it in anew")
            } catch {
                log.error("bay \(bay): \(error)")
            }
        }
    }

    private func power(
        _ bay: String, _ device: DeviceFacts,
        _ act: @escaping @Sendable (USBPort, PowerSwitch) throws(DockError) -> PowerOutcome
    ) {
        let (log, charging) = (agent.log, agent.resources.withLock { $0.configuration.charging })
        let method: PowerSwitch = charging.power == .uhubctl ? .uhubctl() : .kernel
        _ = Worker("power \(bay)") {
            do throws(DockError) {
                guard let port = try USBPort.locate(device.port).first else {
                    return log.error("bay \(bay): the kernel knows no port \(device.port) to switch")
                }
                let outcome = try act(port, method)
                log.notice("bay \(bay): power of port \(device.port): \(outcome)")
            } catch {
                log.error("bay \(bay): \(error)")
            }
        }
    }

    /// Does something on the thread for errands, after what was to be done before.
    func run(errand: @escaping @Sendable () -> Void) { errands.send(errand) }

    // MARK: The spool

    /// Delivers what lies in the spool, on a thread of its own.
    mutating func drain() {
        // A vault that is due later stays due: this one may come too early for it.
        let now = Uptime.now()
        trials.removeAll { $0 <= now }
        if let due = retry, due <= now { retry = nil }
        guard !isDraining else {
            drainAgain = true
            return
        }
        isDraining = true
        let (mailbox, log) = (agent.mailbox, agent.log)
        let drain = SpoolDrain(resources: agent.resources.withLock { $0 }, stop: stopFlag)
        _ = Worker("spool") {
            var result = SpoolDrain.Outcome(left: 1)
            do throws(DockError) { result = try drain.run() } catch { log.error("\(error)") }
            if let error = result.untold { log.error("\(error)") }
            mailbox.send(.drained(result))
        }
    }

    /// Delivers what lies in the spool once a vault may be tried.
    mutating func drain(at due: Instant) { trials.append(due) }

    /// A vault works again: what waited for it is delivered.
    mutating func recovered() {
        hasRecovered = true
        if !stopFlag.isSet { drain() }
    }

    /// What is left is tried again later, and less and less often.
    /// - Returns: whether cameras that wait for a vault may find it now.
    mutating func drained(_ result: SpoolDrain.Outcome) -> Bool {
        let isNews = result.receipts > 0 || hasRecovered
        hasRecovered = false
        plan(after: result)
        // Those that nothing waits for are tried too: nobody else would see that they work again.
        for vault in agent.current.guarded where !stopFlag.isSet {
            guard !result.asked.contains(vault.name), vault.wantsTrial else { continue }
            _ = Worker("try \(vault.name)") { _ = vault.probe() }
        }
        return isNews
    }

    private mutating func plan(after result: SpoolDrain.Outcome) {
        isDraining = false
        undelivered = result.left
        damaged = result.damaged.isEmpty ? nil : result.damaged
        let isDone = result.left == 0 && result.untold == nil
        failures = isDone || result.receipts > 0 ? 0 : failures + 1
        if drainAgain {
            drainAgain = false
            return drain()
        }
        guard !isDone else { return retry = nil }
        let first = agent.resources.withLock { $0.configuration.docking.retryAfter }
        retry = Uptime.now().adding(seconds: min(first * Double(1 << min(max(failures - 1, 0), 6)), 3600))
    }

    /// Finds out what the vaults do, each on a thread of its own.
    func probe() {
        for vault in agent.current.guarded { _ = Worker("probe \(vault.name)") { vault.probeFirst() } }
    }

    /// Goes through the spool if that is due.
    mutating func keepTime() {
        if let due = nextDrain, due <= Uptime.now(), !stopFlag.isSet { drain() }
    }

    /// Names this boot of the machine (random(4)): sequence numbers of disks begin anew with each.
    private static func bootIdentity() -> String {
        do throws(Errno) {
            let file = try Descriptor.open("/proc/sys/kernel/random/boot_id", flags: O_RDONLY)
            var bytes = [UInt8](repeating: 0, count: 64)
            let result: Result<Int, Errno> = bytes.withUnsafeMutableBytes { buffer in
                Result { () throws(Errno) in try file.readFully(into: buffer) }
            }
            return String(decoding: bytes.prefix(try result.get()).filter { $0 > 0x20 }, as: UTF8.self)
        } catch {
            // Without it no plug counts as one that was never pulled.
            return "unknown-\(getpid())-\(Uptime.now().milliseconds)"
        }
    }
}
