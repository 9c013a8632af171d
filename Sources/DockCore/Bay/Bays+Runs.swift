// What runs report, and what people ask for.

extension Bays {
    mutating func identified(_ name: String, _ token: Int, _ camera: IdentifiedCamera, _ now: Instant) -> [BayAction] {
        guard let index = index(of: name, running: token), var run = bays[index].run else { return [] }
        run.isIdentified = true
        bays[index].phase = .working(run)
        var actions: [BayAction] = []
        heritage.open.removeAll { $0.docking == camera.docking }
        let before = bays[index].guest
        if let before, before.camera != camera.camera { actions += replaced(index, before) }
        if let before, before.camera == camera.camera, before.docking != camera.docking, before.isOpen {
            actions.append(abandon(before, "a new docking of the camera began"))
        }
        var guest = Bay.Guest(camera: camera.camera, docking: camera.docking, wearer: camera.wearer)
        if let before, before.docking == camera.docking { guest.isOpen = before.isOpen }
        // An emptied camera that is looked at again has nothing left on it that tells its charge.
        let isSame = before?.camera == camera.camera
        guest.battery = camera.battery ?? (isSame ? battery(of: bays[index], at: now) : nil)
        guest.curve = camera.curve ?? (isSame ? before?.curve : nil)
        guest.needsDeepErase = isSame && before?.needsDeepErase == true
        bays[index].guest = guest
        // The camera was pulled out of another bay and put in here.
        for other in bays.indices where other != index && bays[other].guest?.camera == camera.camera {
            // A run that still ends there says itself what became of it.
            guard let left = bays[other].guest, left.isOpen, bays[other].run?.isIdentified != true else { continue }
            if left.docking != camera.docking {
                actions.append(abandon(left, "the camera was put into bay \(name)"))
            }
            if case .away = bays[other].phase { bays[other].clear(at: now) } else { bays[other].guest = nil }
        }
        return actions
    }

    /// Another camera is in a bay than before: a docking that still waited there will not go on.
    private mutating func replaced(_ index: Int, _ before: Bay.Guest) -> [BayAction] {
        bays[index].guest = nil
        bays[index].hold = nil
        bays[index].attempts = 0
        bays[index].powerCycles = 0
        return before.isOpen ? [abandon(before, "another camera was put in")] : []
    }

    /// A docking whose bay still waits for it to go on, and that will not.
    func abandon(_ guest: Bay.Guest, _ reason: String) -> BayAction {
        .abandon(docking: guest.docking, camera: guest.camera, reason: reason)
    }

    mutating func moved(_ name: String, _ token: Int, _ stage: Bay.Stage, _ progress: WorkProgress, _ now: Instant) {
        guard let index = index(of: name, running: token), var run = bays[index].run else { return }
        // Whoever waited for the spool has not come further because of that, up to now.
        let waits = progress.waitsForSpool != nil || run.progress.waitsForSpool != nil
        if stage != run.stage || progress.bytes != run.progress.bytes || waits {
            run.moved = now
            run.isStalled = false
            run.cycled = nil
        }
        run.stage = stage
        run.progress = progress
        bays[index].phase = .working(run)
    }

    mutating func ended(_ name: String, _ token: Int, _ result: RunResult, _ now: Instant) -> [BayAction] {
        guard let index = index(of: name, running: token), let run = bays[index].run else { return [] }
        var actions: [BayAction] = []
        var isOver = false
        switch result {
        case .docked(let outcome, let needsDeepErase, let steps, let causes):
            isOver = !outcome.canGoOn
            bays[index].guest?.isOpen = !isOver
            bays[index].guest?.needsDeepErase = needsDeepErase
            bays[index].guest?.steps = steps
            bays[index].guest?.causes = causes
        case .cooling: bays[index].guest?.isOpen = true
        case .refused(let reason, let camera):
            actions.append(refusal(of: run.device, in: index, reason, camera: camera))
            if let camera, let before = bays[index].guest, before.camera != camera {
                actions += replaced(index, before)
            }
        case .failed: break
        }
        guard let device = bays[index].device else {
            // Pulled: a docking that can go on waits for its camera; one that ended is over.
            if isOver { bays[index].clear(at: now) } else { actions += leave(index, now) }
            return actions
        }
        if run.lostDevice || !device.media.isSubset(of: run.device.media) {
            // Whatever is in the bay now appeared after what the run had.
            if isOver { bays[index].clear(at: now) }
            bays[index].enter(.seen("it was plugged in again"), at: now)
            return actions + judge(index, now)
        }
        settle(index, result, run.purpose, now)
        return actions
    }

    private mutating func settle(_ index: Int, _ result: RunResult, _ purpose: RunOrder.Purpose, _ now: Instant) {
        switch result {
        case .docked(let outcome, _, _, _):
            bays[index].enter(.settled(outcome), at: now)
            switch outcome {
            case .emptied:
                bays[index].attempts = 0
                bays[index].guest?.chargesSince = now
            case .incomplete, .interrupted: retryLater(index, now)
            case .kept, .held, .cooling: bays[index].attempts = 0
            }
        case .cooling(let until, let seconds):
            bays[index].enter(.settled(.cooling(until: until)), at: now)
            bays[index].attempts = 0
            // What a person has released stays released.
            bays[index].retryPurpose = purpose == .release ? .release : .offload
            bays[index].retryAt = now.adding(seconds: max(seconds, 1))
        case .refused(let reason, _): bays[index].enter(.refused(reason), at: now)
        case .failed(let error):
            bays[index].enter(.failed(error), at: now)
            if error.isPassing || error.code == .disconnected { retryLater(index, now) }
        }
    }

    private mutating func retryLater(_ index: Int, _ now: Instant) {
        let delay = docking.retryAfter * Double(1 << min(bays[index].attempts, 6))
        bays[index].attempts += 1
        bays[index].retryPurpose = .offload
        bays[index].retryAt = now.adding(seconds: min(delay, 3600))
    }

    /// A vault answers: whoever waits for the next try has its turn now.
    mutating func retryIncomplete(_ now: Instant) {
        for index in bays.indices {
            guard case .settled(.incomplete) = bays[index].phase, bays[index].retryAt != nil else { continue }
            bays[index].attempts = 0
            bays[index].retryAt = now
        }
    }

    /// Whatever is to be tried again by itself has its turn now. What must grow older waits on.
    mutating func retryPassing(_ now: Instant) {
        for index in bays.indices where bays[index].retryAt != nil {
            switch bays[index].phase {
            case .settled(.incomplete), .settled(.interrupted), .failed:
                bays[index].attempts = 0
                bays[index].retryAt = now
            default: break
            }
        }
    }

    // MARK: People

    mutating func obey(_ command: BayCommand, _ now: Instant) -> [BayAction] {
        guard objection(to: command) == nil else { return [] }
        switch command {
        case .retry(let name):
            return bays.indices.filter { name == nil || bays[$0].settings.name == name }.flatMap { retry($0, now) }
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

    private mutating func retry(_ index: Int, _ now: Instant) -> [BayAction] {
        guard bays[index].device != nil else { return [] }
        let before = bays[index].phase
        switch before {
        case .settled(.held), .settled(.incomplete), .settled(.interrupted), .settled(.kept), .settled(.cooling),
            .failed,
            .refused:
            bays[index].attempts = 0
            bays[index].powerCycles = 0
            // A refused device is judged anew; the same reason is not written down twice.
            bays[index].enter(.seen("it is looked at again"), at: now)
            let actions = judge(index, now)
            return bays[index].phase == before ? [] : actions
        default: return []
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
        case .settled(.held(let reasons)) where bay.hold == nil && !reasons.allSatisfy(Finding.isPersonsHold):
            return "its camera is held, and is not emptied by hand: \(reasons.joined(separator: "; "))"
        case .settled where bay.device.map { $0.media.isEmpty } ?? true:
            return "its camera shows no medium now: pull it and put it back"
        case .settled: return nil
        case .working: return "its camera is being worked on; wait until that has ended"
        default: return "nothing in bay \(name) can be released now"
        }
    }

    func index(of name: String, running token: Int) -> Int? {
        bays.firstIndex { $0.settings.name == name && $0.run?.token == token }
    }
}
