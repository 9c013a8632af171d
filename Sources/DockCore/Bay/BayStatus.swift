/// What a bay shows: the one value that the status, the lights, and later the board render.
public struct BayStatus: Sendable, Equatable, Codable {
    /// The state, as a word that never changes its meaning.
    public enum State: String, Sendable, Codable, CaseIterable {
        /// Nothing is plugged in.
        case empty
        /// A device is there, and it is not known yet what it is.
        case seen
        /// A camera waits for its turn, or for space in the spool.
        case waiting
        /// A camera is looked at or read: do not take it.
        case reading
        /// Everything is read, and is being delivered: do not take it.
        case delivering
        /// It is emptied: do not take it.
        case erasing
        /// It does not come further: do not take it; a person should look.
        case stalled
        /// Emptied, and charging.
        case charging
        /// Emptied and charged, as far as that is known: take it.
        case ready
        /// Everything is safe, and the footage stays on it as asked.
        case kept
        /// Everything is safe; it is emptied when the receipts are old enough: do not take it.
        case cooling
        /// Not everything is delivered: it is tried again by itself.
        case incomplete
        /// The camera keeps its footage, and a person must look.
        case held
        /// It is no camera, or not one of ours.
        case refused
        /// It could not be taken in.
        case failed
        /// It was pulled before its docking was over.
        case away
    }

    /// Name of the bay.
    public var bay: String
    /// Its state.
    public var state: State
    /// Seconds since that began.
    public var seconds: Double
    /// Why, or what is to be done; empty where the state says it all.
    public var reasons: [String]
    /// Serial number of the camera, once it is known.
    public var camera: String?
    /// Badge of its wearer.
    public var wearer: String?
    /// Name of its docking.
    public var docking: String?
    /// How far work is.
    public var progress: WorkProgress?
    /// Seconds until work ends, by the rate so far.
    public var secondsLeft: Double?
    /// Its battery.
    public var battery: BatteryReading?
    /// Seconds of charging until that is full, by the charge curve of its kind; nil if nobody knows.
    public var secondsToFull: Double?
    /// What the device in the bay says of itself.
    public var usb: USBIdentity?
    /// The port it is in, or those that lead to the bay.
    public var ports: [PortPath]
    /// What was done to prepare it for its next wearer.
    public var steps: [ReleaseStep]
    /// ``reasons`` in values; nil where there are none, or only such as were written down by an older version.
    public var causes: [Cause]?

    /// Without badges: of reasons what they are in general, and no file's name. Some cameras put the badge into those.
    var withoutPeople: BayStatus {
        var status = self
        status.wearer = nil
        status.causes = causes?.withoutPeople
        status.reasons = status.causes?.map(\.sentence) ?? []
        for index in status.steps.indices { status.steps[index].note = "" }
        return status
    }
}

extension Bays {
    /// What every bay shows.
    public func status(at now: Instant) -> [BayStatus] { bays.map { status(of: $0, at: now) } }

    private func status(of bay: Bay, at now: Instant) -> BayStatus {
        let (state, reasons, causes) = state(of: bay, at: now)
        let progress = bay.run?.progress
        var left: Double?
        if let progress, progress.bytesPerSecond > 0, progress.total > progress.bytes {
            left = Double(progress.total - progress.bytes) / progress.bytesPerSecond
        }
        if case .settled(.cooling) = bay.phase, let retry = bay.retryAt { left = max(0, retry.seconds(since: now)) }
        return BayStatus(
            bay: bay.settings.name, state: state, seconds: now.seconds(since: bay.since), reasons: reasons,
            camera: bay.guest?.camera, wearer: bay.guest?.wearer, docking: bay.guest?.docking, progress: progress,
            secondsLeft: left, battery: battery(of: bay, at: now), secondsToFull: secondsToFull(of: bay, at: now),
            usb: bay.device?.usb,
            ports: bay.device.map { [$0.port] } ?? bay.settings.ports, steps: bay.guest?.steps ?? [],
            causes: causes.isEmpty ? nil : causes)
    }

    /// A state, why in English, and the same in values.
    private typealias Shown = (state: BayStatus.State, reasons: [String], causes: [Cause])

    private func shown(_ state: BayStatus.State) -> Shown { (state, [], []) }

    private func shown(_ state: BayStatus.State, _ cause: Cause.Condition, _ reason: String) -> Shown {
        (state, [reason], [Cause(.state(cause))])
    }

    private func state(of bay: Bay, at now: Instant) -> Shown {
        switch bay.phase {
        case .empty: return shown(.empty)
        case .seen(let what): return shown(.seen, .lookedAt, what)
        case .refused(let reason): return shown(.refused, .notOurs, reason)
        case .waiting:
            return shown(
                .waiting, .awaitsTurn, "\(docking.atOnce) cameras are read at once: it is next when one is done")
        case .working(let run): return state(of: run, at: now)
        case .away: return shown(.away, .pulled, "it was pulled before it was released: put it back")
        case .failed(let error): return shown(.failed, .notTakenIn, error.description)
        case .settled(let outcome): return state(of: bay, outcome, at: now)
        }
    }

    private func state(of run: Bay.Run, at now: Instant) -> Shown {
        if run.lostDevice { return shown(.away, .pulled, "it was pulled before it was released: put it back") }
        if run.isStalled {
            let seconds = Int(now.seconds(since: run.moved))
            return shown(.stalled, .nothingRead, "nothing was read for \(seconds) s: the card or the plug fails")
        }
        switch run.stage {
        case .reading where run.progress.waitsForSpool == .space:
            return shown(.waiting, .spoolFull, "the spool is full: it goes on when segments are delivered")
        case .reading where run.progress.waitsForSpool == .delivery:
            return shown(
                .waiting, .spoolBusy, "what it left in the spool before is being delivered: it goes on after that")
        case .opening, .reading: return shown(.reading)
        case .delivering: return shown(.delivering)
        case .erasing, .releasing: return shown(.erasing)
        }
    }

    private func state(of bay: Bay, _ outcome: DockingOutcome, at now: Instant) -> Shown {
        let causes = bay.guest?.causes ?? []
        switch outcome {
        case .emptied: return released(bay, at: now)
        case .kept: return shown(.kept)
        case .cooling: return (.cooling, outcome.reasons, [Cause(.state(.receiptsYoung))])
        case .held(let reasons): return (.held, reasons, causes)
        case .incomplete(let reasons), .interrupted(let reasons): return (.incomplete, reasons, causes)
        }
    }

    private func released(_ bay: Bay, at now: Instant) -> Shown {
        let failed = bay.guest?.steps.filter { !$0.worked }.map { "\($0.kind.rawValue): \($0.note)" } ?? []
        let causes = failed.isEmpty ? [] : [Cause(.state(.notPrepared))]
        if bay.isPowerOff {
            return (
                .charging, ["its port is off until others are charged"] + failed, [Cause(.state(.portOff))] + causes
            )
        }
        // A battery that nobody can tell keeps no camera.
        let isCharging = battery(of: bay, at: now).map { $0.percent < 100 } ?? false
        return (isCharging ? .charging : .ready, failed, causes)
    }
}

/// What a light does.
public enum LightPattern: Sendable, Hashable {
    /// Dark.
    case off
    /// Steady.
    case on
    /// On and off, in milliseconds each.
    case blink(on: Int, off: Int)
}

extension BayStatus {
    /// What each of a bay's lights shows; several may be the same LED, so the first that is not off counts for it.
    public func patterns(_ lights: BayLights) -> [String: LightPattern] {
        var patterns: [String: LightPattern] = [:]
        for (name, pattern) in [(lights.attention, attention), (lights.busy, busy), (lights.ready, ready)] {
            guard let name else { continue }
            if patterns[name] ?? .off == .off { patterns[name] = pattern }
        }
        return patterns
    }

    /// Do not take it.
    private var busy: LightPattern {
        switch state {
        case .seen: .blink(on: 100, off: 100)
        case .waiting, .reading, .delivering, .erasing, .cooling, .incomplete: .blink(on: 500, off: 500)
        default: .off
        }
    }

    /// Take it; while it charges the light only glimmers.
    private var ready: LightPattern {
        switch state {
        case .ready: .on
        case .charging: .blink(on: 100, off: 1900)
        default: .off
        }
    }

    /// A person must look.
    private var attention: LightPattern {
        switch state {
        case .held, .refused, .failed, .stalled, .away: .blink(on: 250, off: 250)
        default: .off
        }
    }
}
