/// One bay and what goes on in it. A value: only ``Bays`` changes it.
public struct Bay: Sendable {
    /// Which step of its way a camera is at.
    public enum Stage: String, Sendable, Codable {
        /// It is looked at: recognised, listed, compared with its manifest.
        case opening
        /// Its segments are read, sealed and delivered.
        case reading
        /// Everything is read; vaults have not answered yet.
        case delivering
        /// Its medium is emptied.
        case erasing
        /// It is prepared for its next wearer.
        case releasing
    }

    /// A run of the worker on the camera in a bay.
    struct Run: Sendable, Equatable {
        var token: Int
        var purpose: RunOrder.Purpose
        /// The device that it was given.
        var device: DeviceFacts
        var stage = Stage.opening
        var progress = WorkProgress()
        /// When it last came further.
        var moved: Instant
        var isStalled = false
        /// When its port's power was last cycled because it hung; it has not come further since.
        var cycled: Instant?
        /// It has found out which camera it has.
        var isIdentified = false
        /// The device went while it ran; the run has been told and ends soon.
        var lostDevice = false
    }

    enum Phase: Sendable, Equatable {
        /// Nothing is plugged in.
        case empty
        /// A device is there, and it is not known yet what it is.
        case seen(String)
        /// It is not let in.
        case refused(String)
        /// It waits for a place among those that are read.
        case waiting(RunOrder.Purpose)
        /// It is worked on.
        case working(Run)
        /// It vanished in the middle of its docking and may come back.
        case away(until: Instant)
        /// Work on it ended.
        case settled(DockingOutcome)
        /// Work on it failed before there was a docking.
        case failed(DockError)
    }

    /// The camera that is, or just was, in the bay.
    struct Guest: Sendable, Equatable {
        var camera: String
        var docking: String
        /// Its docking is not over: it goes on, or is abandoned.
        var isOpen = true
        var wearer: String?
        var battery: BatteryReading?
        var curve: ChargeCurve?
        /// When it began to charge: when it was ejected.
        var chargesSince: Instant?
        /// Footage was erased, and a deep erase has not followed yet.
        var needsDeepErase = false
        /// Its disk was asked to come back, to be erased deeply.
        var awaitsMedium = false
        /// What was done to prepare it.
        var steps: [ReleaseStep] = []
        /// Why its last docking was not done.
        var causes: [Cause] = []
        /// The device as it was when its port was switched off.
        var lastDevice: DeviceFacts?
    }

    var settings: BaySettings
    var phase = Phase.empty
    /// When the phase began.
    var since: Instant
    var device: DeviceFacts?
    var guest: Guest?
    /// A person asked to hold the camera: why.
    var hold: String?
    /// When an incomplete docking is tried again.
    var retryAt: Instant?
    /// What for.
    var retryPurpose = RunOrder.Purpose.offload
    /// How often it was tried in vain.
    var attempts = 0
    /// How often its power was cycled because it hung.
    var powerCycles = 0
    /// Whether its port was switched off to let others charge first.
    var isPowerOff = false

    init(_ settings: BaySettings, at now: Instant) {
        self.settings = settings
        since = now
    }

    var run: Run? { if case .working(let run) = phase { run } else { nil } }

    /// Whether the camera was emptied and only charges.
    var isReleased: Bool { phase == .settled(.emptied) }

    mutating func enter(_ phase: Phase, at now: Instant) {
        self.phase = phase
        since = now
        if case .settled = phase {} else { retryAt = nil }
    }

    /// Everything about a camera that is no longer here.
    mutating func clear(at now: Instant) {
        enter(.empty, at: now)
        guest = nil
        hold = nil
        attempts = 0
        powerCycles = 0
        isPowerOff = false
    }
}

/// How far a run is.
public struct WorkProgress: Sendable, Equatable, Codable {
    /// Bytes done.
    public var bytes: Int64
    /// Bytes to be done; 0 if not known.
    public var total: Int64
    /// Bytes per second; 0 if not known.
    public var bytesPerSecond: Double
    /// What it waits for at the spool; nil if it does not.
    public var waitsForSpool: SpoolWait?
    /// Bytes of footage that some required vault does not hold yet; nil if that is not known.
    public var unsafeBytes: Int64?

    /// Takes all values.
    public init(
        bytes: Int64 = 0, total: Int64 = 0, bytesPerSecond: Double = 0, waitsForSpool: SpoolWait? = nil,
        unsafeBytes: Int64? = nil
    ) {
        self.unsafeBytes = unsafeBytes
        self.bytes = bytes
        self.total = total
        self.bytesPerSecond = bytesPerSecond
        self.waitsForSpool = waitsForSpool
    }
}

/// What a run may have to wait for at the spool.
public enum SpoolWait: String, Sendable, Codable {
    /// For space.
    case space
    /// For what the camera left there before, which is being delivered.
    case delivery
}

/// A battery's charge, and how it is known.
public struct BatteryReading: Sendable, Equatable, Codable {
    /// Where a reading comes from.
    public enum Source: String, Sendable, Codable {
        /// The camera's manifest.
        case manifest
        /// The camera's own status file.
        case statusFile
        /// A power supply that the kernel knows.
        case kernel
        /// Computed from the profile's charge curve, from the last reading on.
        case estimate
    }

    /// Charge in percent, 0 to 100.
    public var percent: Int
    /// How it is known.
    public var source: Source

    /// Takes both; percent is brought between 0 and 100.
    public init(percent: Int, source: Source) {
        self.percent = min(max(percent, 0), 100)
        self.source = source
    }
}
