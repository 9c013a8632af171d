// What is written down of a camera's visit to a bay, beside its footage.

/// A docking that had paused goes on: after a restart of the agent, a glitch of the plug, or because it is tried again.
public struct DockingResumed: Sendable, Equatable, Codable {
    /// Name of the docking.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// Version of the program.
    public var agent: String
    /// How the camera is plugged in this time.
    public var visit: Visit
    /// Files that are to be taken in now.
    public var segments: Int
    /// Their sizes together, in bytes.
    public var bytes: Int64

    /// Takes all values.
    public init(docking: String, camera: String, agent: String, visit: Visit, segments: Int, bytes: Int64) {
        self.docking = docking
        self.camera = camera
        self.agent = agent
        self.visit = visit
        self.segments = segments
        self.bytes = bytes
    }
}

/// A docking paused: it is not over, and goes on by itself.
public struct DockingPaused: Sendable, Equatable, Codable {
    /// Name of the docking.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// How far it came, and why no further.
    public var outcome: DockingOutcome
    /// Why no further, in values; nil where older versions wrote it.
    public var causes: [Cause]?

    /// Takes all values.
    public init(docking: String, camera: String, outcome: DockingOutcome, causes: [Cause] = []) {
        self.docking = docking
        self.camera = camera
        self.outcome = outcome
        self.causes = causes.isEmpty ? nil : causes
    }
}

/// How a camera is plugged in.
public struct Visit: Sendable, Hashable, Codable {
    /// Name of the bay.
    public var bay: String
    /// The port.
    public var port: PortPath
    /// The kernel's name for this very appearance of the disk: its boot and the disk's sequence number, `boot:sequence`. As
    /// long as it is the same, the plug was never pulled, and the card not changed.
    public var attachment: String
    /// The medium.
    public var medium: Medium

    /// Takes all values.
    public init(bay: String, port: PortPath, attachment: String, medium: Medium) {
        self.bay = bay
        self.port = port
        self.attachment = attachment
        self.medium = medium
    }
}

/// A device in a bay was not let in.
public struct DeviceRefused: Sendable, Equatable, Codable {
    /// Name of the bay.
    public var bay: String
    /// The port.
    public var port: PortPath
    /// What the device says of itself.
    public var usb: USBIdentity
    /// Serial number of the camera, where it was found out.
    public var camera: String?
    /// Why.
    public var reason: String

    /// Takes all values.
    public init(bay: String, port: PortPath, usb: USBIdentity, camera: String? = nil, reason: String) {
        self.bay = bay
        self.port = port
        self.usb = usb
        self.camera = camera
        self.reason = reason
    }
}

/// How far a camera's clock was off, measured before anything set it.
public struct ClockMeasured: Sendable, Equatable, Codable {
    /// Name of the docking.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// The camera's clock as it wrote its manifest.
    public var cameraClock: Instant
    /// The dock's clock as the camera's disk appeared.
    public var dockClock: Instant
    /// Camera's clock minus the dock's, in seconds. What the camera needed from writing its manifest until its disk appeared
    /// is in it, so the camera's clock may be ahead of this by as much.
    public var offsetSeconds: Double
    /// Largest error of the dock's clock in seconds, as the kernel reckons it (adjtimex(2)); nil if nothing disciplines the clock.
    public var dockErrorSeconds: Double?

    /// Takes both clocks.
    public init(
        docking: String, camera: String, cameraClock: Instant, dockClock: Instant, dockErrorSeconds: Double? = nil
    ) {
        self.docking = docking
        self.camera = camera
        self.cameraClock = cameraClock
        self.dockClock = dockClock
        offsetSeconds = cameraClock.seconds(since: dockClock)
        self.dockErrorSeconds = dockErrorSeconds
    }
}

/// Files were written to a camera as its profile says, and read back.
public struct CameraProvisioned: Sendable, Equatable, Codable {
    /// A file, as it was read back.
    public struct File: Sendable, Hashable, Codable {
        /// Where it lies.
        public var path: CameraPath
        /// SHA-256 of what it says.
        public var sha256: SHA256Digest

        /// Takes both.
        public init(path: CameraPath, sha256: SHA256Digest) {
            self.path = path
            self.sha256 = sha256
        }
    }

    /// Name of the docking.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// The files.
    public var files: [File]
    /// Whether one of them sets the camera's clock.
    public var setsClock: Bool

    /// Takes all values.
    public init(docking: String, camera: String, files: [File], setsClock: Bool) {
        self.docking = docking
        self.camera = camera
        self.files = files
        self.setsClock = setsClock
    }
}

/// A step that prepares an emptied camera for its next wearer.
public struct ReleaseStep: Sendable, Equatable, Codable {
    /// What is done.
    public enum Kind: String, Sendable, Codable {
        /// Write what the profile says.
        case provision
        /// Tell the disk to stop, so that the camera goes over to charging.
        case eject
        /// Switch the port's power.
        case power
    }

    /// What is done.
    public var kind: Kind
    /// Whether it worked.
    public var worked: Bool
    /// What happened, in a few words.
    public var note: String

    /// Takes all values.
    public init(_ kind: Kind, worked: Bool, _ note: String) {
        self.kind = kind
        self.worked = worked
        self.note = note
    }
}

/// A camera may be taken. Steps that failed do not keep it; they are shown.
public struct CameraReleased: Sendable, Equatable, Codable {
    /// Name of the docking.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// Name of the bay.
    public var bay: String
    /// What was done to prepare it.
    public var steps: [ReleaseStep]

    /// Takes all values.
    public init(docking: String, camera: String, bay: String, steps: [ReleaseStep]) {
        self.docking = docking
        self.camera = camera
        self.bay = bay
        self.steps = steps
    }
}
