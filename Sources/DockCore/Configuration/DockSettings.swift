/// A place in the dock: one socket that a camera is plugged into.
public struct BaySettings: Sendable, Equatable {
    /// Its name, as printed on the dock.
    public var name: String
    /// The port paths that lead to it; usually one. The USB 2 and USB 3 halves of a socket may have one each.
    public var ports: [PortPath]
    /// Its lights.
    public var lights: BayLights

    /// Takes all values.
    public init(name: String, ports: [PortPath], lights: BayLights = BayLights()) {
        self.name = name
        self.ports = ports
        self.lights = lights
    }
}

/// Names of kernel LEDs (`/sys/class/leds`) that show a bay's state; several may be the same one. Nil where there is none.
public struct BayLights: Sendable, Equatable {
    /// Blinks while a camera must not be taken.
    public var busy: String?
    /// Steady when the camera may be taken.
    public var ready: String?
    /// On when a person must look.
    public var attention: String?

    /// Takes all values.
    public init(busy: String? = nil, ready: String? = nil, attention: String? = nil) {
        self.busy = busy
        self.ready = ready
        self.attention = attention
    }
}

/// How cameras are taken in when they are plugged in.
public struct DockingSettings: Sendable, Equatable {
    /// Cameras that are read at the same time; further ones wait, and say so.
    public var atOnce: Int
    /// Seconds that a camera which vanished may take to come back before its docking counts as broken off.
    public var comeBack: Double
    /// Seconds without a byte after which a camera counts as stalled: it is shown, and no longer counts among ``atOnce``.
    public var stallAfter: Double
    /// Seconds until an incomplete docking is tried again; doubled each time, up to an hour.
    public var retryAfter: Double
    /// USB models that are let in; empty lets any mass-storage device be looked at.
    public var usbModels: [USBModel]
    /// Whether only cameras that are listed are taken in.
    public var onlyRegistered: Bool

    /// Takes all values.
    public init(
        atOnce: Int = 8, comeBack: Double = 15, stallAfter: Double = 45, retryAfter: Double = 60,
        usbModels: [USBModel] = [], onlyRegistered: Bool = false
    ) {
        self.atOnce = atOnce
        self.comeBack = comeBack
        self.stallAfter = stallAfter
        self.retryAfter = retryAfter
        self.usbModels = usbModels
        self.onlyRegistered = onlyRegistered
    }
}

/// A camera that the administrator has listed.
public struct RegisteredCamera: Sendable, Equatable {
    /// Its serial number, as it names itself.
    public var serial: String
    /// Ed25519 public key (32 bytes) that its manifests must be signed with.
    public var publicKey: [UInt8]?
    /// The USB model that it must show.
    public var usb: USBModel?
    /// The USB serial number that it must show.
    public var usbSerial: String?
    /// Badge of the wearer, for provisioning.
    public var wearer: String?
    /// When it is needed each day, minutes after midnight by the dock's local time.
    public var neededAt: Int?
    /// Name of the team that it belongs to.
    public var team: String?
    /// The number that is printed on it, for people.
    public var number: String?

    /// Takes all values.
    public init(
        serial: String, publicKey: [UInt8]? = nil, usb: USBModel? = nil, usbSerial: String? = nil,
        wearer: String? = nil, neededAt: Int? = nil, team: String? = nil, number: String? = nil
    ) {
        self.serial = serial
        self.publicKey = publicKey
        self.usb = usb
        self.usbSerial = usbSerial
        self.wearer = wearer
        self.neededAt = neededAt
        self.team = team
        self.number = number
    }
}

/// How media are emptied.
public struct ErasePolicy: Sendable, Equatable {
    /// At the end of a docking, so that the camera is ready soon.
    public var quick: EraseMethod
    /// In the nightly window, once for each time that footage was erased; nil for never.
    public var deep: EraseMethod?
    /// When deep erases may begin, by the dock's local time.
    public var window: DailyWindow

    /// Takes all values.
    public init(quick: EraseMethod = .delete, deep: EraseMethod? = .overwrite, window: DailyWindow = .night) {
        self.quick = quick
        self.deep = deep
        self.window = window
    }
}

/// A stretch of each day, in minutes after midnight; it may go over midnight.
public struct DailyWindow: Sendable, Equatable {
    /// First minute that belongs to it, 0 to 1439.
    public var from: Int
    /// First minute that no longer belongs to it, 0 to 1439.
    public var until: Int

    /// Takes both minutes.
    public init(from: Int, until: Int) {
        self.from = from
        self.until = until
    }

    /// 01:00 to 05:00.
    public static let night = DailyWindow(from: 60, until: 300)

    /// Whether a minute after midnight lies in it. A window from a minute until the same minute is the whole day.
    public func contains(minute: Int) -> Bool {
        from < until ? (from..<until).contains(minute) : minute >= from || minute < until
    }
}

/// How cameras are charged.
public struct ChargingSettings: Sendable, Equatable {
    /// How a port's power is switched.
    public enum Power: String, Sendable, Equatable, CaseIterable {
        /// Not at all: every port always has power.
        case none
        /// By the kernel's `disable` attribute of the hub's port.
        case port
        /// By the program uhubctl.
        case uhubctl
    }

    /// How a port's power is switched.
    public var power: Power
    /// Cameras that may charge at the same time; nil for all. Needs ``power``.
    public var atOnce: Int?
    /// How often a camera that hangs is power-cycled before it is held, 0 to 5. Needs ``power``.
    public var powerCycles: Int

    /// Takes all values.
    public init(power: Power = .none, atOnce: Int? = nil, powerCycles: Int = 2) {
        self.power = power
        self.atOnce = atOnce
        self.powerCycles = powerCycles
    }
}

/// Where the agent is reached.
public struct AgentSettings: Sendable, Equatable {
    /// Folder of what lives only while the agent runs: its sockets and the mounts of the bays.
    public var runtime: String

    /// Takes the folder.
    public init(runtime: String = "/run/bodydock") { self.runtime = runtime }

    /// The control socket.
    public var socket: String { runtime + "/control.socket" }
    /// The socket that tells how the dock is, and takes no orders.
    public var statusSocket: String { runtime + "/status.socket" }
    /// Below this folder each bay's camera is mounted.
    public var mounts: String { runtime + "/bays" }
}
