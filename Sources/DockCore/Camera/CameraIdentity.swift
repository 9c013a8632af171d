/// Who a camera says it is, and how it is known.
public struct CameraIdentity: Hashable, Sendable, Codable {
    /// How the serial number was found. A camera that names itself nowhere is known by what it is stored on.
    public enum Source: String, Sendable, Codable {
        /// The camera's own manifest.
        case manifest
        /// The names of its files.
        case fileNames
        /// A text file on the camera that the profile points to.
        case statusFile
        /// The label or UUID of its file system: moves with the card, not with the camera.
        case volume
        /// Its medium is one from which this dock took a camera's footage before, and it is empty now.
        case knownMedium
        /// The name of the folder: only as good as the person who named it.
        case folder
    }

    /// The serial number: 1 to 64 of `A-Z a-z 0-9 . _ -`.
    public var serial: String
    /// How the serial number was found.
    public var source: Source
    /// Maker's model name, where the camera gives one.
    public var model: String?
    /// Firmware version, where the camera gives one.
    public var firmware: String?

    /// Takes the parts as found.
    public init(serial: String, source: Source, model: String? = nil, firmware: String? = nil) {
        self.serial = serial
        self.source = source
        self.model = model
        self.firmware = firmware
    }

    /// Whether `text` can stand as a serial number, a badge or a docking's name: 1 to 64 of `A-Z a-z 0-9 . _ -`, not starting with `.`.
    public static func isName(_ text: some StringProtocol) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: ".")
            && text.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
                    || [45, 46, 95].contains($0)
            }
    }
}
