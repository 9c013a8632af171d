// What is due: places that became free, retries, cameras that did not come back, hung cameras, deep erases, power.

extension Bays {
    mutating func keepTime(_ now: Instant, minute: Int) -> [BayAction] {
        var actions: [BayAction] = []
        for index in bays.indices { actions += keepTime(index, now) }
        if let until = heritage.until, until <= now {
            actions += heritage.open.map {
                .abandon(docking: $0.docking, camera: $0.camera, reason: "the camera was gone when the agent started")
            }
            heritage.open = []
            heritage.until = nil
        }
        guard !isStopping else { return actions }
        actions += scheduleDeepErases(now, minute)
        actions += admit(now)
        return actions + sharePower(now, minute)
    }

    private mutating func keepTime(_ index: Int, _ now: Instant) -> [BayAction] {
        switch bays[index].phase {
        case .away(let until) where until <= now:
            let guest = bays[index].guest.flatMap { $0.isOpen ? $0 : nil }
            bays[index].clear(at: now)
            return guest.map { [abandon($0, "the camera was pulled before it was released")] } ?? []
        case .settled where isMissing(bays[index]):
            if let due = missedAt(bays[index]), due <= now { bays[index].clear(at: now) }
            return []
        case .settled, .failed:
            if let due = bays[index].retryAt, due <= now, bays[index].device != nil, !isStopping {
                bays[index].enter(.waiting(bays[index].retryPurpose), at: now)
            }
            return []
        case .working(var run):
            guard run.stage == .reading || run.stage == .opening, !run.lostDevice, run.progress.waitsForSpool == nil
            else {
                return []
            }
            let still = now.seconds(since: run.moved)
            run.isStalled = still >= docking.stallAfter
            bays[index].phase = .working(run)
            return now.seconds(since: run.cycled ?? run.moved) >= hangAfter ? cyclePower(index, now) : []
        default: return []
        }
    }

    /// Whether a camera's port is on again and the camera has not shown itself since.
    private func isMissing(_ bay: Bay) -> Bool { bay.isReleased && bay.device == nil && !bay.isPowerOff }

    private func missedAt(_ bay: Bay) -> Instant? { bay.guest?.chargesSince?.adding(seconds: docking.comeBack) }

    /// Seconds without a byte after which a camera's power is cycled, if that is possible.
    var hangAfter: Double { docking.stallAfter * 2 }

    private func mayCyclePower(_ bay: Bay) -> Bool {
        charging.power != .none && bay.powerCycles < charging.powerCycles
    }

    private mutating func cyclePower(_ index: Int, _ now: Instant) -> [BayAction] {
        guard mayCyclePower(bays[index]), let device = bays[index].device, var run = bays[index].run else { return [] }
        bays[index].powerCycles += 1
        run.cycled = now
        bays[index].phase = .working(run)
        return [.cyclePower(bay: bays[index].settings.name, device)]
    }

    // MARK: Admission

    /// Whoever waited longest comes first; a camera that stalls takes nobody's place.
    private mutating func admit(_ now: Instant) -> [BayAction] {
        var free = freePlaces
        var actions: [BayAction] = []
        while free > 0, let index = longestWaiting(), case .waiting(let purpose) = bays[index].phase {
            guard let device = bays[index].device, case .volume(let volume, let disk) = device.verdict(docking) else {
                actions += judge(index, now)
                // What is no volume any more does not wait.
                if case .waiting = bays[index].phase { bays[index].enter(.seen("its medium is gone"), at: now) }
                continue
            }
            let token = nextToken()
            bays[index].enter(.working(Bay.Run(token: token, purpose: purpose, device: device, moved: now)), at: now)
            actions.append(
                .run(
                    RunOrder(
                        bay: bays[index].settings.name, token: token, purpose: purpose, device: device, disk: disk,
                        volume: volume, continues: bays[index].guest?.docking, hold: bays[index].hold)))
            free -= 1
        }
        return actions
    }

    private var freePlaces: Int { docking.atOnce - bays.count { $0.run.map { !$0.isStalled } ?? false } }

    private var waiting: [Int] {
        bays.indices.filter { if case .waiting = bays[$0].phase { true } else { false } }
    }

    private func longestWaiting() -> Int? { waiting.min { bays[$0].since < bays[$1].since } }

    /// Only as many as can begin now: a camera that has no turn yet may be taken, and none begins after the window.
    private mutating func scheduleDeepErases(_ now: Instant, _ minute: Int) -> [BayAction] {
        guard erase.window.contains(minute: minute) else { return [] }
        let due = bays.indices.filter { awaitsDeepErase(bays[$0]) }
        var actions: [BayAction] = []
        for index in due.prefix(max(0, freePlaces - waiting.count)) {
            guard let device = bays[index].device else { continue }
            if device.isEjected {
                // Its disk was stopped when it was released: what comes back is erased.
                bays[index].guest?.awaitsMedium = true
                actions.append(.loadMedium(bay: bays[index].settings.name, device))
            } else {
                bays[index].guest?.needsDeepErase = false
                bays[index].enter(.waiting(.deepErase), at: now)
            }
        }
        return actions
    }

    /// Whether a released camera should be erased deeply, and nothing was begun yet.
    private func awaitsDeepErase(_ bay: Bay) -> Bool {
        guard bay.isReleased, let guest = bay.guest, guest.needsDeepErase, !guest.awaitsMedium, let device = bay.device
        else { return false }
        if device.isEjected { return true }
        if case .volume = device.verdict(docking) { return true }
        return false
    }

    // MARK: Power

    /// Lets at most so many released cameras charge at once as the dock can bear: the ones needed soonest, then the emptiest.
    private mutating func sharePower(_ now: Instant, _ minute: Int) -> [BayAction] {
        guard charging.power != .none, let most = charging.atOnce else { return [] }
        let candidates = bays.indices.filter {
            bays[$0].isReleased && bays[$0].guest != nil && !isMissing(bays[$0]) && !isFull(bays[$0], now)
        }
        let order = candidates.sorted { urgency(bays[$0], minute) < urgency(bays[$1], minute) }
        let chosen = Set(order.prefix(most))
        var actions: [BayAction] = []
        for index in candidates {
            guard let device = bays[index].device ?? bays[index].guest?.lastDevice else { continue }
            let isOff = !chosen.contains(index)
            guard isOff != bays[index].isPowerOff else { continue }
            if isOff {
                // What was charged so far counts.
                let reached = battery(of: bays[index], at: now)
                bays[index].guest?.battery = reached
                bays[index].guest?.chargesSince = nil
                bays[index].guest?.lastDevice = device
            } else {
                bays[index].guest?.chargesSince = now
            }
            bays[index].isPowerOff = isOff
            actions.append(.switchPower(bay: bays[index].settings.name, device, on: !isOff))
        }
        return actions
    }

    /// By the charge that a camera began with, so that one which charges is not switched off as soon as it is ahead. Batteries
    /// that nobody knows are never known to be full: they come last.
    private func urgency(_ bay: Bay, _ minute: Int) -> (Int, Int, String) {
        let needed = bay.guest.flatMap { neededAt[$0.camera] }.map { ($0 - minute + 1440) % 1440 } ?? 1440
        return (needed, bay.guest?.battery?.percent ?? 100, bay.settings.name)
    }

    private func isFull(_ bay: Bay, _ now: Instant) -> Bool { battery(of: bay, at: now)?.percent == 100 }

    /// What is known of a battery now: the last reading, or an estimate from it.
    func battery(of bay: Bay, at now: Instant) -> BatteryReading? {
        guard let reading = bay.guest?.battery else { return nil }
        guard let curve = bay.guest?.curve, let since = bay.guest?.chargesSince else { return reading }
        // Rounding down must not take away what was there.
        let percent = max(reading.percent, curve.charge(from: reading.percent, after: now.seconds(since: since)))
        return percent == reading.percent ? reading : BatteryReading(percent: percent, source: .estimate)
    }

    /// Seconds until a battery is full by its curve, if it charges from now on; nil if nobody knows.
    func secondsToFull(of bay: Bay, at now: Instant) -> Double? {
        guard let guest = bay.guest, let curve = guest.curve, let reading = guest.battery else { return nil }
        let charged = guest.chargesSince.map { now.seconds(since: $0) } ?? 0
        return max(0, curve.secondsToFull(from: reading.percent) - charged)
    }

    // MARK: The next moment

    /// When ``BayEvent/time`` is due next; nil if nothing waits for a moment.
    public func nextWake(after now: Instant, minute: Int) -> Instant? {
        var moments: [Instant] = []
        for bay in bays {
            switch bay.phase {
            case .away(let until): moments.append(until)
            case .settled(.emptied):
                if isMissing(bay), let due = missedAt(bay) { moments.append(due) }
                if awaitsDeepErase(bay), !erase.window.contains(minute: minute) {
                    moments.append(now.adding(seconds: Double((erase.window.from - minute + 1440) % 1440) * 60))
                }
                if let full = fullAt(bay, now) { moments.append(full) }
            case .settled, .failed: if let retry = bay.retryAt { moments.append(retry) }
            case .working(let run) where !run.lostDevice && run.progress.waitsForSpool == nil:
                guard run.stage == .reading || run.stage == .opening else { break }
                if !run.isStalled {
                    moments.append(run.moved.adding(seconds: docking.stallAfter))
                } else if mayCyclePower(bay) {
                    moments.append((run.cycled ?? run.moved).adding(seconds: hangAfter))
                }
            default: break
            }
        }
        if let until = heritage.until { moments.append(until) }
        // A moment that has passed without anything to do must not make the agent spin.
        return moments.filter { $0 > now }.min()
    }

    /// When a charging camera is full, by its curve; nil if it is, or nobody knows.
    private func fullAt(_ bay: Bay, _ now: Instant) -> Instant? {
        guard let guest = bay.guest, let curve = guest.curve, let reading = guest.battery, reading.percent < 100,
            let since = guest.chargesSince
        else { return nil }
        // A millisecond more than computed, so that rounding does not leave it a hair from full.
        return since.adding(seconds: curve.secondsToFull(from: reading.percent) + 0.001)
    }
}
