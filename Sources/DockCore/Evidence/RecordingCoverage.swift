/// How much of a recording was taken in: all of it, or exactly what is missing. Times are the camera's own.
public struct RecordingCoverage: Sendable, Equatable, Codable {
    /// The part before the button was pressed.
    public struct PreRecord: Sendable, Equatable, Codable {
        /// Seconds that the camera promises.
        public var promised: Double
        /// Seconds that were taken in; nil where the camera gives no times.
        public var present: Double?

        /// Takes both.
        public init(promised: Double, present: Double?) {
            self.promised = promised
            self.present = present
        }
    }

    /// Its files.
    public struct Segments: Sendable, Equatable, Codable {
        /// How many the camera lists.
        public var listed: Int
        /// How many were read whole, and are what was promised.
        public var taken: Int
        /// How many an earlier docking had delivered and erased.
        public var earlier: Int
        /// The lowest number of those that were taken, where they are numbered.
        public var first: UInt64?
        /// The highest number of those that were taken.
        public var last: UInt64?

        /// Takes all values.
        public init(listed: Int, taken: Int, earlier: Int = 0, first: UInt64? = nil, last: UInt64? = nil) {
            self.listed = listed
            self.taken = taken
            self.earlier = earlier
            self.first = first
            self.last = last
        }
    }

    /// Something that is missing or in doubt.
    public struct Gap: Sendable, Equatable, Codable {
        /// The file, if it is one.
        public var path: CameraPath?
        /// How much, as far as it can be told.
        public var missing: Finding.Loss?
        /// One sentence for a person.
        public var why: String

        /// Takes all values.
        public init(path: CameraPath? = nil, missing: Finding.Loss? = nil, why: String) {
            self.path = path
            self.missing = missing
            self.why = why
        }
    }

    /// Gaps that are named one by one.
    public static let namedGaps = 100

    /// The recording's name on the camera.
    public var recording: String
    /// The camera's running number for recordings.
    public var sequence: UInt64?
    /// When its footage begins.
    public var start: Instant?
    /// When the wearer pressed the button.
    public var trigger: Instant?
    /// When its last file ends.
    public var end: Instant?
    /// Whether the wearer warned by word of mouth.
    public var spokenWarning: Recording.SpokenWarning
    /// The part before the button was pressed, if the camera promises one.
    public var preRecord: PreRecord?
    /// Its files.
    public var segments: Segments
    /// Size of the files that were taken, in bytes.
    public var bytes: Int64
    /// Whether all that the camera lists was taken in, without a gap, or was delivered earlier.
    public var isComplete: Bool
    /// What is missing; the first ``namedGaps``.
    public var gaps: [Gap]
}

/// What a docking took in of everything that was on the camera, said while the camera still held the original (signed, and in the
/// ledger before the permit to erase it is used).
public struct CoverageStatement: Sendable, Equatable, Codable {
    /// Names this form.
    public static let schema = "bodydock-coverage-1"
    /// Recordings that are named one by one.
    public static let namedRecordings = 10_000

    /// Files that belong to no recording that the camera lists: unlisted ones, and the manifest's own.
    public struct OtherFiles: Sendable, Equatable, Codable {
        /// How many there are.
        public var files: Int
        /// How many were read whole.
        public var taken: Int
        /// Size of those, in bytes.
        public var bytes: Int64
    }

    /// Recordings beyond those that are named.
    public struct Further: Sendable, Equatable, Codable {
        /// How many there are.
        public var recordings: Int
        /// How many of them are complete.
        public var complete: Int
    }

    /// Names this form.
    public var schema = CoverageStatement.schema
    /// Name of the docking.
    public var docking: String
    /// Name of the dock.
    public var dock: String
    /// Version of the program.
    public var agent: String
    /// Serial number of the camera.
    public var camera: String
    /// Badge number, if known.
    public var wearer: String?
    /// The format that the camera's promises came in.
    public var manifest: Manifest.Kind
    /// SHA-256 of the manifest.
    public var manifestDigest: SHA256Digest?
    /// What is known about its signature.
    public var signature: Manifest.Signature
    /// When the camera was looked at for the last time before this was said, by the dock's clock.
    public var stated: Instant
    /// Whether there was nothing on the camera: no recording was listed, and no file lay there that is to be taken in.
    public var nothingRecorded: Bool
    /// Whether every recording is complete, every other file was taken, and nothing else is in doubt.
    public var isComplete: Bool
    /// The recordings that the camera lists, in its order; the first ``namedRecordings``.
    public var recordings: [RecordingCoverage]
    /// What is not named; nil if everything is.
    public var further: Further?
    /// Files beside them.
    public var others: OtherFiles
    /// What is in doubt about the camera as a whole.
    public var doubts: [RecordingCoverage.Gap]
}
