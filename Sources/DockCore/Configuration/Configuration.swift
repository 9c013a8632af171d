/// The administrator's configuration, as typed values with every default filled in. `DockConfig` reads it from the file.
public struct Configuration: Sendable, Equatable {
    /// The dock's name, printed on it and in every record.
    public var dock: String
    /// Names the dock's ledger in its checkpoints.
    public var origin: String
    /// Where the dock's signing key lies: an absolute path, or the name of a credential that systemd hands to the service; nil
    /// for one in the state folder.
    public var signingKey: String?
    /// Who stamps the checkpoints of nights; nil for nobody.
    public var timestamp: TimestampSettings?
    /// Folder of the ledger, spool and keys.
    public var state: String
    /// Folder of the spool: sealed segments that are not confirmed everywhere yet.
    public var spool: Spool
    /// For whom segments are sealed.
    public var recipients: [String]
    /// Where sealed segments go.
    public var vaults: [VaultSettings]
    /// When a camera is emptied.
    public var release: ReleasePolicy
    /// Further folders with camera profiles, searched before the shipped ones.
    public var profileFolders: [String]
    /// Whose cameras they are, and for how long their footage is kept.
    public var teams: [TeamSettings]
    /// What becomes of footage that was kept for as long as its team keeps it.
    public var retention: RetentionSettings
    /// Cameras that are listed.
    public var cameras: [RegisteredCamera]
    /// Bounds on what a camera may present.
    public var limits: IntakeLimits
    /// The places of the dock; empty makes every port with a camera a bay that is named after it.
    public var bays: [BaySettings]
    /// How cameras are taken in when they are plugged in.
    public var docking: DockingSettings
    /// How media are emptied.
    public var erase: ErasePolicy
    /// How cameras are charged.
    public var charging: ChargingSettings
    /// Where the agent is reached.
    public var agent: AgentSettings
    /// How the board is reached.
    public var board: BoardSettings
    /// How the uplink is used.
    public var delivery: DeliverySettings
    /// How much the nightly run looks after.
    public var nightly: NightSettings
    /// The shifts of a week.
    public var shifts: ShiftPlan
    /// A CSV file that says who wears which camera; nil for none.
    public var roster: String?
    /// How shifts are handed over.
    public var handover: HandoverSettings

    /// Takes all values.
    public init(
        dock: String, origin: String? = nil, signingKey: String? = nil,
        timestamp: TimestampSettings? = nil, state: String, spool: Spool,
        recipients: [String],
        vaults: [VaultSettings],
        release: ReleasePolicy,
        profileFolders: [String] = [], cameras: [RegisteredCamera] = [], limits: IntakeLimits = IntakeLimits(),
        bays: [BaySettings] = [], docking: DockingSettings = DockingSettings(), erase: ErasePolicy = ErasePolicy(),
        charging: ChargingSettings = ChargingSettings(), agent: AgentSettings = AgentSettings(),
        board: BoardSettings = BoardSettings(),
        delivery: DeliverySettings = DeliverySettings(), nightly: NightSettings = NightSettings(),
        teams: [TeamSettings] = [], shifts: ShiftPlan = ShiftPlan(), roster: String? = nil,
        handover: HandoverSettings = HandoverSettings(), retention: RetentionSettings = RetentionSettings()
    ) {
        self.dock = dock
        self.origin = origin ?? "bodydock/\(dock)"
        self.signingKey = signingKey
        self.timestamp = timestamp
        self.state = state
        self.spool = spool
        self.recipients = recipients
        self.vaults = vaults
        self.release = release
        self.profileFolders = profileFolders
        self.cameras = cameras
        self.limits = limits
        self.bays = bays
        self.docking = docking
        self.erase = erase
        self.charging = charging
        self.agent = agent
        self.board = board
        self.delivery = delivery
        self.nightly = nightly
        self.teams = teams
        self.shifts = shifts
        self.roster = roster
        self.handover = handover
        self.retention = retention
    }

    /// Ed25519 public keys (32 bytes) pinned for cameras, by serial number.
    public var pinnedKeys: [String: [UInt8]] {
        Dictionary(cameras.compactMap { camera in camera.publicKey.map { (camera.serial, $0) } }) { first, _ in first }
    }

    /// The spool's place and bounds.
    public struct Spool: Sendable, Equatable {
        /// Its folder.
        public var path: String
        /// Bytes of free space that are left on its file system; no new segment is sealed below it.
        public var keepFree: Int64

        /// Takes all values.
        public init(path: String, keepFree: Int64) {
            self.path = path
            self.keepFree = keepFree
        }
    }
}

/// Bounds on what a camera may present; whatever is beyond them is reported and holds the camera.
public struct IntakeLimits: Sendable, Equatable {
    /// Files on one camera.
    public var files: Int
    /// Folder depth.
    public var depth: Int
    /// Size of one manifest or sums file in bytes.
    public var manifestBytes: Int64

    /// Takes all values; the defaults fit a 512 GB card full of one-minute segments.
    public init(files: Int = 250_000, depth: Int = 16, manifestBytes: Int64 = 128 << 20) {
        self.files = files
        self.depth = depth
        self.manifestBytes = manifestBytes
    }
}

/// One vault of the configuration.
public struct VaultSettings: Sendable, Equatable {
    /// Its name in records and receipts.
    public var name: String
    /// How it is confirmed that it holds an object.
    public var confirm: Receipt.Confirmation
    /// What it is.
    public var kind: Kind
    /// Limits on sending to it alone; only buckets have them.
    public var limits: RateSchedule
    /// Seconds after which what a delivery that was cut off left unfinished is given up, if it is not to be delivered any more.
    public var staleUploads: Double

    /// Takes all values.
    public init(
        name: String, confirm: Receipt.Confirmation, kind: Kind, limits: RateSchedule = RateSchedule(),
        staleUploads: Double = 7 * 86_400
    ) {
        self.name = name
        self.confirm = confirm
        self.kind = kind
        self.limits = limits
        self.staleUploads = staleUploads
    }

    /// What a vault is.
    public enum Kind: Sendable, Equatable {
        /// A folder on a local disk or a NAS mount. If it must be `mounted`, a folder that is no mount point, as a share leaves
        /// it behind when it is away, counts as unreachable.
        case directory(path: String, mounted: Bool)
        /// A bucket behind the S3 protocol.
        case s3(S3Settings)
    }
}

/// A certificate for TLS, and its private key.
public struct ClientCertificate: Sendable, Equatable {
    /// A PEM file with the certificate, and those of the authorities between it and the root.
    public var certificate: String
    /// A PEM file with the private key, without passphrase, that only its owner can read: an absolute path, or the name of a
    /// credential that systemd hands to the service.
    public var key: String

    /// Takes both.
    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

/// How to reach a bucket.
public struct S3Settings: Sendable, Equatable {
    /// `https://host[:port]`; `http` only for loopback.
    public var endpoint: String
    /// Region for the signature.
    public var region: String
    /// The bucket.
    public var bucket: String
    /// What every key begins with, without slashes at its ends; may be empty.
    public var prefix: String
    /// A file that only its owner can read, with `access_key_id = …` and `secret_access_key = …`: an absolute path, or the name
    /// of a credential that systemd hands to the service.
    public var credentials: String
    /// A PEM file with the authorities to trust, instead of the system's.
    public var caFile: String?
    /// The certificate, with its key, that the dock shows to the service.
    public var client: ClientCertificate?
    /// Public keys of which the server must have one, whatever authority vouches for it: `sha256//…`, several with `;` between
    /// them (CURLOPT_PINNEDPUBLICKEY(3)).
    public var pinnedPublicKey: String?
    /// How every object is protected against removal; nil if that is not asked for.
    public var lock: ObjectLock.Policy?
    /// Uploads under way at once.
    public var connections: Int
    /// Seconds without a byte after which a transfer is given up.
    public var stallTimeout: Double

    /// Takes all values.
    public init(
        endpoint: String, region: String, bucket: String, prefix: String = "", credentials: String,
        caFile: String? = nil, client: ClientCertificate? = nil, pinnedPublicKey: String? = nil,
        lock: ObjectLock.Policy? = nil,
        connections: Int = 4, stallTimeout: Double = 30
    ) {
        self.endpoint = endpoint
        self.region = region
        self.bucket = bucket
        self.prefix = prefix
        self.credentials = credentials
        self.caFile = caFile
        self.client = client
        self.pinnedPublicKey = pinnedPublicKey
        self.lock = lock
        self.connections = connections
        self.stallTimeout = stallTimeout
    }
}
