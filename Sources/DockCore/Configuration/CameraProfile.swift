/// What is known of a kind of camera, as data (`config/profiles/*.yaml`).
public struct CameraProfile: Sendable, Equatable {
    /// Its name, as in `--profile`.
    public var name: String
    /// A line for people.
    public var summary: String
    /// Profiles that match are tried from the highest priority down.
    public var priority: Int
    /// How a volume is recognised: every path must exist…
    public var requiredPaths: [CameraPath]
    /// …and, if any are given, at least one file of the volume must have one of these extensions (lower case, without the
    /// dot; case does not count)…
    public var requiredExtensions: [String]
    /// …and, if so asked, at least one file name below ``footageFolders`` must match ``fileName``.
    public var requiresMatchingName: Bool
    /// USB models that the kind of camera shows, in addition to all that (never by itself); empty for any.
    public var usbModels: [USBModel]
    /// The manifest that the camera writes.
    public var manifest: ManifestSource
    /// Folders that hold footage; empty means the whole volume.
    public var footageFolders: [CameraPath]
    /// Extensions of footage files, lower case, without the dot.
    public var footageExtensions: [String]
    /// Names of folders, at any depth, into which the camera puts what its wearer marked.
    public var flaggedFolders: [String]
    /// How file names carry identity, wearer, time and sequence; nil if they do not.
    public var fileName: FileNamePattern?
    /// A text file that holds the serial number on its first line; nil if there is none.
    public var serialFile: CameraPath?
    /// Files and folders that belong to the camera itself: not footage, never erased.
    public var preserve: [CameraPath]
    /// How it is emptied, prepared and charged.
    public var care: CameraCare

    /// Where hashes come from.
    public enum ManifestSource: Sendable, Equatable {
        /// The project's own manifest at this path.
        case bodydock(CameraPath)
        /// A sums file at this path; names in it are relative to its folder.
        case sums(CameraPath)
        /// `NAME.sha256` or `NAME.md5` beside each file.
        case sidecar
        /// None.
        case none
    }

    /// Takes all values.
    public init(
        name: String, summary: String, priority: Int, requiredPaths: [CameraPath], requiredExtensions: [String] = [],
        requiresMatchingName: Bool, manifest: ManifestSource, footageFolders: [CameraPath], footageExtensions: [String],
        fileName: FileNamePattern?,
        serialFile: CameraPath?, preserve: [CameraPath], usbModels: [USBModel] = [], flaggedFolders: [String] = [],
        care: CameraCare = CameraCare()
    ) {
        self.name = name
        self.summary = summary
        self.priority = priority
        self.requiredPaths = requiredPaths
        self.requiredExtensions = requiredExtensions
        self.requiresMatchingName = requiresMatchingName
        self.manifest = manifest
        self.footageFolders = footageFolders
        self.footageExtensions = footageExtensions
        self.fileName = fileName
        self.serialFile = serialFile
        self.preserve = preserve
        self.usbModels = usbModels
        self.flaggedFolders = flaggedFolders
        self.care = care
    }
}
