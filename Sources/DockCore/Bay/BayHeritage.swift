/// What the ledger says of the time before the agent was started.
public struct BayHeritage: Sendable, Equatable {
    /// A docking that never ended.
    public struct OpenDocking: Sendable, Equatable {
        /// Its name.
        public var docking: String
        /// Serial number of the camera.
        public var camera: String

        /// Takes both.
        public init(docking: String, camera: String) {
            self.docking = docking
            self.camera = camera
        }
    }

    /// A camera that was released in a bay.
    public struct Released: Sendable, Equatable {
        /// What its device says of itself.
        public var usb: USBIdentity
        /// Who it is.
        public var camera: IdentifiedCamera
        /// Seconds since it was released.
        public var seconds: Double
        /// What was done to prepare it.
        public var steps: [ReleaseStep]
        /// Whether a deep erase should still follow.
        public var needsDeepErase: Bool

        /// Takes all values.
        public init(
            usb: USBIdentity, camera: IdentifiedCamera, seconds: Double, steps: [ReleaseStep], needsDeepErase: Bool
        ) {
            self.usb = usb
            self.camera = camera
            self.seconds = seconds
            self.steps = steps
            self.needsDeepErase = needsDeepErase
        }

        func guest(at now: Instant) -> Bay.Guest {
            var guest = Bay.Guest(camera: camera.camera, docking: camera.docking, wearer: camera.wearer)
            guest.battery = camera.battery
            guest.curve = camera.curve
            guest.chargesSince = now.adding(seconds: -seconds)
            guest.steps = steps
            guest.needsDeepErase = needsDeepErase
            return guest
        }
    }

    /// The last camera released in each bay.
    public var released: [String: Released]
    /// Dockings that never ended.
    public var open: [OpenDocking]
    /// When those whose camera has not shown itself count as broken off.
    public var until: Instant?

    /// Takes all values.
    public init(released: [String: Released] = [:], open: [OpenDocking] = [], until: Instant? = nil) {
        self.released = released
        self.open = open
        self.until = until
    }
}
