import Testing

@testable import DockCore

extension BayWorld {
    // MARK: The worker

    func work(_ token: Int) {
        guard let work = active[token] else { return }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: identifies(token)
        case 1: end(token)
        default:
            let stage = [Bay.Stage.opening, .reading, .delivering, .erasing, .releasing].randomElement(using: &random)!
            active[token]?.bytes += Int64(Int.random(in: 0...1, using: &random))
            tell(
                .progress(
                    bay: work.order.bay, token: token, stage,
                    WorkProgress(bytes: work.bytes, waitsForSpool: chance(5) ? .space : nil)))
        }
    }

    @discardableResult
    func identifies(_ token: Int) -> Bool {
        guard let work = active[token], work.docking == nil, let camera = work.camera else { return false }
        // One process for each camera.
        guard !active.values.contains(where: { $0.camera == camera && $0.docking != nil }) else { return false }
        let continued = work.order.continues.flatMap { $0.hasPrefix(camera) && !chance(5) ? $0 : nil }
        serial += 1
        let paused = chance(5) ? nil : open.filter { $0.value == camera }.keys.min()
        let docking = paused ?? continued ?? "\(camera)\(serial)"
        active[token]?.docking = docking
        tell(
            .identified(
                bay: work.order.bay, token: token,
                IdentifiedCamera(
                    camera: camera, docking: docking,
                    battery: chance(2) ? nil : BatteryReading(percent: 50, source: .manifest),
                    curve: ChargeCurve([ChargeCurve.Point(percent: 100, seconds: 600)]))))
        if !abandoned.contains(docking), open[docking] == nil, docking != continued { open[docking] = camera }
        return true
    }

    func end(_ token: Int) {
        guard let work = active[token] else { return }
        if work.docking == nil, !chance(3), identifies(token) { return end(token) }
        let outcomes: [DockingOutcome] = [.emptied, .emptied, .emptied, .kept, .kept, .gap, .undelivered, .pulled]
        var result = RunResult.docked(
            outcomes.randomElement(using: &random)!, needsDeepErase: chance(2), steps: [])
        if work.docking == nil || chance(8) {
            let error = DockError(.io, "x", at: "x", because: "x", next: "x", isPassing: chance(2))
            result = chance(3) ? .refused("no", camera: work.camera) : .failed(error)
        }
        if work.docking != nil, chance(8) { result = .cooling(until: now, seconds: Double(serial % 200)) }
        if case .cooling = result, let docking = work.docking, let camera = work.camera { open[docking] = camera }
        if case .docked(let outcome, _, _, _) = result, let docking = work.docking, let camera = work.camera {
            open[docking] = outcome.canGoOn ? camera : nil
        }
        active[token] = nil
        tell(.ended(bay: work.order.bay, token: token, result))
    }

    /// Something late or made up.
    func lie(_ bay: String) {
        let token = Int.random(in: 0...tokens.count, using: &random)
        guard active[token] == nil || active[token]?.order.bay != bay else { return }
        let before = bays.status(at: now)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: tell(.ended(bay: bay, token: token, .docked(.emptied, needsDeepErase: true, steps: [])))
        case 1: tell(.identified(bay: bay, token: token, IdentifiedCamera(camera: "X", docking: "X")))
        case 2: tell(.progress(bay: bay, token: token, .erasing, WorkProgress(bytes: 9)))
        default: tell(.gone("/devices/none"))
        }
        let after = bays.status(at: now)
        #expect(before.map(\.camera) == after.map(\.camera) && before.map(\.docking) == after.map(\.docking))
    }

    // MARK: The bookkeeper

    func tell(_ event: BayEvent) {
        let actions = bays.handle(event, at: now, minute: minute)
        var consequences: [String] = []
        for action in actions {
            switch action {
            case .run(let order): check(order)
            case .interrupt(let token):
                #expect(active[token]?.wasInterrupted == false, "once, and only what runs")
                active[token]?.wasInterrupted = true
            case .hold(let token, _): #expect(active[token] != nil)
            case .refuse(let refused): #expect(names.contains(refused.bay))
            case .abandon(let docking, let camera, let reason):
                #expect(open[docking] == camera, "\(docking): \(reason)")
                #expect(!active.values.contains { $0.docking == docking }, "somebody works on it")
                open[docking] = nil
                abandoned.insert(docking)
            case .loadMedium(let bay, _): #expect(names.contains(bay))
            case .cyclePower(let bay, let device):
                #expect(device.port == BayStory.port(bay))
                consequences.append(bay)
            case .switchPower(let bay, _, let on):
                #expect(isDark.contains(bay) == on)
                consequences.append(bay)
                if !on { isDark.insert(bay) } else { isDark.remove(bay) }
            }
            count(action)
        }
        if actions.contains(where: { if case .run = $0 { true } else { false } }) {
            let unstalled = bays.bays.count { $0.run.map { !$0.isStalled } ?? false }
            #expect(unstalled <= atOnce)
        }
        for bay in consequences { flip(bay) }
    }

    func check(_ order: RunOrder) {
        #expect(tokens.insert(order.token).inserted, "a token is never used twice")
        #expect(!active.values.contains { $0.order.bay == order.bay }, "never two runs at once in a bay")
        #expect(bays.bays.contains { $0.settings.name == order.bay && $0.device == order.device })
        #expect(order.device.verdict(bays.docking) == .volume(order.volume, on: order.disk))
        #expect(order.continues.map { !abandoned.contains($0) } ?? true, "what was given up does not go on")
        if order.purpose == .deepErase { #expect(window.contains(minute: minute)) }
        let thing = inside[order.bay].flatMap { $0.device.media == order.device.media ? $0 : nil }
        active[order.token] = Work(order: order, camera: thing?.camera)
    }

    /// A port whose power went off, or came on, or both.
    func flip(_ bay: String) {
        guard let device = inside[bay]?.device else { return }
        if isDark.contains(bay) { return tell(.gone(device.path)) }
        serial += 1
        tell(.gone(device.path))
        inside[bay]?.device.disks[0].sequence = serial
        if chance(4) { inside[bay] = nil }
        show(bay)
    }

    func count(_ action: BayAction) {
        let name =
            switch action {
            case .run(let order): "\(order.purpose)" + (order.continues == nil ? "" : " on")
            case .interrupt: "interrupt"
            case .hold: "hold"
            case .refuse: "refuse"
            case .abandon(_, _, let reason): "abandon: \(reason.prefix(20))"
            case .loadMedium: "load"
            case .cyclePower: "cycle"
            case .switchPower(_, _, let on): "switch \(on)"
            }
        counts[name, default: 0] += 1
    }
}
