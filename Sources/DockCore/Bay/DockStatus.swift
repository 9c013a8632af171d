/// What a dock shows: everything that is said of it, on whatever surface, is made of this.
public struct DockStatus: Sendable, Equatable, Codable {
    /// The dock's name.
    public var dock: String
    /// Version of the agent.
    public var agent: String
    /// When the agent was started.
    public var since: Instant
    /// When this was so.
    public var now: Instant
    /// Every bay, in the order of the configuration.
    public var bays: [BayStatus]
    /// The spool.
    public var spool: SpoolStatus
    /// Every vault, in the order of the configuration.
    public var vaults: [VaultStatus]
    /// What a person must see to, by when it was raised.
    public var alarms: [Alarm]
    /// How far each camera is.
    public var cameras: [CameraReadiness]
    /// How the next shift will find them; nil if there is none within a week.
    public var next: ReadinessForecast?
    /// Whether the agent ends.
    public var isStopping: Bool

    /// Takes all values.
    public init(
        dock: String, agent: String, since: Instant, now: Instant, bays: [BayStatus], spool: SpoolStatus,
        vaults: [VaultStatus], alarms: [Alarm] = [], cameras: [CameraReadiness] = [], next: ReadinessForecast? = nil,
        isStopping: Bool
    ) {
        self.alarms = alarms
        self.cameras = cameras
        self.next = next
        self.dock = dock
        self.agent = agent
        self.since = since
        self.now = now
        self.bays = bays
        self.spool = spool
        self.vaults = vaults
        self.isStopping = isStopping
    }
}

extension DockStatus {
    /// Whether nothing else than time has passed since `other`, and space on the disk: what changes all the time by itself.
    public func showsTheSame(as other: DockStatus) -> Bool { timeless == other.timeless }

    /// Without badges, and without whatever may quote one: for eyes that need not know who wore what, and who saw to it.
    public var withoutPeople: DockStatus {
        var status = self
        status.bays = bays.map(\.withoutPeople)
        status.cameras = cameras.map(\.withoutPeople)
        status.vaults = vaults.map(\.withoutPlaces)
        status.alarms = alarms.map(\.withoutPeople)
        if let next { status.next = next.withoutPeople }
        return status
    }

    private var timeless: DockStatus {
        var status = self
        status.now = since
        status.spool.freeBytes = nil
        (status.cameras, status.next) = ([], nil)
        for index in status.bays.indices { status.bays[index].seconds = 0 }
        for index in status.vaults.indices {
            status.vaults[index].since = nil
            status.vaults[index].nextTry = nil
        }
        return status
    }
}

/// How the spool stands.
public struct SpoolStatus: Sendable, Equatable, Codable {
    /// Sealed segments of no docking under way that still lack a vault; nil if they were not counted yet.
    public var undelivered: Int?
    /// Bytes that are free on its disk; nil if that cannot be told.
    public var freeBytes: Int64?
    /// Bytes that must stay free.
    public var keepFree: Int64
    /// Sealed files that its disk has damaged; nil if there are none.
    public var damaged: [Damage]?

    /// Sealed files of one docking that are not what was sealed any more.
    public struct Damage: Sendable, Equatable, Codable {
        /// Name of the docking.
        public var docking: String
        /// Serial number of the camera.
        public var camera: String
        /// How many.
        public var files: Int

        /// Takes all values.
        public init(docking: String, camera: String, files: Int) {
            self.docking = docking
            self.camera = camera
            self.files = files
        }
    }

    /// Takes all values.
    public init(undelivered: Int?, freeBytes: Int64?, keepFree: Int64, damaged: [Damage]? = nil) {
        self.damaged = damaged
        self.undelivered = undelivered
        self.freeBytes = freeBytes
        self.keepFree = keepFree
    }
}
