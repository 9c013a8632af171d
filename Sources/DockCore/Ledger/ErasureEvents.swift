/// A volume is about to be destroyed block by block and given a new file system: written, and forced to the disk, before the
/// first block. The marker stands on the medium until the new file system is complete, so that what a pulled plug interrupts
/// can be told from a camera with footage.
public struct FormatBegan: Sendable, Equatable, Codable {
    /// Name of the docking whose permit justifies it.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// What stands in the marker on the medium: 32 hexadecimal digits.
    public var marker: String
    /// How its blocks are emptied.
    public var method: EraseMethod
    /// The medium as it was before.
    public var medium: Medium
    /// Files that the permit covers.
    public var files: Int
    /// When it began.
    public var began: Instant

    /// Takes all values.
    public init(
        docking: String, camera: String, marker: String, method: EraseMethod, medium: Medium, files: Int, began: Instant
    ) {
        self.docking = docking
        self.camera = camera
        self.marker = marker
        self.method = method
        self.medium = medium
        self.files = files
        self.began = began
    }
}

/// What was done to empty a camera, how far it went, and how that was checked: the fields of the certificate in NIST SP 800-88
/// Rev. 1, appendix G, as far as a dock can know them.
public struct ErasureCertificate: Sendable, Equatable, Codable {
    /// How it was looked at afterwards.
    public struct Verification: Sendable, Equatable, Codable {
        /// What was looked at, in a sentence.
        public var method: String
        /// Bytes read back from the device, past the page cache.
        public var bytesRead: Int64

        /// Takes both.
        public init(method: String, bytesRead: Int64) {
            self.method = method
            self.bytesRead = bytesRead
        }
    }

    /// Name of the docking whose permit justifies it.
    public var docking: String
    /// Serial number of the camera.
    public var camera: String
    /// Name of the dock.
    public var dock: String
    /// The program and its version.
    public var agent: String
    /// The medium. Cards behind USB do not say their type: flash memory is taken for granted.
    public var medium: Medium
    /// How it was emptied.
    public var method: EraseMethod
    /// What the method was meant to be, if the device did not take that.
    public var wanted: EraseMethod?
    /// Whether a new file system was made.
    public var newFileSystem: Bool
    /// The level reached.
    public var level: SanitizationLevel
    /// How it was checked.
    public var verification: Verification
    /// Files that the receipts cover.
    public var files: Int
    /// When it began.
    public var began: Instant
    /// When it ended.
    public var ended: Instant
    /// What a reader must know.
    public var notes: [String]

    /// Takes all values.
    public init(
        docking: String, camera: String, dock: String, agent: String, medium: Medium, method: EraseMethod,
        wanted: EraseMethod? = nil, newFileSystem: Bool, level: SanitizationLevel, verification: Verification,
        files: Int, began: Instant, ended: Instant, notes: [String]
    ) {
        self.docking = docking
        self.camera = camera
        self.dock = dock
        self.agent = agent
        self.medium = medium
        self.method = method
        self.wanted = wanted
        self.newFileSystem = newFileSystem
        self.level = level
        self.verification = verification
        self.files = files
        self.began = began
        self.ended = ended
        self.notes = notes
    }
}
