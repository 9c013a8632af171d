import DockCore
import DockDevices
import DockSystem
import Glibc
import Logging

/// The agent's one thread: waits for udev, for messages and for moments, and acts.
struct AgentLoop {
    let agent: Agent
    let monitor: UdevMonitor
    private let scanner = DeviceScanner()
    private let notifier = SystemdNotifier()
    private var bays: Bays
    private var devices: [String: DeviceFacts] = [:]
    /// When each device was first seen, by the dock's clock.
    private var seen: [String: Instant] = [:]
    private var crew: Crew
    private var lamps: Lamps
    private var isStopping = false
    private var stopBy: Instant?

    init(agent: Agent, monitor: UdevMonitor) throws(DockError) {
        self.agent = agent
        self.monitor = monitor
        let resources = agent.resources.withLock { $0 }
        let now = Uptime.now()
        bays = Bays(resources.configuration, at: now)
        bays.inherit(try Heritage.read(resources, now: now))
        crew = Crew(agent: agent)
        lamps = Lamps(log: agent.log)
    }

    mutating func run() throws(DockError) {
        let mounts = agent.resources.withLock { $0.configuration.agent.mounts }
        try CameraMount.sweep(below: mounts)
        try handle(.devices(try scanAll()))
        crew.drain()
        crew.probe()
        notifier.ready()
        while !isOver {
            wait()
            var events: [BayEvent] = try hearUdev()
            for message in agent.mailbox.takeAll() {
                if case .bay(let event) = message { events.append(event) } else { try take(message) }
            }
            for event in events { try handle(event) }
            try handle(.time)
            agent.current.gates?.handle(.time)
            crew.keepTime()
            notifier.watchdog()
        }
        lamps.show([], of: agent.resources.withLock { $0.configuration.bays })
    }

    /// The agent ends when all runs have, or when some did not in time: what they have done is durable.
    private var isOver: Bool { isStopping && (crew.isIdle || stopBy.map { $0 <= Uptime.now() } ?? false) }

    // MARK: Events

    private mutating func take(_ message: Agent.Message) throws(DockError) {
        switch message {
        case .bay(let event): try handle(event)
        case .ask(let request, let reply): reply(try answer(request))
        case .configuration(let resources):
            agent.resources.withLock { $0 = resources }
            bays.reconfigure(resources.configuration, at: Uptime.now())
            try handle(.devices(Array(devices.values)))
            resources.gates?.reconfigure(resources.guarded)
            crew.probe()
        case .drained(let result):
            if crew.drained(result) { try handle(.delivered) }
        case .vault(.recovered): crew.recovered()
        case .vault(.action(.tryAgain(let due))): crew.drain(at: due)
        case .vault(.action(.raise(let alarm))): VaultLog.raise(alarm, to: agent.log)
        case .vault(.action(.clear(let alarm))): VaultLog.clear(alarm, to: agent.log)
        case .stop:
            guard !isStopping else { return }
            isStopping = true
            bays.isStopping = true
            stopBy = Uptime.now().adding(seconds: 8)
            notifier.stopping()
            crew.stop()
        }
    }

    private mutating func handle(_ event: BayEvent) throws(DockError) {
        if case .ended(_, let token, _) = event { crew.ended(token) }
        let before = bays.status(at: Uptime.now())
        let actions = bays.handle(event, at: Uptime.now(), minute: LocalTime(agent.clock()).minute)
        for action in actions {
            if case .run(let order) = action {
                crew.start(order, seen: seen[order.device.path] ?? agent.clock())
            } else {
                crew.act(action)
            }
        }
        show(before)
    }

    /// Lights and journal follow from what the bays show.
    private mutating func show(_ before: [BayStatus]) {
        let after = bays.status(at: Uptime.now())
        let old = Dictionary(before.map { ($0.bay, $0) }) { first, _ in first }
        for bay in after where old[bay.bay]?.state != bay.state { BayLog.say(bay, to: agent.log) }
        lamps.show(after, of: agent.resources.withLock { $0.configuration.bays })
    }

    // MARK: Waiting

    private func wait() {
        let now = Uptime.now()
        var due = [
            notifier.nextWatchdog(after: now), crew.nextDrain, stopBy, agent.current.gates?.nextAlarm,
        ].compactMap { $0 }
        if let wake = bays.nextWake(after: now, minute: LocalTime(agent.clock()).minute) { due.append(wake) }
        let timeout = due.min().map { max(0, min($0.milliseconds - now.milliseconds + 1, 3_600_000)) }
        var polls = [
            pollfd(fd: monitor.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: agent.mailbox.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&polls, nfds_t(polls.count), timeout.map { Int32($0) } ?? -1)
    }

    // MARK: Devices

    private mutating func scanAll() throws(DockError) -> [DeviceFacts] {
        let all = try scanner.all()
        devices = Dictionary(all.map { ($0.path, $0) }) { first, _ in first }
        for device in all { noteSeen(device) }
        return all
    }

    /// What udev says is only the reason to look: what counts is what is there now.
    private mutating func hearUdev() throws(DockError) -> [BayEvent] {
        var paths: [String] = []
        while let message = try monitor.receive() {
            guard case .event(let event) = message else { return [.devices(try scanAll())] }
            let known = devices.values.first { event.concerns($0) }?.path ?? event.path
            if !paths.contains(known) { paths.append(known) }
        }
        var events: [BayEvent] = []
        for path in paths {
            if let device = try scanner.device(at: path) {
                devices[device.path] = device
                noteSeen(device)
                events.append(.device(device))
            } else if devices.removeValue(forKey: path) != nil {
                seen[path] = nil
                events.append(.gone(path))
            }
        }
        return events
    }

    /// The dock's clock at the moment that a camera's disk appears is what its own clock is measured against.
    private mutating func noteSeen(_ device: DeviceFacts) {
        if device.disks.contains(where: { $0.bytes > 0 }) {
            if seen[device.path] == nil { seen[device.path] = agent.clock() }
        } else {
            seen[device.path] = nil
        }
    }

    // MARK: People

    private mutating func answer(_ request: ControlRequest) throws(DockError) -> ControlReply {
        switch request {
        case .status: return .status(status())
        case .night:
            agent.log.info("the night looks again at what waits")
            try handle(.night)
            crew.drain()
            return .done
        case .command(let command):
            if let objection = bays.objection(to: command) { return .refused(objection) }
            agent.log.notice("asked over the control socket: \(command)")
            if case .retry(nil) = command { agent.current.gates?.handle(.retry) }
            try handle(.command(command))
            return .done
        }
    }

    private func status() -> DockStatus {
        let resources = agent.resources.withLock { $0 }
        return DockStatus(
            dock: resources.configuration.dock, agent: Offload.version, since: agent.began, now: agent.clock(),
            bays: bays.status(at: Uptime.now()),
            spool: SpoolStatus(
                undelivered: crew.undelivered, freeBytes: resources.spool.freeBytes, keepFree: resources.spool.keepFree),
            vaults: resources.gates?.status(resources.vaults.map(\.name), now: agent.clock()) ?? [],
            isStopping: isStopping)
    }
}

/// A clock that never jumps: since boot, sleep included (clock_gettime(2) CLOCK_BOOTTIME).
enum Uptime {
    static func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
