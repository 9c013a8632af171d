// What runs report, and what people ask for.

extension Bays {
    mutating func identified(_ name: String, _ token: Int, _ camera: IdentifiedCamera, _ now: Instant) -> [BayAction] {
        guard let index = index(of: name, running: token) else { return [] }
        var actions: [BayAction] = []
        heritage.open.removeAll { $0.docking == camera.docking }
        if let before = bays[index].guest, before.docking != camera.docking {
            // Another camera, or the same one after an end: the docking before it does not go on here.
            if before.camera != camera.camera { bays[index].hold = nil }
            actions.append(abandon(before, "another camera was put in"))
        }
        var guest = Bay.Guest(camera: camera.camera, docking: camera.docking, wearer: camera.wearer)
        guest.battery = camera.battery
        guest.curve = camera.curve
        guest.needsDeepErase = bays[index].guest?.camera == camera.camera && bays[index].guest?.needsDeepErase == true
        bays[index].guest = guest
        // The camera was pulled out of another bay and put in here.
        for other in bays.indices where other != index && bays[other].guest?.camera == camera.camera {
            guard case .away = bays[other].phase, let left = bays[other].guest else { continue }
            if left.docking != camera.docking {
                actions.append(abandon(left, "the camera was put into bay \(name)"))
            }
            bays[other].clear(at: now)
        }
        return actions
    }

    /// A docking whose bay still waits for it to go on, and that will not.
    private func abandon(_ guest: Bay.Guest, _ reason: String) -> BayAction {
        .abandon(docking: guest.docking, camera: guest.camera, reason: reason)
    }

    mutating func moved(_ name: String, _ token: Int, _ stage: Bay.Stage, _ progress: WorkProgress, _ now: Instant) {
        guard let index = index(of: name, running: token), var run = bays[index].run else { return }
        if stage != run.stage || progress.bytes != run.progress.bytes || progress.waitsForSpool {
            run.moved = now
            run.isStalled = false
        }
        run.stage = stage
        run.progress = progress
        bays[index].phase = .working(run)
    }

    mutating func ended(_ name: String, _ token: Int, _ result: RunResult, _ now: Instant) -> [BayAction] {
        guard let index = index(of: name, running: token), let run = bays[index].run else { return [] }
        switch result {
        case .docked(let outcome, let needsDeepErase, let steps):
            return docked(index, run, outcome, needsDeepErase, steps, now)
        case .refused(let reason, let camera):
            if bays[index].device == nil { bays[index].clear(at: now) }
            return refuse(index, reason, camera: camera, now)
        case .failed(let error):
            return failed(index, error, now)
        }
    }

    private mutating func docked(
        _ index: Int, _ run: Bay.Run, _ outcome: DockingOutcome, _ needsDeepErase: Bool, _ steps: [ReleaseStep],
        _ now: Instant
    ) -> [BayAction] {
        bays[index].guest?.needsDeepErase = needsDeepErase
        bays[index].guest?.steps = steps
        guard bays[index].device != nil else {
            // Pulled: a docking that can go on waits for its camera; one that ended is over.
            if outcome.canGoOn { leave(index, now) } else { bays[index].clear(at: now) }
            return []
        }
        if run.lostDevice {
            // Whatever is in the bay now appeared after what the run had.
            if !outcome.canGoOn { bays[index].clear(at: now) }
            bays[index].enter(.seen("it was plugged in again"), at: now)
            return judge(index, now)
        }
        bays[index].enter(.settled(outcome), at: now)
        switch outcome {
        case .emptied:
            bays[index].attempts = 0
            bays[index].guest?.chargesSince = now
        case .incomplete, .interrupted: retryLater(index, now)
        case .kept, .held: bays[index].attempts = 0
        }
        return []
    }

    private mutating func failed(_ index: Int, _ error: DockError, _ now: Instant) -> [BayAction] {
        guard bays[index].device != nil else {
            if bays[index].guest != nil { leave(index, now) } else { bays[index].clear(at: now) }
            return []
        }
        if bays[index].run?.lostDevice == true {
            bays[index].enter(.seen("it was changed while it was looked at"), at: now)
            return judge(index, now)
        }
        bays[index].enter(.failed(error), at: now)
        if error.isPassing || error.code == .disconnected { retryLater(index, now) }
        return []
    }

    private mutating func retryLater(_ index: Int, _ now: Instant) {
        let delay = docking.retryAfter * Double(1 << min(bays[index].attempts, 6))
        bays[index].attempts += 1
        bays[index].retryAt = now.adding(seconds: min(delay, 3600))
    }

    // MARK: People

    mutating func obey(_ command: BayCommand, _ now: Instant) -> [BayAction] {
        switch command {
        case .retry(let name):
            for index in bays.indices where name == nil || bays[index].settings.name == name {
                retry(index, now)
            }
            return []
        case .release(let name):
            guard let index = bays.firstIndex(where: { $0.settings.name == name }) else { return [] }
            bays[index].hold = nil
            if case .settled = bays[index].phase, bays[index].device != nil {
                bays[index].enter(.waiting(.release), at: now)
            }
            return []
        case .hold(let name, let reason):
            guard let index = bays.firstIndex(where: { $0.settings.name == name }) else { return [] }
            bays[index].hold = reason
            return bays[index].run.map { [.hold(token: $0.token, reason: reason)] } ?? []
        }
    }

    private mutating func retry(_ index: Int, _ now: Instant) {
        guard bays[index].device != nil else { return }
        switch bays[index].phase {
        case .settled(.held), .settled(.incomplete), .settled(.interrupted), .settled(.kept), .failed, .refused:
            bays[index].attempts = 0
            bays[index].powerCycles = 0
            // A refused device is judged anew; the same reason is not written down twice.
            bays[index].enter(.seen("it is looked at again"), at: now)
            _ = judge(index, now)
        default: break
        }
    }

    /// What speaks against a command; nil if nothing does.
    public func objection(to command: BayCommand) -> String? {
        let name: String
        switch command {
        case .retry(nil): return nil
        case .retry(let bay?): name = bay
        case .release(let bay): name = bay
        case .hold(let bay, _): name = bay
        }
        guard let bay = bays.first(where: { $0.settings.name == name }) else {
            return "there is no bay \(name); there are: \(bays.map(\.settings.name).joined(separator: ", "))"
        }
        guard bay.device != nil || bay.isPowerOff else { return "bay \(name) is empty" }
        guard case .release = command else { return nil }
        switch bay.phase {
        case .settled(.held(let reasons)) where bay.hold == nil:
            return "its camera is held, and is not emptied by hand: \(reasons.joined(separator: "; "))"
        case .settled: return nil
        case .working: return "its camera is being worked on; wait until that has ended"
        default: return "nothing in bay \(name) can be released now"
        }
    }

    func index(of name: String, running token: Int) -> Int? {
        bays.firstIndex { $0.settings.name == name && $0.run?.token == token }
    }
}
