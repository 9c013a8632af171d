/// What a camera says it holds, from whichever manifest it writes. Nothing in it is believed before it is checked.
public struct Manifest: Sendable, Equatable {
    /// The format it was read from.
    public enum Kind: String, Sendable, Codable {
        /// The project's own (`docs/manifest.md`).
        case bodydock
        /// `SHA256SUMS` in GNU or BSD form.
        case sums
        /// `NAME.sha256` or `NAME.md5` beside each file.
        case sidecar
        /// None: the first read is the reference.
        case none
    }

    /// What is known about the signature over the manifest.
    public enum Signature: String, Sendable, Codable {
        /// The format has none or the camera wrote none, and no key is pinned.
        case absent
        /// Made with the key that the administrator pinned for this camera.
        case valid
        /// Signed, but no key is pinned for this camera: nothing is claimed.
        case unpinned
        /// A key is pinned, and the signature is missing, wrong or by another key.
        case invalid
    }

    /// The format it was read from.
    public var kind: Kind
    /// The camera, if the manifest names it.
    public var camera: CameraIdentity?
    /// The wearer's badge number, if the manifest names it.
    public var wearer: String?
    /// The camera's own clock when it wrote the manifest.
    public var cameraClock: Instant?
    /// Battery charge in percent (0 to 100) when it wrote the manifest.
    public var battery: Int?
    /// Recordings in the order given.
    public var recordings: [Recording]
    /// What is known about the signature.
    public var signature: Signature
    /// SHA-256 of the manifest or sums file itself; nil if there is none or there are many (sidecars).
    public var digest: SHA256Digest?
    /// The files that make up the manifest: sealed and delivered like footage, erased last.
    public var files: [CameraPath]

    /// Takes the parts as read.
    public init(
        kind: Kind, camera: CameraIdentity? = nil, wearer: String? = nil, cameraClock: Instant? = nil,
        battery: Int? = nil,
        recordings: [Recording] = [], signature: Signature = .absent, digest: SHA256Digest? = nil,
        files: [CameraPath] = []
    ) {
        self.kind = kind
        self.camera = camera
        self.wearer = wearer
        self.cameraClock = cameraClock
        self.battery = battery
        self.recordings = recordings
        self.signature = signature
        self.digest = digest
        self.files = files
    }
}

/// What the wearer started and stopped, beginning with the pre-record buffer.
public struct Recording: Sendable, Equatable {
    /// Whether the wearer warned by word of mouth.
    public enum SpokenWarning: String, Sendable, Codable {
        /// Before the button was pressed.
        case before
        /// While the recording ran.
        case after
        /// Not given.
        case none
        /// The camera does not say.
        case unknown
    }

    /// Its name on the camera.
    public var name: String
    /// The camera's running number for recordings, where it keeps one.
    public var sequence: UInt64?
    /// When the wearer pressed the button, by the camera's clock.
    public var trigger: Instant?
    /// Pre-record seconds that the camera promises before the trigger.
    public var preRecord: Double?
    /// The spoken warning.
    public var warning: SpokenWarning
    /// Whether the wearer marked it, so that it is delivered first.
    public var isFlagged: Bool
    /// Its segments, in order.
    public var segments: [ListedSegment]

    /// Takes the parts as read.
    public init(
        name: String, sequence: UInt64? = nil, trigger: Instant? = nil, preRecord: Double? = nil,
        warning: SpokenWarning = .unknown, isFlagged: Bool = false, segments: [ListedSegment] = []
    ) {
        self.name = name
        self.sequence = sequence
        self.trigger = trigger
        self.preRecord = preRecord
        self.warning = warning
        self.isFlagged = isFlagged
        self.segments = segments
    }

    /// When its footage begins, by the camera's clock: the first segment's start, else the trigger.
    public var start: Instant? { segments.first?.start ?? trigger }
}

/// One file of a recording, as the camera lists it.
public struct ListedSegment: Sendable, Equatable {
    /// Where the file lies.
    public var path: CameraPath
    /// Its size in bytes, if given.
    public var bytes: Int64?
    /// When its footage begins, by the camera's clock.
    public var start: Instant?
    /// How many seconds of footage it holds.
    public var duration: Double?
    /// What its content must be; nil if the camera says nothing.
    public var digest: ExpectedDigest?
    /// Its number within the recording, from file names that carry one.
    public var sequence: UInt64?

    /// Takes the parts as read.
    public init(
        path: CameraPath, bytes: Int64? = nil, start: Instant? = nil, duration: Double? = nil,
        digest: ExpectedDigest? = nil,
        sequence: UInt64? = nil
    ) {
        self.path = path
        self.bytes = bytes
        self.start = start
        self.duration = duration
        self.digest = digest
        self.sequence = sequence
    }
}
