/// What happens at the dock.
public enum BayEvent: Sendable {
    /// Every USB device that is plugged in now: at the start, and when events were lost.
    case devices([DeviceFacts])
    /// A device appeared, or something about it changed.
    case device(DeviceFacts)
    /// The device with this kernel path is gone.
    case gone(String)
    /// A run found out which camera it has.
    case identified(bay: String, token: Int, IdentifiedCamera)
    /// A run came further.
    case progress(bay: String, token: Int, Bay.Stage, WorkProgress)
    /// A run ended.
    case ended(bay: String, token: Int, RunResult)
    /// Something that waited in the spool was delivered: what lacks a vault, or space in the spool, may go on.
    case delivered
    /// The night has come: whatever waits for its next try, because of something that may have passed, has its turn.
    case night
    /// A person wants something.
    case command(BayCommand)
    /// Time went by.
    case time
}

/// A camera that a run has recognised.
public struct IdentifiedCamera: Sendable, Equatable {
    /// Serial number.
    public var camera: String
    /// Name of the docking, new or resumed.
    public var docking: String
    /// Badge of the wearer.
    public var wearer: String?
    /// Charge as the camera came.
    public var battery: BatteryReading?
    /// How it charges.
    public var curve: ChargeCurve?

    /// Takes all values.
    public init(
        camera: String, docking: String, wearer: String? = nil, battery: BatteryReading? = nil,
        curve: ChargeCurve? = nil
    ) {
        self.camera = camera
        self.docking = docking
        self.wearer = wearer
        self.battery = battery
        self.curve = curve
    }
}

/// How a run ended.
public enum RunResult: Sendable, Equatable {
    /// The docking came to an end or a pause; after an erase with whether a deep one should follow, and with what was done to
    /// prepare the camera; otherwise with why it is not done.
    case docked(DockingOutcome, needsDeepErase: Bool, steps: [ReleaseStep], causes: [Cause] = [])
    /// The docking waits for its receipts to grow old enough: until this moment by the dock's clock, and so many seconds from
    /// now.
    case cooling(until: Instant, seconds: Double)
    /// The camera is not let in.
    case refused(String, camera: String?)
    /// It failed, and nothing on the camera was changed.
    case failed(DockError)
}

/// What a person at the dock may ask for.
public enum BayCommand: Sendable, Equatable {
    /// Try again what is held, incomplete, refused or failed: in this bay, or in all.
    case retry(bay: String?)
    /// Empty and release a camera that was kept; also ends a hold that a person asked for.
    case release(bay: String)
    /// Hold the camera in a bay.
    case hold(bay: String, reason: String)
}

/// What is to be done, in this order.
public enum BayAction: Sendable, Equatable {
    /// Start a run.
    case run(RunOrder)
    /// Tell a run to end: its device is gone.
    case interrupt(token: Int)
    /// Tell a run that a person holds its camera.
    case hold(token: Int, reason: String)
    /// Write down that a device was not let in.
    case refuse(DeviceRefused)
    /// Write down that a docking ended because its camera went and did not come back.
    case abandon(docking: String, camera: String, reason: String)
    /// Have an ejected disk come back.
    case loadMedium(bay: String, DeviceFacts)
    /// Switch a bay's power off and on again.
    case cyclePower(bay: String, DeviceFacts)
    /// Switch a bay's power.
    case switchPower(bay: String, DeviceFacts, on: Bool)
}

/// A run of the worker on the camera in a bay.
public struct RunOrder: Sendable, Equatable {
    /// What for.
    public enum Purpose: Sendable, Equatable {
        /// The whole way, up to the quick erase if the policy says so.
        case offload
        /// The whole way, up to the erase, although the policy says later: a person asked for it.
        case release
        /// A deep erase of an emptied camera; what may lie on it all the same goes the whole way first.
        case deepErase
    }

    /// Name of the bay.
    public var bay: String
    /// Names the run; never used twice.
    public var token: Int
    /// What for.
    public var purpose: Purpose
    /// The device.
    public var device: DeviceFacts
    /// Its disk.
    public var disk: DiskFacts
    /// Its volume.
    public var volume: VolumeFacts
    /// A docking that goes on if it is of the same camera.
    public var continues: String?
    /// Why a person holds the camera.
    public var hold: String?
}
