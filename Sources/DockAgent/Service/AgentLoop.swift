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
    private var turn: HandoverTurn
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
        turn = HandoverTurn(agent: agent)
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
            handOver()
            if agent.feed.isWatched { agent.feed.publish(status()) }
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
        case .ask(.acknowledge(let key, let who), let reply): acknowledge(key, by: who, reply)
        case .ask(let request, let reply): reply(try answer(request))
        case .configuration(let resources):
            agent.resources.withLock { $0 = resources }
            bays.reconfigure(resources.configuration, at: Uptime.now())
            try handle(.devices(Array(devices.values)))
            resources.gates?.reconfigure(resources.guarded)
            crew.probe()
            turn.look()
        case .drained(let result):
            if crew.drained(result) { try handle(.delivered) }
            turn.look()
        case .recorded: if !isStopping { crew.drain() }
        case .vault(.recovered): crew.recovered()
        case .vault(.action(.tryAgain(let due))): crew.drain(at: due)
        case .vault(.action(.raise(let alarm))):
            change { [$0.raise(.vaultDown, AlarmReason(alarm), at: $1)].compactMap { $0 } }
        case .vault(.action(.clear(let alarm))):
            change { alarms, _ in [alarms.clear(.init(.vaultDown, alarm.vault))].compactMap { $0 } }
        case .settled(let outcome):
            turn.ended(outcome)
            if let minutes = outcome.neededAt { bays.neededAt = minutes }
            if outcome.hasRecords, !isStopping { crew.drain() }
        case .posted(let outcome):
            let reason = turn.posted(outcome)
            if reason != nil || !turn.isFailing {
                change { $0.see(.notDelivered, [reason].compactMap { $0 }, at: $1) }
            }
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
        for taken in CameraTaken.between(before, after) { crew.record(.taken(taken)) }
        if after.map({ $0.state }) != before.map({ $0.state }) || after.map(\.camera) != before.map(\.camera) {
            turn.look()
        }
        for bay in after where old[bay.bay]?.state != bay.state { BayLog.say(bay, to: agent.log) }
        lamps.show(after, of: agent.resources.withLock { $0.configuration.bays })
    }

    // MARK: Waiting

    private func wait() {
        let now = Uptime.now()
        var due = [
            notifier.nextWatchdog(after: now), crew.nextDrain, stopBy, agent.current.gates?.nextAlarm,
            isStopping ? nil : turn.nextWake(now: agent.clock()),
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
        case .status, .watch: return .status(status())
        case .night:
            agent.log.info("the night looks again at what waits")
            try handle(.night)
            crew.drain()
            return .done
        case .look, .acknowledge:
            turn.look()
            return .done
        case .overview, .report, .history: return .refused("this is answered elsewhere")
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
        let (now, shown, local) = (agent.clock(), bays.status(at: Uptime.now()), resources.desk.local)
        let (alarms, pool) = agent.keeper.standing
        let cameras = pool.readiness(shown, at: now, local)
        return DockStatus(
            dock: resources.configuration.dock, agent: Offload.version, since: agent.began, now: now, bays: shown,
            spool: spool(resources), vaults: vaults(resources), alarms: alarms, cameras: cameras,
            next: pool.plan.next(after: now, local).map {
                ReadinessForecast(cameras, for: $0, roster: pool.roster, at: now)
            }, isStopping: isStopping)
    }

    private func spool(_ resources: DockResources) -> SpoolStatus {
        SpoolStatus(
            undelivered: crew.undelivered, freeBytes: resources.spool.freeBytes, keepFree: resources.spool.keepFree,
            damaged: crew.damaged)
    }

    private func vaults(_ resources: DockResources) -> [VaultStatus] {
        resources.gates?.status(resources.vaults.map(\.name), now: agent.clock()) ?? []
    }

    // MARK: Handover

    /// Judges alarms and shifts, and tells what is to be told, if that is due.
    private mutating func handOver() {
        guard !isStopping else { return }
        if turn.begins(now: agent.clock()) {
            let resources = agent.current
            let scene = HandoverKeeper.Scene(
                resources: resources, bays: bays.status(at: Uptime.now()), spool: spool(resources),
                vaults: vaults(resources), isSteady: turn.isSteady)
            crew.run { [keeper = agent.keeper, mailbox = agent.mailbox] in
                mailbox.send(.settled(keeper.settle(scene)))
            }
        }
        turn.post()
    }

    /// Changes alarms on the thread for errands; what is new is told afterwards.
    private mutating func change(_ body: @escaping @Sendable (inout Alarms, Instant) -> [AlarmChange]) {
        crew.run { [keeper = agent.keeper, resources = agent.current] in
            keeper.change(resources) { body(&$0, resources.clock()) }
        }
        turn.look()
    }

    private mutating func acknowledge(
        _ key: Alarm.Key, by who: String, _ reply: @escaping @Sendable (ControlReply) -> Void
    ) {
        crew.run { [keeper = agent.keeper, resources = agent.current] in
            var isKnown = false
            keeper.change(resources) { alarms in
                let change = alarms.acknowledge(key, by: who, at: resources.clock())
                isKnown = change != nil
                return [change].compactMap { $0 }
            }
            reply(
                isKnown
                    ? .done : .refused("no alarm \(key.text) is open that nobody took note of: see 'bodydock alarms'"))
        }
        turn.look()
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
