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
        scheduleDeepErases(now, minute)
        actions += admit(now)
        return actions + sharePower(now, minute)
    }

    private mutating func keepTime(_ index: Int, _ now: Instant) -> [BayAction] {
        switch bays[index].phase {
        case .away(let until) where until <= now:
            let actions = bays[index].guest.map {
                [
                    BayAction.abandon(
                        docking: $0.docking, camera: $0.camera, reason: "the camera was pulled before it was released")
                ]
            }
            bays[index].clear(at: now)
            return actions ?? []
        case .settled, .failed:
            if let due = bays[index].retryAt, due <= now, bays[index].device != nil, !isStopping {
                bays[index].enter(.waiting(.offload), at: now)
            }
            return []
        case .working(var run):
            guard run.stage == .reading || run.stage == .opening, !run.lostDevice, !run.progress.waitsForSpool else {
                return []
            }
            let still = now.seconds(since: run.moved)
            run.isStalled = still >= docking.stallAfter
            bays[index].phase = .working(run)
            return still >= hangAfter ? cyclePower(index) : []
        default: return []
        }
    }

    /// Seconds without a byte after which a camera's power is cycled, if that is possible.
    var hangAfter: Double { docking.stallAfter * 2 }

    private mutating func cyclePower(_ index: Int) -> [BayAction] {
        guard charging.power != .none, bays[index].powerCycles < charging.powerCycles, let device = bays[index].device,
            var run = bays[index].run
        else { return [] }
        bays[index].powerCycles += 1
        run.moved = run.moved.adding(seconds: hangAfter)
        bays[index].phase = .working(run)
        return [.cyclePower(bay: bays[index].settings.name, device)]
    }

    // MARK: Admission

    /// Whoever waited longest comes first; a camera that stalls takes nobody's place.
    private mutating func admit(_ now: Instant) -> [BayAction] {
        var free = docking.atOnce - bays.count { $0.run.map { !$0.isStalled } ?? false }
        var actions: [BayAction] = []
        while free > 0, let index = longestWaiting(), case .waiting(let purpose) = bays[index].phase {
            guard let device = bays[index].device, case .volume(let volume, let disk) = device.verdict(docking) else {
                actions += judge(index, now)
                // What is no volume any more does not wait.
                if case .waiting = bays[index].phase { bays[index].enter(.seen("its medium is gone"), at: now) }
                continue
            }
            let token = nextToken()
            bays[index].enter(.working(Bay.Run(token: token, purpose: purpose, moved: now)), at: now)
            actions.append(
                .run(
                    RunOrder(
                        bay: bays[index].settings.name, token: token, purpose: purpose, device: device, disk: disk,
                        volume: volume, continues: bays[index].guest?.docking, hold: bays[index].hold)))
            free -= 1
        }
        return actions
    }

    private func longestWaiting() -> Int? {
        bays.indices.filter { if case .waiting = bays[$0].phase { true } else { false } }
            .min { bays[$0].since < bays[$1].since }
    }

    private mutating func scheduleDeepErases(_ now: Instant, _ minute: Int) {
        guard erase.window.contains(minute: minute) else { return }
        for index in bays.indices where bays[index].isReleased && bays[index].guest?.needsDeepErase == true {
            guard bays[index].device != nil else { continue }
            bays[index].guest?.needsDeepErase = false
            bays[index].enter(.waiting(.deepErase), at: now)
        }
    }

    // MARK: Power

    /// Lets at most so many released cameras charge at once as the dock can bear: the ones needed soonest, then the emptiest.
    private mutating func sharePower(_ now: Instant, _ minute: Int) -> [BayAction] {
        guard charging.power != .none, let most = charging.atOnce else { return [] }
        let candidates = bays.indices.filter { bays[$0].isReleased && !isFull(bays[$0], now) }
        let order = candidates.sorted { urgency(bays[$0], minute, now) < urgency(bays[$1], minute, now) }
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

    private func urgency(_ bay: Bay, _ minute: Int, _ now: Instant) -> (Int, Int, String) {
        let needed = bay.guest.flatMap { neededAt[$0.camera] }.map { ($0 - minute + 1440) % 1440 } ?? 1440
        return (needed, battery(of: bay, at: now)?.percent ?? 0, bay.settings.name)
    }

    private func isFull(_ bay: Bay, _ now: Instant) -> Bool { battery(of: bay, at: now)?.percent == 100 }

    /// What is known of a battery now: the last reading, or an estimate from it.
    func battery(of bay: Bay, at now: Instant) -> BatteryReading? {
        guard let reading = bay.guest?.battery else { return nil }
        guard let curve = bay.guest?.curve, let since = bay.guest?.chargesSince else { return reading }
        let percent = curve.charge(from: reading.percent, after: now.seconds(since: since))
        return percent == reading.percent ? reading : BatteryReading(percent: percent, source: .estimate)
    }

    // MARK: The next moment

    /// When ``BayEvent/time`` is due next; nil if nothing waits for a moment.
    public func nextWake(after now: Instant, minute: Int) -> Instant? {
        var moments: [Instant] = []
        for bay in bays {
            switch bay.phase {
            case .away(let until): moments.append(until)
            case .settled(.emptied):
                if bay.guest?.needsDeepErase == true, bay.device != nil, !erase.window.contains(minute: minute) {
                    moments.append(now.adding(seconds: Double((erase.window.from - minute + 1440) % 1440) * 60))
                }
                if let full = fullAt(bay, now) { moments.append(full) }
            case .settled, .failed: if let retry = bay.retryAt { moments.append(retry) }
            case .working(let run) where !run.lostDevice && !run.progress.waitsForSpool:
                guard run.stage == .reading || run.stage == .opening else { break }
                moments.append(run.moved.adding(seconds: run.isStalled ? hangAfter : docking.stallAfter))
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
        return since.adding(seconds: curve.secondsToFull(from: reading.percent))
    }
}
