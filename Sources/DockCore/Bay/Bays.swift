/// All bays of a dock: decides, from what is plugged in and what the runs report, what is to be done next. No I/O and no
/// clock: the same events give the same actions. An event that is late or out of order never traps; it is ignored.
///
/// ```
/// empty → seen → waiting → working → settled        (released, kept, held or incomplete)
///           ↓       ↑         ↓
///        refused   away ← (the device vanished)
/// ```
public struct Bays: Sendable {
    var docking: DockingSettings
    var charging: ChargingSettings
    var erase: ErasePolicy
    /// Minutes after midnight at which cameras are needed next, by serial number.
    public var neededAt: [String: Int]
    /// Whether bays were named; otherwise every port with a device becomes one.
    private var hasNamedBays: Bool
    var bays: [Bay]
    /// What an agent before this one left behind.
    var heritage = BayHeritage()
    private var lastToken = 0
    /// The agent stops: nothing new is begun.
    public var isStopping = false

    /// All bays empty.
    public init(_ configuration: Configuration, at now: Instant) {
        docking = configuration.docking
        charging = configuration.charging
        erase = configuration.erase
        neededAt = Dictionary(
            configuration.cameras.compactMap { camera in camera.neededAt.map { (camera.serial, $0) } }
        ) { first, _ in first }
        hasNamedBays = !configuration.bays.isEmpty
        bays = configuration.bays.map { Bay($0, at: now) }
    }

    /// Takes over what the ledger says of the time before this agent was started.
    public mutating func inherit(_ heritage: BayHeritage) { self.heritage = heritage }

    /// Takes a changed configuration. What goes on in a bay goes on; a bay that is named no longer stays until it is empty.
    public mutating func reconfigure(_ configuration: Configuration, at now: Instant) {
        let fresh = Bays(configuration, at: now)
        (docking, charging, erase) = (fresh.docking, fresh.charging, fresh.erase)
        (neededAt, hasNamedBays) = (fresh.neededAt, fresh.hasNamedBays)
        var left = bays
        bays = fresh.bays.map { new in
            guard let old = left.firstIndex(where: { $0.settings.name == new.settings.name }) else { return new }
            var bay = left.remove(at: old)
            bay.settings = new.settings
            return bay
        }
        bays += left.filter { $0.phase != .empty }
    }

    /// Takes in what happened and answers what is to be done.
    /// - Parameters:
    ///   - now: by a clock that never jumps; only differences count.
    ///   - minute: minutes after midnight, by the dock's local time.
    public mutating func handle(_ event: BayEvent, at now: Instant, minute: Int) -> [BayAction] {
        var actions: [BayAction] = []
        switch event {
        case .devices(let devices): actions = sawAll(devices, now)
        case .device(let device): actions = saw(device, now)
        case .gone(let path): actions = lost(path, now)
        case .identified(let bay, let token, let camera): actions = identified(bay, token, camera, now)
        case .progress(let bay, let token, let stage, let progress): moved(bay, token, stage, progress, now)
        case .ended(let bay, let token, let result): actions = ended(bay, token, result, now)
        case .delivered: retryIncomplete(now)
        case .night: retryPassing(now)
        case .command(let command): actions = obey(command, now)
        case .time: break
        }
        return actions + keepTime(now, minute: minute)
    }

    // MARK: Devices

    private mutating func sawAll(_ devices: [DeviceFacts], _ now: Instant) -> [BayAction] {
        let paths = Set(devices.map(\.path))
        let vanished = bays.compactMap(\.device?.path).filter { !paths.contains($0) }
        return vanished.flatMap { lost($0, now) } + devices.flatMap { saw($0, now) }
    }

    private mutating func saw(_ device: DeviceFacts, _ now: Instant) -> [BayAction] {
        guard let index = place(of: device, now) else { return [] }
        var actions: [BayAction] = []
        if let other = bays[index].device, other.path != device.path { actions += lost(other.path, now) }
        let known = bays[index].device
        bays[index].device = device
        switch bays[index].phase {
        case .working(let run):
            // The run knows its own disk. Another medium means that the one it has is gone.
            if device.media != run.device.media, !run.lostDevice, run.stage != .releasing {
                actions += interrupt(index, run)
            }
            return actions
        case .settled, .failed, .waiting, .refused:
            // After the eject the medium is gone, and that is as it should be. A new one is a new camera, or the same again.
            let appeared = device.media.subtracting(known?.media ?? [])
            if known?.path == device.path, appeared.isEmpty { return actions }
        case .empty, .seen, .away: break
        }
        return actions + judge(index, now)
    }

    /// Decides what a device is.
    mutating func judge(_ index: Int, _ now: Instant) -> [BayAction] {
        guard let device = bays[index].device else { return [] }
        switch device.verdict(docking) {
        case .notYet where heritage.released[bays[index].settings.name]?.usb == device.usb && device.isEjected:
            // The agent was started anew: this camera was released and ejected before.
            let released = heritage.released.removeValue(forKey: bays[index].settings.name)
            bays[index].guest = released?.guest(at: now)
            bays[index].enter(.settled(.emptied), at: now)
            return []
        case .notYet(let what):
            if case .seen(what) = bays[index].phase { return [] }
            bays[index].enter(.seen(what), at: now)
            return []
        case .refused(let reason):
            if bays[index].phase == .refused(reason) { return [] }
            bays[index].enter(.refused(reason), at: now)
            return [refusal(of: device, in: index, reason, camera: nil)]
        case .volume:
            bays[index].isPowerOff = false
            let isDeep = bays[index].guest?.awaitsMedium == true
            if isDeep {
                bays[index].guest?.awaitsMedium = false
                bays[index].guest?.needsDeepErase = false
            }
            bays[index].enter(.waiting(isDeep ? .deepErase : .offload), at: now)
            return []
        }
    }

    func refusal(of device: DeviceFacts, in index: Int, _ reason: String, camera: String?) -> BayAction {
        .refuse(
            DeviceRefused(
                bay: bays[index].settings.name, port: device.port, usb: device.usb, camera: camera, reason: reason))
    }

    private mutating func lost(_ path: String, _ now: Instant) -> [BayAction] {
        guard let index = bays.firstIndex(where: { $0.device?.path == path }) else { return [] }
        bays[index].device = nil
        switch bays[index].phase {
        case .working(let run): return run.lostDevice ? [] : interrupt(index, run)
        case .settled where bays[index].isPowerOff: break
        case .settled(let outcome) where !outcome.canGoOn: bays[index].clear(at: now)
        case .away, .empty: break
        case .seen, .refused, .waiting, .settled, .failed: return leave(index, now)
        }
        return []
    }

    private mutating func interrupt(_ index: Int, _ run: Bay.Run) -> [BayAction] {
        var run = run
        run.lostDevice = true
        bays[index].phase = .working(run)
        return [.interrupt(token: run.token)]
    }

    /// Nothing is in a bay any more. A docking that is not over may go on when its camera comes back in time, and what hung is
    /// remembered as long, so that cycling its power has an end; anything else is over.
    mutating func leave(_ index: Int, _ now: Instant) -> [BayAction] {
        let guest = bays[index].guest.flatMap { $0.isOpen ? $0 : nil }
        // The camera may be in another bay already.
        if let guest, let other = bays.indices.first(where: { $0 != index && bays[$0].guest?.camera == guest.camera }) {
            bays[index].clear(at: now)
            if bays[other].guest?.docking == guest.docking { return [] }
            return [abandon(guest, "the camera was put into bay \(bays[other].settings.name)")]
        }
        if guest != nil || bays[index].powerCycles > 0 {
            bays[index].enter(.away(until: now.adding(seconds: docking.comeBack)), at: now)
        } else {
            bays[index].clear(at: now)
        }
        return []
    }

    /// The bay of a device: by its port, by the other half of its socket, or a new one where none are named.
    private mutating func place(of device: DeviceFacts, _ now: Instant) -> Int? {
        let ports = [device.port] + [device.peer].compactMap { $0 }
        if let index = bays.firstIndex(where: { bay in bay.settings.ports.contains(where: ports.contains) }) {
            return index
        }
        // Keyboards, network sticks and the like in the dock's own sockets are nobody's business unless bays are named there.
        guard !hasNamedBays, device.interfaces.contains(where: \.isMassStorage) else { return nil }
        bays.append(Bay(BaySettings(name: device.port.text, ports: ports), at: now))
        return bays.count - 1
    }

    mutating func nextToken() -> Int {
        lastToken += 1
        return lastToken
    }
}

extension DeviceFacts {
    /// Whether it has a disk, and no medium in it.
    var isEjected: Bool { !disks.isEmpty && disks.allSatisfy { $0.bytes == 0 } }

    /// The appearances of media in this device.
    var media: Set<UInt64> { Set(disks.filter { $0.bytes > 0 }.map(\.sequence)) }
}
